import { CALENDAR_AT } from '../calendar/national-calendar.js';
import type { TermRules } from '../domain/terms/school-term.js';

/** The rules of the term under way in each province, as the statements below take them. */
export const rulesJson = (rules: ReadonlyMap<string | null, TermRules>): string =>
  JSON.stringify(
    [...rules].map(([province_id, { term, firstDay, workingDays, reminderWorkingDays }]) => ({
      province_id,
      ...term,
      first_day: firstDay,
      working_days: workingDays,
      reminder: reminderWorkingDays,
    })),
  );

/** The same as a table `r`; `list` is a parameter. */
export const RULES = (list: string): string =>
  `jsonb_to_recordset(${list}::jsonb) as r (province_id uuid, year int, nth int, first_day date, working_days int, reminder int)`;

/** The count `n` of a school `o` in the term of `r`: looked up school by school, also before anybody has analysed the table. */
export const COUNTED = `cross join lateral (select n.* from term_count n where n.school_id = o.id and n.year = r.year and n.nth = r.nth
  limit 1) n`;

/**
 * The last day (`d`) by working days after a first day, with the calendar `c` for a school `o` (A7, A8). The domain has it as `deadlineOf`.
 */
export const LAST_DAY = (firstDay: string, workingDays: string): string => `
  ${CALENDAR_AT}
  join working_day a on a.calendar_id = c.id and a.date = ${firstDay}
  join working_day d on d.calendar_id = c.id and d.worked and d.ordinal = a.ordinal + ${workingDays}`;

/** The last day to register for a school `o` under the rules `r` of its province, with what it declared (`t`). */
export const DUE = `
  left join lateral (select t.first_day, t.reminded_at, t.overdue_told_at from school_term t where t.school_id = o.id and t.year = r.year
    and t.nth = r.nth
    limit 1) t on true ${LAST_DAY('coalesce(t.first_day, r.first_day)', 'r.working_days')}`;
