import { OrganisationName } from '../organisations/organisations.dto.js';

export class ExplainedDay {
  /** @example 2026-10-10 */
  date: string;
  /**
   * `arrival` (does not count), `counted`, `makeUp` (a worked weekend day, counts), `holiday`, `weekend`, `paused` (between two visits).
   * @example makeUp
   */
  kind: string;
  /** On days that count: the n-th working day consumed, over all visits at this holder. @example 7 */
  nth?: number;
}

export class ExplainedSegment {
  /** @example 01a20a8f-e41c-7b05-8d52-6c1a3f0e9b77 */
  taskId: string;
  /** @example 1 */
  visit: number;
  /** `visit` of the step, or the `supplement` between two visits, with a clock of its own. @example visit */
  kind: string;
  /** Whose visit it was; days at a holder that was replaced are not counted against another. */
  holder: OrganisationName;
  /** @example 2026-09-28 */
  arrivedOn: string;
  /** The day of its decision, or on which it was taken back; null while open. @example 2026-10-09 */
  endedOn: string | null;
  /** The step's own, or what earlier visits have left of it by the calendar in force, and what an operator added. @example 10 */
  budget: number;
  /** Working days of these that an operator added. @example 0 */
  added: number;
  /** Up to its end, or up to today. @example 3 */
  consumed: number;
}

export class ExplainedCalendar {
  /** Null for the nation's calendar without an overlay. */
  province: OrganisationName | null;
  /** @example 4 */
  version: number;
  /** @example 2026-12-31 */
  publishedThrough: string;
}

/** Why a task is due when it is due, day by day. */
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
  /** Of this visit. @example 2 */
  consumed: number;
  /** Over all visits of the step, supplements not counted. @example 5 */
  consumedInAll: number;
  /** @example 2026-10-19 */
  dueDate: string;
  /** @example 2026-10-20T00:00:00.000+08:00 */
  dueAt: string;
  provisional: boolean;
  calendar: ExplainedCalendar;
  /** Earlier visits of the step and their supplements, in order, and this one. */
  segments: ExplainedSegment[];
  /** From the first arrival to the due date, or to the day of the decision or today when that is later. */
  days: ExplainedDay[];
}
