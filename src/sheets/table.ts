import { harmless } from './harmless.js';

export const FILE_TYPES = {
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  csv: 'text/csv; charset=utf-8',
} as const;
export type FileFormat = keyof typeof FILE_TYPES;

/** A table to download. Numbers stay numbers; every text is harmless. */
export interface Table {
  readonly title: string;
  readonly headings: readonly string[];
  readonly rows: readonly (readonly (string | number)[])[];
}

const shown = (cell: string | number): string | number => (typeof cell === 'string' ? harmless(cell) : cell);
const quoted = (cell: string | number): string => {
  const text = String(shown(cell));
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** Excel takes a CSV for UTF-8 only where its mark stands in front. */
const MARK = '\uFEFF';

const linesOf = (rows: Table['rows']): string => rows.map((row) => `${row.map(quoted).join(',')}\r\n`).join('');

/** A part of a CSV that is made one part after another: the first has the headings. */
export const csvPart = ({ headings, rows }: Table, first: boolean): Buffer =>
  Buffer.from(first ? MARK + linesOf([headings, ...rows]) : linesOf(rows));

export async function fileOf(table: Table, format: FileFormat): Promise<Buffer> {
  if (format === 'csv') return csvPart(table, true);
  const { title, headings, rows } = table;
  const { tableWorkbookOf } = await import('./table-workbook.js');
  return tableWorkbookOf({ title, headings, rows: rows.map((row) => row.map(shown)) });
}
