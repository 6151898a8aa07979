import { words, type Words } from './words.js';

/** A problem's HTTP status and text for people. `remedy` says what clears it. */
export interface Message extends Words {
  readonly status: number;
  readonly remedy?: Words;
}

export const message = (status: number, zh: string, en: string, remedyZh?: string, remedyEn?: string): Message =>
  remedyZh && remedyEn ? { status, zh, en, remedy: words(remedyZh, remedyEn) } : { status, zh, en };
