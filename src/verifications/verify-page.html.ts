const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text that is markup already. */
export class Markup {
  constructor(readonly text: string) {}
}

type Piece = string | number | Markup | undefined | readonly Markup[];

const written = (piece: Piece): string => {
  if (piece === undefined) return '';
  if (piece instanceof Markup) return piece.text;
  if (typeof piece === 'object') return piece.map(({ text }) => text).join('');
  return String(piece).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
};

/** Markup with values between: every value that is not markup is escaped, in texts and in quoted attributes alike. */
export const html = (parts: TemplateStringsArray, ...pieces: Piece[]): Markup =>
  new Markup(parts.map((part, nth) => (nth === 0 ? '' : written(pieces[nth - 1])) + part).join(''));
