import { addDays, addWorkingDays, calendarFor, instantOf, type PlainDate, type WorkingCalendars } from '../working-days.js';

/** When somebody asks what may be done, and the calendars in force then. */
export interface Moment {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly calendars: WorkingCalendars;
}

/** A task that somebody has taken for oneself 领取. */
export interface Claim {
  /** In whose name. */
  readonly by: string;
  readonly on: PlainDate;
  /** It lapses at the end of the n-th working day after `on`, by the calendar in force when it is asked (A8). */
  readonly workingDays?: number;
  /** Of acts that were written before claims were counted so: the instant, epoch milliseconds. */
  readonly until?: number;
}

interface Claimable {
  readonly holder: string;
  readonly ladder: readonly string[];
  readonly claim?: Claim;
}

/** Who has claimed the task, as long as the claim has not lapsed; no act says that it has. */
export function claimantOf(task: Claimable, { now, calendars }: Moment): string | undefined {
  const lapses = lapsesAt(task, calendars);
  return lapses !== undefined && lapses <= now ? undefined : task.claim?.by;
}

function lapsesAt(task: Claimable, calendars: WorkingCalendars): number | undefined {
  const { claim } = task;
  if (claim?.workingDays === undefined) return claim?.until;
  return instantOf(addDays(addWorkingDays(calendarFor(calendars, task), claim.on, claim.workingDays).date, 1));
}
