import type { Transaction } from './in-scope.js';

type Value = string | number | boolean | null | Buffer | Date | object;

const column = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const asJson = (_: string, value: unknown): unknown => (value instanceof Uint8Array ? `\\x${Buffer.from(value).toString('hex')}` : value);

/** One row as JSON; bytes are turned before JSON.stringify asks a Buffer how it wants to be shown. */
const rowJson = (row: Readonly<Record<string, Value>>): string =>
  JSON.stringify(Object.fromEntries(Object.entries(row).map(([name, value]) => [column(name), asJson(name, value)])));

/**
 * Inserts many rows by one statement. Members are the columns in camel case, the same in every row; columns that no row names keep
 * their defaults. Table and member names come from the program, never from input.
 */
export async function insertRows<Row extends object>(tx: Transaction, table: string, rows: readonly Row[]): Promise<void> {
  const first = rows[0];
  if (first === undefined) return;
  const columns = Object.keys(first).map(column).join(', ');
  await tx.query(`insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1::jsonb)`, [
    `[${rows.map((row) => rowJson(row as Record<string, Value>)).join(',')}]`,
  ]);
}
