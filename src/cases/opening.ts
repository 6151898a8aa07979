import type { Transaction } from '../platform/database/in-scope.js';
import type { ProcessAct } from '../domain/case/acts.js';
import { allowanceOf } from '../domain/case/budget.js';
import { decidesAt } from '../domain/case/case.js';
import type { RouteStep } from '../domain/procedure/procedure.js';
import { calendarFor, dateOf } from '../domain/working-days.js';
import { holderOf, type LivingHolder } from '../organisations/succession.js';
import type { CaseDeps, LoadedCase } from './cases.store.js';
import { newId } from '../platform/ledger/new-id.js';

/** Which task: a visit of a step, or the supplement of a returned one. */
export interface AskedTask {
  readonly step: string;
  readonly visit: number;
  readonly supplement: boolean;
}

/** The act that opens a task at the step's living holder; undefined where there is none. */
export async function openedAct(
  tx: Transaction,
  deps: CaseDeps,
  { state }: LoadedCase,
  { step: id, visit, supplement }: AskedTask,
): Promise<Extract<ProcessAct, { kind: 'opened' }> | undefined> {
  const step = state.route.steps.find((one) => one.id === id);
  if (!step) throw new Error(`the route has no step ${id}`);
  const whose = supplement ? state.route.filer.organisationId : decidesAt(state, step);
  const [holder, calendars] = await Promise.all([holderOf(tx, whose, deps.clock.now()), deps.calendar.current(tx)]);
  if (!holder) return undefined;
  const arrivedOn = dateOf(deps.clock.now());
  const atSchool = holder.level === 'school';
  return {
    kind: 'opened',
    taskId: newId(),
    step: id,
    visit,
    capacities: step.capacities,
    holder: holder.id,
    arrivedOn,
    ladder: holder.ladder,
    ...onBehalfOf(step, holder, supplement),
    ...(supplement
      ? { supplement: true, office: atSchool ? 'schoolClerk' : 'authorityReviewer', workingDays: state.route.supplementWorkingDays }
      : {
          office: atSchool ? step.office : 'authorityReviewer',
          ...allowanceOf(state, step, holder.id, calendarFor(calendars, { holder: holder.id, ladder: holder.ladder })),
        }),
  };
}

/** For whom the holder answers: a school outside this system (A23), or one that was closed (A25). */
function onBehalfOf(step: RouteStep, holder: LivingHolder, supplement: boolean): { onBehalfOf?: string } {
  const school = holder.onBehalfOf ?? (supplement ? undefined : step.onBehalfOf);
  return school ? { onBehalfOf: school } : {};
}
