/** A text, or one made of values. */
type Said = string | ((...given: never[]) => string);

type InTheOtherLanguage<Z> = { readonly [K in keyof Z]: Z[K] extends (...given: infer G) => string ? (...given: G) => string : string };

/** Texts in both languages, entry by entry: one that lacks its English does not compile. */
export interface Catalogue<Z> {
  readonly zh: Z;
  readonly en: InTheOtherLanguage<Z>;
}

export const catalogue = <const Z extends Readonly<Record<string, Said>>>(zh: Z, en: InTheOtherLanguage<Z>): Catalogue<Z> => ({ zh, en });

export type Texts<Z> = InTheOtherLanguage<Z>;
