import ExcelJS from 'exceljs';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import type { Words } from '../domain/messages/words.js';
import { headingOf, type Column, type Mark, type Place, type ReadSheet, type SheetSize } from './column.js';
import { unpackedSize, UnpacksToTooMuch } from './unpacked.js';

/** As Excel itself has it. */
const LONGEST_CELL = 32_767;
/** Rows and cells in a row that are looked at, so that lines which only have a format may follow. The reader stops where there are more. */
const listed = ({ rows }: SheetSize) => ({ maxRows: 4 * rows, maxCols: 200 });
/** Everything of a sheet but its cells. ExcelJS makes an object for each cell that some of it names, and a name takes fifteen letters. */
const NOT_READ = (
  'sheetPr dimension sheetViews sheetFormatPr cols autoFilter mergeCells rowBreaks hyperlinks pageMargins dataValidations ' +
  'pageSetup headerFooter printOptions picture drawing sheetProtection tableParts conditionalFormatting extLst'
).split(' ');
/** ExcelJS has all three, its types only the last. */
const optionsOf = (size: SheetSize): Partial<ExcelJS.XlsxReadOptions> => ({ ...listed(size), ignoreNodes: NOT_READ }) as object;

/** The file is no sheet that is taken, and why. */
export class NotTaken extends Error {
  constructor(readonly why: Words) {
    super(why.en);
  }
}
const wrong = (detail: Words): NotTaken => new NotTaken(detail);

/**
 * The rows of a sheet's first page below its header. The header names the identifiers of the columns. Empty lines at the end are no rows.
 * It runs in a thread (`sheet.thread.ts`), because what a file of kilobytes costs is known only by reading it.
 * @throws NotTaken for what is no sheet, has unknown or doubled columns, or too many rows
 */
export async function rowsIn(file: Buffer, columns: readonly Column[], size: SheetSize): Promise<ReadSheet> {
  const { page, header } = await pageIn(file, columns, size);
  const places = Object.fromEntries(header.flatMap((column, at) => (column ? [[column.path, placeOf(page, column, at)]] : [])));
  const found = new Map<number, Record<string, unknown>>();
  page.eachRow((row, line) => {
    const made = line === 1 ? {} : rowOf(row, header);
    if (Object.keys(made).length === 0) return;
    if (line > size.rows + 1) throw wrong(FIELD_FAULTS.rowsBeyond(line, size.rows));
    found.set(line, made);
  });
  if (found.size === 0) throw wrong(FIELD_FAULTS.noRow);
  const last = [...found.keys()].at(-1) ?? 1;
  return { rows: Array.from({ length: last - 1 }, (_, i) => found.get(i + 2) ?? {}), places };
}

const FAULTS_HEADING = '存在问题';
const FAULTY = { type: 'pattern', pattern: 'solid', fgColor: { argb: 'FFFFD9D9' } } as const;

/**
 * A copy of a sheet with its faults. Each wrong cell has a note, and a last column says all that is wrong with the row. Only the texts of
 * known cells are taken over, so that nothing that the file hid comes back.
 */
export async function copyWithMarks(file: Buffer, columns: readonly Column[], size: SheetSize, marks: readonly Mark[]): Promise<Buffer> {
  const { page, header } = await pageIn(file, columns, size);
  const known = header.flatMap((column, at) => (column ? [{ column, at }] : []));
  const ofLine = new Map<number, Mark[]>();
  for (const mark of marks) ofLine.set(mark.line, [...(ofLine.get(mark.line) ?? []), mark]);
  const book = new ExcelJS.Workbook();
  const copy = book.addWorksheet('名册 roster', { views: [{ state: 'frozen', ySplit: 1 }] });
  copy.columns = [...known.map(({ column }) => headingOf(column)), FAULTS_HEADING].map((heading) => ({
    header: heading,
    width: Math.max(14, heading.length * 2 + 2),
    style: { numFmt: '@' },
  }));
  copy.getRow(1).font = { bold: true };
  for (let line = 2; line <= Math.min(page.rowCount, size.rows + 1); line += 1) {
    const faults = ofLine.get(line) ?? [];
    const texts = known.map(({ column, at }) => textOf(page.getRow(line).getCell(at), column));
    const row = copy.addRow([...texts, [...new Set(faults.map(({ text }) => text))].join('\n')]);
    for (const { path, text } of faults) {
      const at = known.findIndex(({ column }) => column.path === path);
      if (at < 0) continue;
      const cell = row.getCell(at + 1);
      cell.note = text;
      cell.fill = FAULTY;
    }
    if (faults.length > 0) row.getCell(known.length + 1).fill = FAULTY;
  }
  return Buffer.from(await book.xlsx.writeBuffer());
}

