import ExcelJS from 'exceljs';
import { BATCH_SIZE, headingOf, type Column, type SheetSize } from './column.js';

/** What Excel takes as a list to choose from, in the rule itself. */
const LONGEST_LIST = 255;
/** Where longer ones stand: on a second page, which is not read. */
const LISTS = '选项 choices';

/** An empty sheet of a kind to fill in: every cell is text, so that a student number keeps its zeros and letters. */
export async function templateOf(title: string, columns: readonly Column[], size: SheetSize = BATCH_SIZE): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  const page = book.addWorksheet(title.replace(/[[\]*?:/\\]/g, ' ').slice(0, 31), { views: [{ state: 'frozen', ySplit: 1 }] });
  page.columns = columns.map((column) => ({
    header: headingOf(column),
    width: Math.max(18, headingOf(column).length + column.zh.length + 1),
    style: { numFmt: '@' },
  }));
  page.getRow(1).font = { bold: true };
  columns.forEach(({ zh, choices, names, note }, i) => {
    if (note) page.getCell(1, i + 1).note = note;
    if (!choices || choices.length === 0) return;
    const list = `"${choices.join(',')}"`;
    const short = list.length <= LONGEST_LIST && !choices.some((one) => /[",]/.test(one));
    const formula = names ? named(book, { zh, choices, names }) : short ? list : listed(book, choices);
    const { letter } = page.getColumn(i + 1);
    rulesOf(page).add(`${letter}2:${letter}${size.rows + 1}`, { type: 'list', allowBlank: true, formulae: [formula] });
  });
  return Buffer.from(await book.xlsx.writeBuffer());
}

/** ExcelJS keeps the rules of whole ranges, and its types know those of single cells alone. */
const rulesOf = (page: ExcelJS.Worksheet) =>
  (page as unknown as { dataValidations: { add(range: string, rule: ExcelJS.DataValidation): void } }).dataValidations;

/** Codes with what they are called, on a page of their own for people to look up. @returns where the codes stand */
function named(book: ExcelJS.Workbook, { zh, choices, names }: Required<Pick<Column, 'zh' | 'choices' | 'names'>>): string {
  const page = book.addWorksheet(`${zh}可选项`.slice(0, 31));
  page.columns = [{ width: 16, style: { numFmt: '@' } }, { width: 40 }];
  for (const code of choices) page.addRow([code, names.get(code) ?? '']);
  return `'${page.name}'!$A$1:$A$${choices.length}`;
}

/** Puts a list into a column of its own on the second page. @returns where it stands */
function listed(book: ExcelJS.Workbook, choices: readonly string[]): string {
  const page = book.getWorksheet(LISTS) ?? book.addWorksheet(LISTS, { state: 'hidden' });
  const column = page.getColumn(page.columnCount + 1);
  column.numFmt = '@';
  column.values = [...choices];
  return `'${LISTS}'!$${column.letter}$1:$${column.letter}$${choices.length}`;
}
