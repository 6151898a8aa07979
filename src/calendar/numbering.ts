import type { Transaction } from '../platform/database/in-scope.js';

const NUMBERED = `
  insert into working_day (calendar_id, date, ordinal, worked) select calendar_id, date, ordinal, worked from effective_days(null)
  on conflict (calendar_id, date) do update set ordinal = excluded.ordinal, worked = excluded.worked
    where (working_day.ordinal, working_day.worked) is distinct from (excluded.ordinal, excluded.worked)`;

const IN_FORCE = `
  update calendar c set version = version + 1, published_through = published_through(null)
  where exists (select 1 from calendar_version v where v.calendar_id = c.id and v.state = 'approved')`;

/** Numbers the working days of every calendar by the approved versions. From the commit on, every count uses these numbers. */
export async function numberWorkingDays(tx: Transaction): Promise<void> {
  await tx.query(NUMBERED);
  await tx.query(IN_FORCE);
  await tx.query('analyze working_day'); // without statistics a look-up by date and number is planned as a join of all with all
}
