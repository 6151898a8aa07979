import {
  addDays,
  addWorkingDays,
  calendarFor,
  instantOf,
  type PlainDate,
  type WorkingCalendar,
  type WorkingCalendars,
} from '../working-days.js';

/** The instant at which somebody asks what may be done, with the calendars then in force. */
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
  readonly workingDays: number;
}

interface Claimable {
  readonly holder: string;
  readonly ladder: readonly string[];
  readonly claim?: Claim;
}

/** Who has claimed the task, as long as the claim has not lapsed; no act says that it has. */
export function claimantOf(task: Claimable, { now, calendars }: Moment): string | undefined {
  const { claim } = task;
  return claim && now < lapsesAt(claim, calendarFor(calendars, task)) ? claim.by : undefined;
}

const lapsesAt = ({ on, workingDays }: Claim, calendar: WorkingCalendar): number =>
  instantOf(addDays(addWorkingDays(calendar, on, workingDays).date, 1));
