import { standsNow, stepOf, type CaseState } from './case.js';
import type { RouteStep } from '../procedure/procedure.js';
import { workingDaysOf, type Allowance, type Budget, type Span } from './remaining.js';
import type { Visit } from './visits.js';
import type { WorkingCalendar } from '../working-days.js';

/**
 * The visits of a step that used a holder's own days. Each holder has the days of Art 14 for itself (分别):
 * 1. After a return or a pause the holder has the rest of them (A9).
 * 2. An organisation that an operator puts in its place has all of its own.
 * 3. A successor goes on with the rest.
 */
export const ownVisits = (state: CaseState, step: string, holder: string): Visit[] =>
  stepOf(state, step).spent.filter((visit) => visit.holder !== undefined && standsNow(state, visit.holder) === standsNow(state, holder));

/**
 * Working days for the next visit of the step at a holder: the step's allowance minus the holder's earlier visits. If policy sets a total
 * for all steps (A2), also at most what remains of it. The floor applies (A9).
 */
export function budgetOf(state: CaseState, step: RouteStep, holder: string): Budget {
  const { totalWorkingDays: total, leastRemainingWorkingDays: least, steps } = state.route;
  const own = { workingDays: step.workingDays, used: spansOf(ownVisits(state, step.id, holder)) };
  const ofAll = total === undefined ? [] : [{ workingDays: total, used: spansOf(steps.flatMap(({ id }) => stepOf(state, id).spent)) }];
  return { least: Math.min(least, step.workingDays), limits: [own, ...ofAll] };
}

/** What a visit that opens now is given: with its budget, unless nothing was used before it that a calendar could count otherwise. */
export function allowanceOf(state: CaseState, step: RouteStep, holder: string, calendar: WorkingCalendar): Allowance {
  const budget = budgetOf(state, step, holder);
  const workingDays = workingDaysOf(calendar, { workingDays: step.workingDays, budget });
  return budget.limits.every(({ used }) => used.length === 0) ? { workingDays } : { workingDays, budget };
}

/** The days on which any of the visits stood: where two authorities decide beside one another, a day counts once. */
function spansOf(visits: readonly Visit[]): Span[] {
  const spans: Span[] = [];
  for (const { arrivedOn, decidedOn } of visits.toSorted((a, b) => (a.arrivedOn < b.arrivedOn ? -1 : 1))) {
    const counted = spans.at(-1)?.[1] ?? '';
    const after = arrivedOn > counted ? arrivedOn : counted;
    if (decidedOn > after) spans.push([after, decidedOn]);
  }
  return spans;
}
