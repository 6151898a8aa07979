/** A problem's HTTP status and text for people, Chinese first. `remedy` says what clears it. */
export interface Message {
  readonly status: number;
  readonly zh: string;
  readonly en: string;
  readonly remedy?: { readonly zh: string; readonly en: string };
}

export const message = (status: number, zh: string, en: string, remedyZh?: string, remedyEn?: string): Message =>
  remedyZh && remedyEn ? { status, zh, en, remedy: { zh: remedyZh, en: remedyEn } } : { status, zh, en };
