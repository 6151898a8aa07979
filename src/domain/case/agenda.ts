import type { CaseState, OpenTask } from './case.js';
import { openTasks } from './case.js';
import { climbOf } from '../procedure/ladder.js';
import { workingDaysOf, type Allowance } from './remaining.js';
import {
  addDays,
  addWorkingDays,
  calendarFor,
  instantOf,
  subtractWorkingDays,
  type WorkingCalendar,
  type WorkingCalendars,
} from '../working-days.js';

/** A task is due at the end of its n-th working day in Asia/Shanghai (A7). The deadline is derived, never stored as an act. */
export interface Deadline {
  readonly dueDate: string;
  /** The midnight after `dueDate`, exclusive; epoch milliseconds. */
  readonly dueAt: number;
  /** It crosses a year whose calendar is not published. */
  readonly provisional: boolean;
}

/** A reminder or an escalation of one task, and when it goes out. */
export interface AgendaItem {
  readonly at: number;
  readonly what: 'remind' | 'escalate';
  /** Working days left (remind) or the level, from 1 (escalate). */
  readonly n: number;
  readonly taskId: string;
  readonly step: string;
  readonly visit: number;
}

export function deadlineOf(calendar: WorkingCalendar, task: Allowance & { arrivedOn: string }): Deadline {
  const { date, provisional } = addWorkingDays(calendar, task.arrivedOn, workingDaysOf(calendar, task));
  return { dueDate: date, dueAt: instantOf(addDays(date, 1)), provisional };
}

/**
 * Messages go out from 09:00 on working days. A hash of the request spreads them over half an hour, because many tasks have one due date.
 */
export const spreadOverHalfHour = (requestId: string): number =>
  [...requestId].reduce((hash, c) => (hash * 31 + c.charCodeAt(0)) % 1800, 7) * 1000;

function ofTask(task: OpenTask, state: CaseState, calendar: WorkingCalendar, requestId: string): AgendaItem[] {
  const { dueDate } = deadlineOf(calendar, task);
  const item = (what: AgendaItem['what'], n: number, date: string): AgendaItem => ({
    what,
    n,
    taskId: task.taskId,
    step: task.step,
    visit: task.visit,
    at: instantOf(date, 9) + spreadOverHalfHour(requestId),
  });
  const reminders = state.route.remindBefore
    .map((n) => item('remind', n, subtractWorkingDays(calendar, dueDate, n)))
    .filter(({ at }) => at > instantOf(addDays(task.arrivedOn, 1)));
  const { escalate, escalateTo } = state.route;
  const { after, every } = escalate;
  const escalations = climbOf(task.ladder, escalateTo).map((_, i) =>
    item('escalate', i + 1, addWorkingDays(calendar, dueDate, after + i * every).date),
  );
  const inOrder = [...reminders, ...escalations].sort((a, b) => a.at - b.at);
  // What a later message has overtaken (the process was down) never goes out: nobody is reminded of a date that has passed.
  return inOrder.slice(inOrder.findLastIndex(({ what, n }) => task.sent.includes(`${what}:${n}`)) + 1);
}

/**
 * The messages still to go out for the open tasks, earliest first (A4):
 * 1. Reminders, before the due date.
 * 2. The first escalation, on the first working day after it.
 * 3. Further escalations, one level up at a time.
 * The process computes them again whenever it wakes, because the calendar may have been amended (A8).
 */
export const agendaOf = (state: CaseState, calendars: WorkingCalendars, requestId: string): AgendaItem[] =>
  openTasks(state)
    .flatMap((task) => ofTask(task, state, calendarFor(calendars, task), requestId))
    .sort((a, b) => a.at - b.at);
