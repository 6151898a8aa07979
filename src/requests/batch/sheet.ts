import ExcelJS from 'exceljs';
import { Problem } from '../../platform/http/problem.js';
import { unpackedSize, UnpacksToTooMuch } from './unpacked.js';

/** One column of a kind's sheet. The header's last word is the identifier; the words before it are for people. */
export interface Column {
  /** Path of the value in a row, such as `details.ground`. */
  readonly path: string;
  readonly zh: string;
  readonly note?: string;
  /** What the cell may hold, shown as a list to choose from. */
  readonly choices?: readonly string[];
  readonly type: 'text' | 'number' | 'boolean' | 'date' | 'ids';
}

const MOST_ROWS = 500;
/** A sheet of 500 rows has a hundredth of this unpacked; more is not a sheet that a clerk filled in. */
const MOST_UNPACKED = 20 * 1024 * 1024;

const wrong = (detail: string): Problem => new Problem('invalid-input', { errors: [{ pointer: '/file', detail }] });

/**
 * The rows of a sheet's first page below its header. The header names the identifiers of the columns. Empty lines at the end are no rows.
 * @throws Problem invalid-input for what is no sheet, has unknown or doubled columns, or too many rows
 */
export async function sheetRowsOf(file: Buffer, columns: readonly Column[]): Promise<Record<string, unknown>[]> {
  const book = new ExcelJS.Workbook();
  await unpackedSize(file, MOST_UNPACKED)
    .then(() => book.xlsx.load(file as never))
    .catch((error: unknown) => {
      if (error instanceof UnpacksToTooMuch) throw wrong('unpacks to more than a sheet of 500 rows can hold');
      throw wrong('is not an Excel workbook (.xlsx)');
    });
  const page = book.worksheets[0];
  if (!page) throw wrong('has no sheet');
  const header = headerOf(page.getRow(1), columns);
  const rows = [];
  for (let line = 2; line <= page.rowCount; line += 1) rows.push(rowOf(page.getRow(line), header));
  while (rows.length > 0 && Object.keys(rows.at(-1) ?? {}).length === 0) rows.pop();
  if (rows.length === 0) throw wrong('has no row below its header');
  if (rows.length > MOST_ROWS) throw wrong(`has ${rows.length} rows; at most ${MOST_ROWS}`);
  return rows;
}

function headerOf(row: ExcelJS.Row, columns: readonly Column[]): (Column | undefined)[] {
  const found: (Column | undefined)[] = [];
  row.eachCell((cell, at) => {
    const path = cell.text.trim().split(/\s+/).at(-1) ?? '';
    const column = columns.find((one) => one.path === path);
    if (!column) throw wrong(`column ${at}: "${path}" is not a column of this kind (${columns.map((one) => one.path).join(', ')})`);
    if (found.includes(column)) throw wrong(`column ${at}: "${path}" appears twice`);
    found[at] = column;
  });
  return found;
}

function rowOf(row: ExcelJS.Row, header: readonly (Column | undefined)[]): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  header.forEach((column, at) => {
    const value = column && valueOf(row.getCell(at), column);
    if (!column || value === undefined) return;
    put(made, column.path.split('.'), value);
  });
  return made;
}

/** Puts a value where its path says, `details.changes.name` into the changes of the details. */
function put(into: Record<string, unknown>, [first = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) into[first] = value;
  else put((into[first] ??= {}) as Record<string, unknown>, rest, value);
}

/** Where a sheet counts days from, when a date has lost its format. */
const DAY_ZERO = Date.UTC(1899, 11, 30);

/** A cell as the API wants it: a date is its day, whatever the time zone of who typed it; a formula is its result. */
function valueOf(cell: ExcelJS.Cell, { type }: Column): unknown {
  const raw = cell.value instanceof Object && 'result' in cell.value ? cell.value.result : cell.value;
  if (raw instanceof Date) return raw.toISOString().slice(0, 10);
  if (type === 'date' && typeof raw === 'number') return new Date(DAY_ZERO + raw * 86_400_000).toISOString().slice(0, 10);
  const text = cell.text.trim();
  if (text === '') return undefined;
  if (type === 'ids') return text.split(/[\s,，;；、]+/).filter((id) => id !== '');
  if (type === 'number') return Number.isNaN(Number(text)) ? text : Number(text);
  if (type === 'boolean')
    return ['true', '是', '1'].includes(text.toLowerCase()) ? true : ['false', '否', '0'].includes(text.toLowerCase()) ? false : text;
  return text;
}

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
