import ExcelJS from 'exceljs';
import { BULLETIN_COLUMNS, cellsOf, bulletinSubtitle, bulletinTitle, type BulletinHeading, type BulletinLine } from './bulletin-lines.js';

/** An ampersand begins a code there. */
const inHeader = (text: string): string => `&C${text.replaceAll('&', '&&')}`;

/** The bulletin 通报 as a workbook. Printed, every page has the title above and the head row. */
export async function bookOf(of: BulletinHeading, lines: readonly BulletinLine[]): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  const page = book.addWorksheet(`${of.month} 通报`, {
    views: [{ state: 'frozen', ySplit: 1 }],
    pageSetup: { paperSize: 9, orientation: 'landscape', fitToPage: true, fitToWidth: 1, fitToHeight: 0, printTitlesRow: '1:1' },
    headerFooter: { oddHeader: inHeader(`${bulletinTitle(of)}\n${bulletinSubtitle(of)}`), oddFooter: '&P/&N' },
  });
  page.columns = BULLETIN_COLUMNS.map(({ key, zh, en, width }) => ({ key, header: `${zh} ${en}`, width }));
  page.getRow(1).font = { bold: true };
  for (const line of lines) page.addRow(cellsOf(line)).font = { bold: line.total };
  return Buffer.from(await book.xlsx.writeBuffer());
}
