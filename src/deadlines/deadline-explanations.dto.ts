import { OrganisationName } from '../organisations/organisations.dto.js';

export class ExplainedDay {
  /** @example 2026-10-10 */
  date: string;
  /**
   * `arrival` (not counted), `counted`, `makeUp` (a worked weekend day, counted), `weekend`, `paused` (between two visits). Of the weekdays
   * off, `statutory` by the standing decree, `holiday` by the notice of the year alone.
   * @example makeUp
   */
  kind: string;
  /** The festival of a `statutory` day. @example 元旦 */
  festival?: string;
  /** Nothing is announced for the date yet, so a notice may still move it; otherwise left out. @example true */
  provisional?: boolean;
  /** The n-th working day consumed over all visits at this holder. Days that do not count have none. @example 7 */
  nth?: number;
}

export class ExplainedSegment {
  /** @example 01a20a8f-e41c-7b05-8d52-6c1a3f0e9b77 */
  taskId: string;
  /** @example 1 */
  visit: number;
  /** `visit` of the step, or the `supplement` between two visits, which has working days of its own. @example visit */
  kind: string;
  /** The holder of the visit. Days at a holder that was replaced do not count against another. */
  holder: OrganisationName;
  /** @example 2026-09-28 */
  arrivedOn: string;
  /** The day of its decision, or the day on which it was taken back, or null while it is open. @example 2026-10-09 */
  endedOn: string | null;
  /** Working days of this visit: the step's own minus earlier visits by the calendar in force, and what an operator added. @example 10 */
  budget: number;
  /** Working days among them that an operator added. @example 0 */
  added: number;
  /** Working days consumed up to its end, or up to today. @example 3 */
  consumed: number;
}

export class ExplainedCalendar {
  /** The province of the overlay, or null for the nation's calendar alone. */
  province: OrganisationName | null;
  /** @example 4 */
  version: number;
  /** @example 2026-12-31 */
  publishedThrough: string;
}

/** The explanation of a task's deadline, day by day. */
export class DeadlineExplanation {
  /** @example 01a20a8f-e41c-7b05-8d52-6c1a3f0e9b77 */
  taskId: string;
  /** @example sourceSchool */
  step: string;
  /** @example 2 */
  visit: number;
  /** @example 2026-10-12 */
  today: string;
  /** Working days of this visit. @example 7 */
  budget: number;
  /** Working days of this visit that are consumed. @example 2 */
  consumed: number;
  /** Working days consumed over all visits of the step, without supplements. @example 5 */
  consumedInAll: number;
  /** @example 2026-10-19 */
  dueDate: string;
  /** @example 2026-10-20T00:00:00.000+08:00 */
  dueAt: string;
  provisional: boolean;
  calendar: ExplainedCalendar;
  /** The earlier visits of the step with their supplements, in order, and this visit. */
  segments: ExplainedSegment[];
  /** Every date from the first arrival to the due date, or to the day of decision or today if that is later. */
  days: ExplainedDay[];
}
