import type { DataSource } from 'typeorm';
import type { Clock } from '../platform/clock.js';
import { inScope } from '../platform/database/in-scope.js';
import { addDays, dateOf, instantOf } from '../domain/working-days.js';
import { COUNT_DAY } from './overdue.store.js';

/** Days for which the counts are kept. With a year and a month, a month may be compared with the same one a year ago. */
const KEPT_DAYS = 400;

/** Counts once a day what was overdue when it began; whoever comes second that day counts nothing. */
export async function countOverdue(db: DataSource, clock: Clock): Promise<boolean> {
  const today = dateOf(clock.now());
  await inScope(db, 'system', async (tx) => {
    const [counted] = await tx.query<unknown[]>('select 1 from overdue_counted where day = $1', [today]);
    if (counted) return;
    await tx.query(COUNT_DAY, [today, new Date(instantOf(today))]);
    const old = addDays(today, -KEPT_DAYS);
    await tx.query('delete from overdue_day where day in (select day from overdue_counted where day < $1)', [old]);
    await tx.query('delete from overdue_counted where day < $1', [old]);
  });
  return false;
}
