import { standsNow, stepOf, type CaseState } from './case.js';
import type { RouteStep } from './procedure.js';
import type { Visit } from './visits.js';
import { workingDaysBetween, type WorkingCalendar } from './working-days.js';

/**
 * The visits of a step that took a holder's own days. Each holder has the days of Art 14 for itself (分别): a return or a pause leaves it
 * the rest of them (A9), another organisation that an operator puts in its place has all of its own, a successor goes on with them.
 */
export const ownVisits = (state: CaseState, step: string, holder: string): Visit[] =>
  stepOf(state, step).spent.filter((visit) => visit.holder !== undefined && standsNow(state, visit.holder) === standsNow(state, holder));

/**
 * Working days of the step's next visit at a holder: what its own visits have left, and where policy counts the days of all steps
 * together (A2) what everybody has left of these; at least the floor (A9).
 */
export function budgetOf(state: CaseState, step: RouteStep, holder: string, calendar: WorkingCalendar): number {
  const { totalWorkingDays: total, leastRemainingWorkingDays: least, steps } = state.route;
  const own = step.workingDays - daysOf(ownVisits(state, step.id, holder), calendar);
  const ofAll =
    total === undefined
      ? own
      : total -
        daysOf(
          steps.flatMap(({ id }) => stepOf(state, id).spent),
          calendar,
        );
  return Math.max(Math.min(least, step.workingDays), Math.min(own, ofAll));
}

/** Working days on which any of the visits stood: where two authorities decide beside one another, a day counts once. */
function daysOf(visits: readonly Visit[], calendar: WorkingCalendar): number {
  let [counted, sum] = ['', 0];
  for (const { arrivedOn, decidedOn } of visits.toSorted((a, b) => (a.arrivedOn < b.arrivedOn ? -1 : 1))) {
    const from = arrivedOn > counted ? arrivedOn : counted;
    if (decidedOn <= from) continue;
    sum += workingDaysBetween(calendar, from, decidedOn);
    counted = decidedOn;
  }
  return sum;
}
