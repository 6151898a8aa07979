import type { Document } from 'pdfmake';
import { markedUnprintable, printed, PRINTING_FONTS, UNPRINTABLE } from '../platform/printing.js';
import { BULLETIN_COLUMNS, cellsOf, bulletinSubtitle, bulletinTitle, type BulletinHeading, type BulletinLine } from './bulletin-lines.js';

const printable = (text: string, missing: Set<string>): string => markedUnprintable('sans', text, missing);

/** In points, of the 770 between the margins; names have what is left. */
const WIDTHS = [120, '*', 50, 44, 54, 84, 66, 72];

/** The bulletin 通报 for printing: the lines of the workbook, its head row on every page, pages numbered. */
export async function pagesOf(of: BulletinHeading, lines: readonly BulletinLine[]): Promise<Buffer> {
  const missing = new Set<string>();
  const head = BULLETIN_COLUMNS.map(({ zh, en }, nth) => ({
    text: `${zh}\n${en}`,
    bold: true,
    fillColor: '#eeeeee',
    alignment: nth < 3 ? ('left' as const) : ('right' as const),
  }));
  const body = lines.map((line) =>
    cellsOf(line).map((cell) => {
      const figure = typeof cell === 'number';
      return { text: printable(String(cell ?? ''), missing), bold: line.total, alignment: figure ? ('right' as const) : ('left' as const) };
    }),
  );
  const note = [...missing].map((code) => `${UNPRINTABLE} ${code}`).join('，');
  const document: Document = {
    pageSize: 'A4',
    pageOrientation: 'landscape',
    pageMargins: [36, 40, 36, 40],
    defaultStyle: { font: PRINTING_FONTS.sans, fontSize: 9 },
    info: { title: `${of.month} 通报` },
    content: [
      { text: bulletinTitle(of), fontSize: 15, bold: true },
      { text: printable(bulletinSubtitle(of), missing), margin: [0, 0, 0, 8] },
      { table: { headerRows: 1, dontBreakRows: true, widths: WIDTHS, body: [head, ...body] }, layout: 'lightHorizontalLines' },
      ...(note ? [{ text: `字库缺字 not in the font: ${note}`, margin: [0, 8, 0, 0] }] : []),
    ],
    footer: (page, pages) => ({ text: `第 ${page} 页，共 ${pages} 页 ${page}/${pages}`, alignment: 'center', fontSize: 8 }),
  };
  return printed(document);
}
