import type { Content } from 'pdfmake';

/** A table of texts, its first row bold where it is a head. */
export const textTable = (
  widths: readonly (string | number)[],
  rows: readonly (readonly string[])[],
  headed: boolean,
  say: (text: string) => string,
): Content => ({
  table: {
    widths,
    body: rows.map((row, nth) => row.map((text) => ({ text: say(text), bold: headed && nth === 0, margin: [2, 2, 2, 3] }))),
  },
  layout: {},
  margin: [0, 0, 0, 6],
});

/** Names and values, two pairs in a row; an odd last one stands with an empty pair. */
export const inPairs = (pairs: readonly (readonly [string, string])[]): string[][] =>
  Array.from({ length: Math.ceil(pairs.length / 2) }, (_, row) => [...(pairs[2 * row] ?? []), ...(pairs[2 * row + 1] ?? ['', ''])]);

/** A box for a signature and a seal. What was signed in the system stands in it already. */
export const sealBox = (title: string, { said = '', by = '', on = '' }: { said?: string; by?: string; on?: string } = {}): Content => ({
  table: {
    widths: ['*'],
    dontBreakRows: true,
    body: [
      [
        {
          text: `${title}\n${said}\n\n签名：${by || '　　　　　　　　'}（盖章）\n\n${on || '　　　　年　　月　　日'}`,
          margin: [4, 2, 4, 4],
        },
      ],
    ],
  },
  layout: {},
  margin: [0, 0, 0, 6],
});
