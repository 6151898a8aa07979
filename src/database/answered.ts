import type { Socket } from 'node:net';
import type { PoolClient, QueryResult } from 'pg';
import type { QueryRunner } from 'typeorm';

/** A statement ends itself earlier (statement_timeout); who waits longer waits for an answer that was lost. */
const LONGEST = 16_000;
/** For statements that do nothing but end what others did. */
export const SOON = 5_000;

/**
 * Thrown when the database did not answer in time or the connection broke: what was asked may have happened or not. Carries the
 * SQLSTATE of a connection failure, so clients are told 503 and ask again with the same key.
 */
export class ConnectionLost extends Error {
  readonly code = '08006';
  constructor(options?: ErrorOptions) {
    super('the connection to the database was lost', options);
  }
}

/**
 * Asks on a runner's connection and waits so many milliseconds at most. The server's own timeouts do not help when the network swallows
 * its answer: without this a lost answer to COMMIT holds the client and the connection for ever.
 * @throws ConnectionLost, and the connection is then ended and never returns to the pool
 */
export async function answered<T>(runner: QueryRunner, sql: string, values?: unknown[], within = LONGEST): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new ConnectionLost()), within);
  });
  try {
    return await Promise.race([prepared(runner, sql, values) as Promise<T>, silence]);
  } catch (error) {
    if (error instanceof ConnectionLost) endConnection(runner);
    // TypeORM releases a runner whose connection broke between two statements and then refuses the next one.
    throw runner.isReleased ? new ConnectionLost({ cause: error }) : error;
  } finally {
    clearTimeout(timer);
  }
}

const names = new Map<string, string>();

/**
 * Runs a statement by a name, so that a connection parses and plans it once: planning took more of PostgreSQL's time than executing.
 * The program's statements are constants, so their number is bounded. Answers as TypeORM does: the rows, with their number when rows
 * were changed or removed.
 */
async function prepared(runner: QueryRunner, text: string, values?: unknown[]): Promise<unknown> {
  const client = (await runner.connect()) as PoolClient;
  const name = names.get(text) ?? `${text.replace(/\s+/g, ' ').trim().slice(0, 50)} #${names.size}`; // said on the wire and in pg_prepared_statements
  if (values) names.set(text, name);
  const { command, rows, rowCount }: QueryResult = await client.query(values ? { name, text, values } : text);
  return ['UPDATE', 'DELETE'].includes(command) ? [rows, rowCount] : rows;
}

/** Ends the runner's connection at once, whatever was sent on it; the pool drops an ended one when it gets it back. */
export function endConnection(runner: QueryRunner): void {
  const end = async () => {
    const client = (await runner.connect()) as PoolClient & { connection: { stream: Socket } };
    const ended = client.end();
    client.connection.stream.destroy(); // `end` itself would wait for the answers to what was sent
    await ended;
  };
  end().catch(() => undefined);
}
