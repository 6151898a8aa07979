import ExcelJS from 'exceljs';
import { MOST_ROWS, type Column } from './column.js';

/** What Excel takes as a list to choose from. */
const LONGEST_LIST = 255;

/** An empty sheet of a kind to fill in: every cell is text, so that a student number keeps its zeros and letters. */
export async function templateOf(title: string, columns: readonly Column[]): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  const page = book.addWorksheet(title.replace(/[[\]*?:/\\]/g, ' ').slice(0, 31), { views: [{ state: 'frozen', ySplit: 1 }] });
  page.columns = columns.map(({ path, zh }) => ({
    header: `${zh} ${path}`,
    width: Math.max(18, path.length + zh.length * 2 + 2),
    style: { numFmt: '@' },
  }));
  page.getRow(1).font = { bold: true };
  columns.forEach(({ choices, note }, i) => {
    if (note) page.getCell(1, i + 1).note = note;
    const list = `"${(choices ?? []).join(',')}"`;
    if (!choices || choices.length === 0 || list.length > LONGEST_LIST) return;
    for (let line = 2; line <= MOST_ROWS + 1; line += 1)
      page.getCell(line, i + 1).dataValidation = { type: 'list', allowBlank: true, formulae: [list] };
  });
  return Buffer.from(await book.xlsx.writeBuffer());
}
