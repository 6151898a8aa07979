import type { Socket } from 'node:net';
import type { PoolClient, QueryResult } from 'pg';
import { QueryFailedError, type DataSource, type EntityManager, type EntityTarget, type ObjectLiteral, type Repository } from 'typeorm';
import { handlingAt, watchingAt, type Actor } from '../../domain/offices.js';
import { answered, ConnectionLost, SOON } from './answered.js';
import { repositoriesOf, driverRowsOf } from './repositories.js';

/** A student or guardian, who sees what is about the student alone. */
export interface StudentScope {
  readonly studentId: string;
}

/** The caller in whose name a transaction runs: a signed-in person, a student, or a process of the system. */
export type Scope = Actor | StudentScope | 'process' | 'system';

export interface Transaction extends Pick<EntityManager, 'query'> {
  /** The repository of a table, for what needs no statement by hand; reached through the transaction, so that it cannot outlive it. */
  of<E extends ObjectLiteral>(entity: EntityTarget<E>): Repository<E>;
}

const RETRYABLE = new Set(['40001', '40P01']);
const ABORTED = '25P02';
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

/** Reads in one snapshot: what was committed together is seen together, by however many statements. Nothing can be written. */
export const inSnapshot = <T>(db: DataSource, work: (tx: Transaction) => Promise<T>): Promise<T> =>
  once(db, 'system', work, ' isolation level repeatable read, read only');

async function once<T>(db: DataSource, scope: Scope, work: (tx: Transaction) => Promise<T>, mode = ''): Promise<T> {
  const runner = db.createQueryRunner();
  let open = true;
  let reason: Error | undefined;
  try {
    const client = (await runner.connect()) as PoolClient;
    inOneWrite(client);
    const began = answered(client, client.query(begin(scope, mode))); // not awaited: it travels with the first statement of the work
    began.catch(() => undefined);
    const asking = async (asked: () => Promise<QueryResult>): Promise<QueryResult> => {
      // Statements sent together fail together, and what follows one of them must not run in the connection's next transaction.
      if (!open) throw new Error('the transaction is over');
      inOneWrite(client);
      try {
        return await answered(client, asked());
      } catch (error) {
        reason ??= error as Error;
        throw error;
      }
    };
    const query = (sql: string, values?: unknown[]): Promise<unknown> => {
      const asked = asking(() => prepared(client, sql, values)).then(driverRowsOf);
      asked.catch(() => undefined); // whoever waits for another of them has heard of the failure; unheard, this one would end the process
      return asked;
    };
    const of = repositoriesOf(runner, (sql, values) => asking(() => client.query(sql, values)));
    const tx = { query, of } as Transaction;
    if (typeof scope !== 'string') looking.set(tx, { deep: 0 });
    try {
      const result = await work(tx);
      await began;
      open = false;
      const { command } = await answered(client, client.query('commit'), SOON);
      // A statement that nobody waited for failed, and nothing was written.
      if (command === 'ROLLBACK') throw reason ?? new Error('the transaction was rolled back');
      for (const one of afterwards.get(tx) ?? []) one();
      return result;
    } catch (error) {
      open = false;
      if (!(error instanceof ConnectionLost)) await answered(client, client.query('rollback'), SOON).catch(() => undefined);
      // A statement that was sent after the one that failed is only told that the transaction is aborted.
      throw sqlState(error) === ABORTED ? (reason ?? error) : error;
    }
  } finally {
    await runner.release();
  }
}

const afterwards = new WeakMap<Transaction, (() => void)[]>();

/** Does something, a wake for one, when the transaction has committed; nothing when it is rolled back. */
export function afterCommit(tx: Transaction, work: () => void): void {
  afterwards.set(tx, [...(afterwards.get(tx) ?? []), work]);
}

/** Why a person's transaction must see rows that the person may not: see docs/decisions/0019-row-level-security.md. */
export type Beyond =
  | 'filing'
  | 'placement'
  | 'registration'
  | 'bothSides'
  | 'schoolHistory'
  | 'subject'
  | 'ownRecord'
  | 'orderedStudent'
  | 'preview'
  | 'rerouting'
  | 'schoolEnding'
  | 'photograph'
  | 'figures'
  | 'dataChecks'
  | 'subsidies';

/** How many pieces of work look beyond their person's scope just now; of the transactions of persons. */
const looking = new WeakMap<Transaction, { deep: number }>();
const REACH = `select set_config('xueji.reach', $1, true)`;

