import type { Transaction } from './in-scope.js';

const column = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const asJson = (value: unknown): unknown => (Buffer.isBuffer(value) ? `\\x${value.toString('hex')}` : value);

/** A row as jsonb_populate_recordset reads it: bytes in hexadecimal, for JSON.stringify would show a Buffer as a list of numbers. */
const rowJson = (row: object): string =>
  JSON.stringify(Object.fromEntries(Object.entries(row).map(([name, value]) => [column(name), asJson(value)])));

/**
 * Inserts many rows by one statement. Members are the columns in camel case, the same in every row; columns that no row names keep
 * their defaults. Table and member names come from the program, never from input.
 */
export async function insertRows(tx: Transaction, table: string, rows: readonly object[]): Promise<void> {
  const first = rows[0];
  if (first === undefined) return;
  const columns = Object.keys(first).map(column).join(', ');
  await tx.query(`insert into ${table} (${columns}) select ${columns} from jsonb_populate_recordset(null::${table}, $1::jsonb)`, [
    `[${rows.map(rowJson).join(',')}]`,
  ]);
}
