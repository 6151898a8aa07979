import ExcelJS from 'exceljs';
import { FIELD_FAULTS } from '../../domain/messages/field-faults.js';
import type { Words } from '../../domain/messages/words.js';
import { MOST_ROWS, type Column } from './column.js';
import { unpackedSize, UnpacksToTooMuch } from './unpacked.js';

/** A full sheet has a tenth of it unpacked; more is not a sheet that a clerk filled in. */
const MOST_UNPACKED = 10 * 1024 * 1024;
/** As Excel itself has it. */
const LONGEST_CELL = 32_767;
/** Rows and cells in a row that are looked at, so that lines which only have a format may follow. The reader stops where there are more. */
const MOST_LISTED = { maxRows: 2000, maxCols: 200 };
/** Everything of a sheet but its cells. ExcelJS makes an object for each cell that some of it names, and a name takes fifteen letters. */
const NOT_READ = (
  'sheetPr dimension sheetViews sheetFormatPr cols autoFilter mergeCells rowBreaks hyperlinks pageMargins dataValidations ' +
  'pageSetup headerFooter printOptions picture drawing sheetProtection tableParts conditionalFormatting extLst'
).split(' ');
/** ExcelJS has all three, its types only the last. */
const OPTIONS: Partial<ExcelJS.XlsxReadOptions> = { ...MOST_LISTED, ignoreNodes: NOT_READ } as object;

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
export async function rowsIn(file: Buffer, columns: readonly Column[]): Promise<Record<string, unknown>[]> {
  const page = (await bookIn(file)).worksheets[0];
  if (!page) throw wrong(FIELD_FAULTS.noSheet);
  const header = headerOf(page.getRow(1), columns);
  const found = new Map<number, Record<string, unknown>>();
  page.eachRow((row, line) => {
    const made = line === 1 ? {} : rowOf(row, header);
    if (Object.keys(made).length === 0) return;
    if (line > MOST_ROWS + 1) throw wrong(FIELD_FAULTS.rowsBeyond(line, MOST_ROWS));
    found.set(line, made);
  });
  if (found.size === 0) throw wrong(FIELD_FAULTS.noRow);
  return Array.from({ length: Math.max(...found.keys()) - 1 }, (_, i) => found.get(i + 2) ?? {});
}

async function bookIn(file: Buffer): Promise<ExcelJS.Workbook> {
  const book = new ExcelJS.Workbook();
  try {
    await unpackedSize(file, MOST_UNPACKED);
    await book.xlsx.load(file as never, OPTIONS);
    return book;
  } catch (error) {
    if (error instanceof UnpacksToTooMuch) throw wrong(FIELD_FAULTS.unpacksTooFar(MOST_ROWS));
    if (/^Max (row|column) count/.test((error as Error).message)) throw wrong(FIELD_FAULTS.listsTooMuch);
    throw error;
  }
}

function headerOf(row: ExcelJS.Row, columns: readonly Column[]): (Column | undefined)[] {
  const found: (Column | undefined)[] = [];
  row.eachCell((cell, at) => {
    const path = (cell.text.trim().split(/\s+/).at(-1) ?? '').slice(0, 80);
    const column = columns.find((one) => one.path === path);
    if (!column)
      throw wrong(
        FIELD_FAULTS.unknownColumn(
          at,
          path,
          columns.map((one) => one.path),
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

/** A cell as the API wants it: a date is its day, whatever the time zone of who typed it; a formula is its result. */
function valueOf(cell: ExcelJS.Cell, { type }: Column): unknown {
  const raw = cell.value instanceof Object && 'result' in cell.value ? cell.value.result : cell.value;
  // An error such as #N/A is no value of any column, so its row is refused with the field.
  if (raw instanceof Object && 'error' in raw) return { error: raw.error };
  if (raw instanceof Date) return dayOf(raw);
  if (type === 'date' && typeof raw === 'number')
    return dayOf(new Date((cell.workbook.properties.date1904 ? DAY_ZERO_1904 : DAY_ZERO) + raw * A_DAY));
  const text = cell.text.trim();
  if (text.length > LONGEST_CELL) throw wrong(FIELD_FAULTS.longCell(LONGEST_CELL));
  if (text === '') return undefined;
  if (type === 'ids') return text.split(/[\s,，;；、]+/).filter((id) => id !== '');
  if (type === 'number') return Number.isNaN(Number(text)) ? text : Number(text);
  if (type === 'boolean')
    return ['true', '是', '1'].includes(text.toLowerCase()) ? true : ['false', '否', '0'].includes(text.toLowerCase()) ? false : text;
  return text;
}
