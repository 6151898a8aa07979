import { QueryFailedError, type DataSource, type EntityManager } from 'typeorm';
import type { Actor } from '../domain/offices.js';
import { answered, ConnectionLost, endConnection, SOON } from './answered.js';

/** In whose name a transaction runs: a signed-in person, or one of the system's own processes. */
export type Scope = Actor | 'process' | 'system';
export type Transaction = Pick<EntityManager, 'query'>;

const RETRYABLE = new Set(['40001', '40P01']);
const UUID = /^[0-9a-f-]{36}$/;

/**
 * One transaction in a caller's scope: every access to the database goes through here. The scope is set for the transaction only
 * (`set_config(…, true)`), because a session's setting would leak to the pool's next user. A serialisation failure or deadlock is
 * tried again, three times at most. Statements of the work that are not awaited one by one (`Promise.all`) travel together, in order:
 * round trips are what a transaction costs.
 */
export async function inScope<T>(db: DataSource, scope: Scope, work: (tx: Transaction) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await once(db, scope, work);
    } catch (error) {
      if (attempt >= 3 || !RETRYABLE.has(sqlState(error) ?? '')) throw error;
    }
  }
}

async function once<T>(db: DataSource, scope: Scope, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const runner = db.createQueryRunner();
  let open = true;
  try {
    await runner.connect();
    const began = answered(runner, begin(scope)); // not awaited: it travels together with the first statement of the work
    began.catch(() => undefined);
    const query = (sql: string, values?: unknown[]) =>
      open ? answered(runner, sql, values) : Promise.reject(new Error('the transaction is over'));
    const result = await work({ query } as Transaction);
    await began;
    open = false;
    await answered(runner, 'commit', undefined, SOON);
    return result;
  } catch (error) {
    open = false; // what follows a statement that failed beside others must not run in the connection's next transaction
    if (!(error instanceof ConnectionLost)) await answered(runner, 'rollback', undefined, SOON).catch(() => endConnection(runner));
    throw error;
  } finally {
    await runner.release();
  }
}

/** A read of one statement, in a transaction of its own that takes one round trip. */
export async function lookUp<T>(db: DataSource, scope: Scope, sql: string, values: unknown[]): Promise<T[]> {
  const runner = db.createQueryRunner();
  try {
    await runner.connect();
    const [, rows] = await Promise.all([
      answered(runner, begin(scope)),
      answered<T[]>(runner, sql, values),
      answered(runner, 'commit', undefined, SOON),
    ]);
    return rows;
  } finally {
    await runner.release();
  }
}

function begin(scope: Scope): string {
  const [person, organisations] =
    typeof scope === 'string' ? [scope, []] : [scope.personId, scope.offices.map((held) => held.organisationId)];
  for (const id of [...(typeof scope === 'string' ? [] : [person]), ...organisations])
    if (!UUID.test(id)) throw new Error('a scope is made of ids');
  return `begin; select set_config('xueji.person', '${person}', true), set_config('xueji.organisations', '{${organisations.join(',')}}', true)`;
}

/** PostgreSQL's SQLSTATE of a failure, if it is one. */
export function sqlState(error: unknown): string | undefined {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  return typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}

/** The name of the unique constraint that refused a row, if one did. */
export function violatedConstraint(error: unknown): string | undefined {
  if (sqlState(error) !== '23505') return undefined;
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  return (cause as { constraint?: string }).constraint;
}
