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
 * tried again, three times at most.
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
  try {
    await answered(runner, begin(scope)); // one round trip: the driver sends several statements when there are no parameters
    const result = await work({ query: (sql: string, values?: unknown[]) => answered(runner, sql, values) } as Transaction);
    await answered(runner, 'commit', undefined, SOON);
    return result;
  } catch (error) {
    if (!(error instanceof ConnectionLost)) await answered(runner, 'rollback', undefined, SOON).catch(() => endConnection(runner));
    throw error;
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