/** A cell as a person reads it. */
function textOf(cell: ExcelJS.Cell, column: Column): string {
  const value = valueOf(cell, { ...column, codes: {}, type: column.type === 'date' ? 'date' : 'text' });
  return typeof value === 'string' ? value : '';
}

async function pageIn(file: Buffer, columns: readonly Column[], size: SheetSize) {
  const page = (await bookIn(file, size)).worksheets[0];
  if (!page) throw wrong(FIELD_FAULTS.noSheet);
  return { page, header: headerOf(page.getRow(1), columns) };
}

const placeOf = (page: ExcelJS.Worksheet, column: Column, at: number): Place => ({
  letter: page.getColumn(at).letter,
  heading: headingOf({ ...column, required: false }),
});

async function bookIn(file: Buffer, size: SheetSize): Promise<ExcelJS.Workbook> {
  const book = new ExcelJS.Workbook();
  try {
    await unpackedSize(file, size.unpackedBytes);
    await book.xlsx.load(file as never, optionsOf(size));
    return book;
  } catch (error) {
    if (error instanceof UnpacksToTooMuch) throw wrong(FIELD_FAULTS.unpacksTooFar(size.rows));
    if (/^Max (row|column) count/.test((error as Error).message)) throw wrong(FIELD_FAULTS.listsTooMuch);
    throw error;
  }
}

function headerOf(row: ExcelJS.Row, columns: readonly Column[]): (Column | undefined)[] {
  const found: (Column | undefined)[] = [];
  row.eachCell((cell, at) => {
    const heading = cell.text.trim();
    if (heading === FAULTS_HEADING) return; // of a marked copy that was put right and handed in again
    const path = (heading.split(/\s+/).at(-1) ?? '').slice(0, 80);
    const column = columns.find((one) => one.path === path || (one.heading !== undefined && one.heading === heading.replace(/^\*/, '')));
    if (!column)
      throw wrong(
        FIELD_FAULTS.unknownColumn(
          at,
          path,
          columns.map((one) => one.heading ?? one.path),
        ),
      );
    if (found.includes(column)) throw wrong(FIELD_FAULTS.columnTwice(at, path));
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

/** Where a sheet counts days from, when a date has lost its format; the second on old Macintoshes. */
const DAY_ZERO = Date.UTC(1899, 11, 30);
const DAY_ZERO_1904 = Date.UTC(1904, 0, 1);
const A_DAY = 86_400_000;
/** A number may say a day that no calendar has; it is told as a wrong value of its row. */
const dayOf = (date: Date): string => (Number.isNaN(date.getTime()) ? 'no date' : date.toISOString().slice(0, 10));

/** Days as people write them in a cell of text: `2026/9/1`, `2026年9月1日`, `20260901`. What is none stays, and is told as wrong. */
function dayWritten(text: string): string {
  const found = /^(\d{4})(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d\d)(\d\d))$/.exec(text);
  if (!found) return text;
  const [, year = '', month = found[4] ?? '', day = found[5] ?? ''] = found;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/** A cell as the API wants it: a date is its day, whatever the time zone of who typed it; a formula is its result. */
function valueOf(cell: ExcelJS.Cell, { type, codes = {} }: Column): unknown {
  const raw = cell.value instanceof Object && 'result' in cell.value ? cell.value.result : cell.value;
  // An error such as #N/A is no value of any column, so its row is refused with the field.
  if (raw instanceof Object && 'error' in raw) return { error: raw.error };
  if (raw instanceof Date) return dayOf(raw);
  if (type === 'date' && typeof raw === 'number')
    return dayOf(new Date((cell.workbook.properties.date1904 ? DAY_ZERO_1904 : DAY_ZERO) + raw * A_DAY));
  const said = cell.text.trim();
  const text = (Object.hasOwn(codes, said) && codes[said]) || said;
  if (text.length > LONGEST_CELL) throw wrong(FIELD_FAULTS.longCell(LONGEST_CELL));
  if (text === '') return undefined;
  if (type === 'date') return dayWritten(text);
  if (type === 'ids') return text.split(/[\s,，;；、]+/).filter((id) => id !== '');
  if (type === 'number') return Number.isNaN(Number(text)) ? text : Number(text);
  return type === 'boolean' ? flagWritten(text) : text;
}

function flagWritten(text: string): boolean | string {
  if (['true', '是', '1'].includes(text.toLowerCase())) return true;
  return ['false', '否', '0'].includes(text.toLowerCase()) ? false : text;
}
