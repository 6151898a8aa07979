import type { Transaction } from './in-scope.js';

const column = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
function asJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asJson);
  return Buffer.isBuffer(value) ? `\\x${value.toString('hex')}` : value;
}

/** A row as jsonb_populate_recordset reads it. Bytes are hexadecimal, because JSON.stringify would show a Buffer as a list of numbers. */
const rowJson = (row: object): string =>
  JSON.stringify(Object.fromEntries(Object.entries(row).map(([name, value]) => [column(name), asJson(value)])));

/**
 * Inserts many rows by one statement. Members are the columns in camel case, the same in every row. Other columns keep their defaults or
 * are `computed` by SQL over the row. Table, member names and SQL come from the program, never from input. Returns the columns asked for,
 * in the order of the rows.
 */
export async function insertRows<T = never>(
  tx: Transaction,
  table: string,
  rows: readonly object[],
  { computed = {}, returning }: { computed?: Readonly<Record<string, string>>; returning?: string } = {},
): Promise<T[]> {
  const first = rows[0];
  if (first === undefined) return [];
  const columns = Object.keys(first).map(column);
  const into = [...columns, ...Object.keys(computed)].join(', ');
  const values = [...columns, ...Object.values(computed)].join(', ');
  return tx.query<T[]>(
    `insert into ${table} (${into}) select ${values} from jsonb_populate_recordset(null::${table},
      $1::jsonb)${returning ? ` returning ${returning}` : ''}`,
    [rowsJson(rows)],
  );
}

/** The same rows as the parameter of a statement that reads them by `jsonb_populate_recordset`. */
export const rowsJson = (rows: readonly object[]): string => `[${rows.map(rowJson).join(',')}]`;
