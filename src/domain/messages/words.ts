/** A text for people in both languages of the product. */
export interface Words {
  readonly zh: string;
  readonly en: string;
}

export const LANGUAGES = ['zh', 'en'] as const;
export type Language = (typeof LANGUAGES)[number];

export const words = (zh: string, en: string): Words => ({ zh, en });
