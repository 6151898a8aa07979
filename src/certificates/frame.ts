/** The frame of a certificate: a band of 回纹 between gold lines, and a rosette behind the text. Drawn, so that it is sharp at any size. */

const GOLD = '#a9822f';
const PALE = '#e9dcbb';

export interface Sheet {
  readonly width: number;
  readonly height: number;
}

/** Of the outer line from the edge, in points. */
const EDGE = 24;
const BAND = 15;

/** One square of the fret 回纹, as points of its line in fifteenths of the side. */
const FRET = [
  [0, 13],
  [0, 0],
  [12, 0],
  [12, 10],
  [4, 10],
  [4, 5],
  [8, 5],
] as const;

function fretAt(x: number, y: number, side: number): string {
  const unit = side / 13;
  return FRET.map(([a, b], nth) => `${nth === 0 ? 'M' : 'L'}${(x + a * unit).toFixed(2)} ${(y + b * unit).toFixed(2)}`).join(' ');
}

/** Squares that fill a length evenly. */
function squares(from: number, to: number): { step: number; starts: number[] } {
  const count = Math.round((to - from) / BAND);
  const step = (to - from) / count;
  return { step, starts: Array.from({ length: count }, (_, nth) => from + nth * step) };
}

function band({ width, height }: Sheet): string {
  const [left, top, right, bottom] = [EDGE + 4, EDGE + 4, width - EDGE - 4, height - EDGE - 4];
  const [across, down] = [squares(left, right), squares(top + BAND, bottom - BAND)];
  const side = Math.min(across.step, BAND) - 3;
  const path = [
    ...across.starts.flatMap((x) => [fretAt(x + 1.5, top + 1.5, side), fretAt(x + 1.5, bottom - BAND + 1.5, side)]),
    ...down.starts.flatMap((y) => [fretAt(left + 1.5, y + 1.5, side), fretAt(right - BAND + 1.5, y + 1.5, side)]),
  ].join(' ');
  return `<path d="${path}" fill="none" stroke="${GOLD}" stroke-width="0.9"/>`;
}

const rectangle = ({ width, height }: Sheet, inset: number, stroke: number): string =>
  `<rect x="${inset}" y="${inset}" width="${width - 2 * inset}" height="${height - 2 * inset}" fill="none" stroke="${GOLD}" ` +
  `stroke-width="${stroke}"/>`;

/** A curve that winds around the middle; several make a rosette 扭索纹. */
function winding({ width, height }: Sheet, radius: number, waves: number, phase: number): string {
  const turns = 216;
  const points = Array.from({ length: turns + 1 }, (_, nth) => {
    const angle = (nth / turns) * 2 * Math.PI;
    const distance = radius * (1 + 0.13 * Math.cos(waves * angle + phase));
    return `${(width / 2 + 1.45 * distance * Math.cos(angle)).toFixed(1)} ${(height / 2 + distance * Math.sin(angle)).toFixed(1)}`;
  });
  return `<path d="M${points.join(' L')} Z" fill="none" stroke="${PALE}" stroke-width="0.4"/>`;
}

const rosette = (sheet: Sheet): string =>
  Array.from({ length: 16 }, (_, nth) => winding(sheet, 30 + 9.6 * nth, 12, nth % 2 === 0 ? 0 : Math.PI)).join('');

/** The frame as SVG, of the size of the sheet. */
export function frameOf(sheet: Sheet): string {
  const { width, height } = sheet;
  const lines = [rectangle(sheet, EDGE, 2.2), rectangle(sheet, EDGE + 4 + BAND + 2, 0.7), rectangle(sheet, EDGE + 4 + BAND + 5, 1.4)];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">` +
    `<rect width="${width}" height="${height}" fill="#fffdf7"/>${rosette(sheet)}${band(sheet)}${lines.join('')}</svg>`
  );
}
