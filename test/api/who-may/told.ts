import { addDays, dayOfWeek } from '../../../src/domain/working-days.js';
import { daysOf } from '../../fixtures/calendar.js';
import { asOwner } from '../../fixtures/owner.js';
import type { System } from '../../fixtures/system.js';
import type { Standing } from './standing.js';

/** What the test has seen of each endpoint: how often it was refused, by which codes, and how often it was admitted and done. */
export class Seen {
  readonly refused = new Map<string, Set<string>>();
  readonly admitted = new Map<string, number>();
  readonly done = new Map<string, number>();
  readonly standings = new Set<string>();
}

/** As the API tells them: from Monday to Friday, and otherwise where the year's notice says so. */
export async function workedDays(system: System): Promise<string[]> {
  const year = Number(system.time.today().slice(0, 4));
  const moved = new Map(
    (await Promise.all([year, year + 1].map((one) => daysOf(system, one)))).flat().map(({ date, kind }) => [date, kind]),
  );
  const days = Array.from({ length: 730 }, (_, n) => addDays(`${year}-01-01`, n));
  return days.filter((day) => (moved.get(day) ?? (dayOfWeek(day) % 6 > 0 ? 'makeupWorkday' : 'holiday')) === 'makeupWorkday');
}

/** In short, for the count of standings and for a failure. */
export function inWords(standing: Standing): string {
  const tasks = standing.open.map((task) =>
    [
      task.supplement ? 'supplement' : task.step,
      task.assignee && 'assigned',
      task.delegation && 'delegated',
      task.claim && 'claimed',
      task.sawIt.length > 0 && 'escalated',
      standing.stepOf(task.step).returns > 0 && 'returned before',
      task.urgesToAnswer > 0 && 'urged',
      standing.opinions.some(({ taskId }) => taskId === task.id) && 'opinion asked',
    ]
      .filter(Boolean)
      .join(' '),
  );
  return [standing.kind, ...(standing.over ? ['over'] : []), ...(standing.holds.size > 0 ? ['paused'] : []), ...tasks].join(', ');
}

export function same(seen: unknown, expected: unknown, what: string, of: unknown): void {
  const [a, b] = [JSON.stringify(seen ?? null), JSON.stringify(expected ?? null)];
  if (a !== b) throw new Error(`${what}: ${a} instead of ${b}, of ${JSON.stringify(of, wordsOnly).slice(0, 3000)}`);
}
const wordsOnly = (key: string, value: unknown): unknown =>
  key === 'client' || key === 'seenBy' || key === 'workedDays' ? undefined : value;

/** From now on a row in `ledger_is_full` keeps every act out of the ledger, as a full disk would. */
export const ledgerThatMayBeFull = (system: System): Promise<unknown> =>
  asOwner(
    system,
    `create table ledger_is_full (yes boolean);
     create function refuse_when_full() returns trigger language plpgsql security definer as $$
       begin if exists (select 1 from ledger_is_full) then raise exception 'full' using errcode = 'disk_full'; end if; return new; end $$;
     create trigger act_may_be_full before insert on act for each row execute function refuse_when_full()`,
  );