/**
 * Does a part of a person's work that must see more than the person may, for a reason. The scope is restored afterwards, also after a
 * failure. The work must not answer too much. Other statements of the same transaction see as much meanwhile.
 */
export async function beyond<T>(tx: Transaction, why: Beyond, work: () => Promise<T>): Promise<T> {
  const reach = looking.get(tx);
  if (!reach) return work(); // a process sees everything
  const set = (value: string) => void tx.query(REACH, [value]); // in order with the statements around it
  if (reach.deep++ === 0) set(why);
  try {
    return await work();
  } finally {
    if (--reach.deep === 0) set('');
  }
}

/** A read of one statement, in a transaction of its own that takes one round trip. */
export async function lookUp<T>(db: DataSource, scope: Scope, sql: string, values: unknown[]): Promise<T[]> {
  const runner = db.createQueryRunner();
  try {
    const client = (await runner.connect()) as PoolClient;
    inOneWrite(client);
    const all = Promise.all([client.query(begin(scope)), prepared(client, sql, values), client.query('commit')]);
    const [, { rows }] = await answered(client, all);
    return rows as T[];
  } finally {
    await runner.release();
  }
}

const held = new WeakSet<Socket>();

/**
 * Statements of one turn of the event loop leave in one write. Each write wakes the server, and those calls were most of a statement's
 * cost.
 */
function inOneWrite(client: PoolClient): void {
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  if (held.has(stream)) return;
  held.add(stream);
  stream.cork();
  process.nextTick(() => {
    held.delete(stream);
    stream.uncork();
  });
}

const names = new Map<string, string>();

/**
 * Runs a statement by a name, so that a connection parses and plans it once: planning took more of PostgreSQL's time than executing.
 * The program's statements are constants, so their number is bounded.
 */
function prepared(client: PoolClient, text: string, values?: unknown[]): Promise<QueryResult> {
  if (!values) return client.query(text);
  // said on the wire and in pg_prepared_statements
  const name = names.get(text) ?? `${text.replace(/\s+/g, ' ').trim().slice(0, 50)} #${names.size}`;
  names.set(text, name);
  return client.query({ name, text, values });
}

function begin(scope: Scope, mode = ''): string {
  if (typeof scope !== 'string' && 'studentId' in scope) return beginFor(scope, mode);
  const [person, watched, handled, reach] =
    typeof scope === 'string' ? [scope, [], [], scope] : [scope.personId, watchingAt(scope), handlingAt(scope), ''];
  mustBeIds(typeof scope === 'string' ? [] : [person], watched);
  return `begin${mode}; select set_config('xueji.person', '${person}', true),
    set_config('xueji.organisations', '{${watched.join(',')}}', true),
    set_config('xueji.handled', '{${handled.join(',')}}', true), set_config('xueji.reach', '${reach}', true)`;
}

/** Of the settings of a person none is left from another transaction, because each was set for its own alone. */
function beginFor({ studentId }: StudentScope, mode: string): string {
  mustBeIds([studentId]);
  return `begin${mode}; select set_config('xueji.person', '${studentId}', true), set_config('xueji.student', '${studentId}', true)`;
}

function mustBeIds(...lists: (readonly string[])[]): void {
  for (const id of lists.flat()) if (!UUID.test(id)) throw new Error('a scope is made of ids');
}

/** PostgreSQL's SQLSTATE of a failure, if it is one. */
export function sqlState(error: unknown): string | undefined {
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  return typeof cause === 'object' && cause !== null && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined;
}

/**
 * PostgreSQL is away, full, busy or asks for another attempt, or its answer was lost: nothing is wrong with what was asked. A statement
 * that takes too long (57014) or meets an internal error (XX) may do so for ever: neither is an outage.
 */
export const isOutage = (error: unknown): boolean =>
  /^(08|40|53|57P|58|55P03)|^E[A-Z]+$/.test(sqlState(error) ?? '') ||
  (error instanceof Error && /timeout exceeded when trying to connect|Connection terminated/.test(error.message));

/** The name of the unique constraint that refused a row, if one did. */
export function violatedConstraint(error: unknown): string | undefined {
  if (sqlState(error) !== '23505') return undefined;
  const cause: unknown = error instanceof QueryFailedError ? error.driverError : error;
  return (cause as { constraint?: string }).constraint;
}
