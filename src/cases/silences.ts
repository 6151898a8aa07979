import type { DataSource } from 'typeorm';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { eachInTurn } from '../platform/each.js';
import { dateOf, instantOf, isWorkingDay } from '../domain/working-days.js';
import type { CaseDeps } from './cases.store.js';

export interface SilenceDeps extends CaseDeps {
  readonly db: DataSource;
}

/** Silences found by one statement, at most. */
export const SILENCES_AT_ONCE = 500;

/**
 * Notes the answers whose date passed before today ($1), found by a statement, from 09:00 on a working day. Each is one transaction, so
 * that it is checked again under its request's lock. `more`: values besides today. True when there may be more.
 */
export async function noteSilences<T>(
  deps: SilenceDeps,
  find: string,
  note: (tx: Transaction, found: T) => Promise<void>,
  more: (tx: Transaction, today: string) => Promise<unknown[]> = () => Promise.resolve([]),
): Promise<boolean> {
  const { db, clock } = deps;
  const today = dateOf(clock.now());
  const found = await inScope(db, 'process', async (tx) => {
    const { national } = await deps.calendar.current(tx);
    if (clock.now() < instantOf(today, 9) || !isWorkingDay(national, today)) return [];
    return tx.query<T[]>(find, [today, ...(await more(tx, today))]);
  });
  await eachInTurn(found, (one) => inScope(db, 'process', (tx) => note(tx, one)));
  return found.length === SILENCES_AT_ONCE;
}
