import type { Transaction } from '../src/platform/database/in-scope.js';
import type { Outcome } from '../src/domain/case/acts.js';
import { agendaOf, type AgendaItem } from '../src/domain/case/agenda.js';
import { taskOf } from '../src/domain/case/case.js';
import { climbOf } from '../src/domain/procedure/ladder.js';
import { wakeAssertions } from '../src/dossier/disputes/wake-assertions.js';
import { reopenDuplicate } from '../src/dossier/disputes/ruling.js';
import type { LoadedCase } from '../src/cases/cases.store.js';
import { releaseOthers } from '../src/cases/held.js';
import { openedAct, type AskedTask } from '../src/cases/opening.js';
import { parkedOr, perform, readProcess, type Ask, type Made, type ProcessDeps } from './perform.js';

/** Milliseconds between two retries of a step without a living holder that nobody wakes. */
const HOUR = 3_600_000;

/** Activities about tasks: each appends one act of the process. */
export const taskActivities = (deps: ProcessDeps) => ({
  /** The process acts after the cursor. */
  readActs: (ask: Ask) => readProcess(deps, ask),

  /** Opens a step's task at its holder, or the supplement of a returned step at the filer (A9). */
  openTask: ({ requestId, seen, step, visit, supplement }: Ask & { step: string; visit: number; supplement: boolean }) => {
    const key = `opened:${step}:${visit}${supplement ? ':supplement' : ''}`;
    const make = (tx: Transaction, loaded: LoadedCase) => opening(tx, deps, loaded, { step, visit, supplement });
    return perform(deps, { requestId, seen }, key, make, { do: 'openTask', step, visit, supplement });
  },

  /** Reminds the holder so many working days before the due date (A4). */
  remind: (ask: Ask & { item: AgendaItem }) =>
    perform(deps, ask, `reminded:${ask.item.taskId}:${ask.item.n}`, async (tx, loaded): Promise<Made> => {
      const { taskId, step, visit, n } = ask.item;
      return (await earlyBy(deps, tx, loaded, ask.item)) ?? { act: { kind: 'reminded', taskId, step, visit, workingDaysLeft: n } };
    }),

  /** Shows an overdue task to the next superior (A4): it stays with its holder. Only while the task is open and its deadline has passed. */
  escalate: (ask: Ask & { item: AgendaItem }) =>
    perform(deps, ask, `escalated:${ask.item.taskId}:${ask.item.n}`, async (tx, loaded): Promise<Made> => {
      const { taskId, step, visit, n } = ask.item;
      const to = climbOf(taskOf(loaded.state, taskId)?.ladder ?? [], loaded.state.route.escalateTo)[n - 1];
      if (!to) return { retryAfter: 1000 };
      return (await earlyBy(deps, tx, loaded, ask.item)) ?? { act: { kind: 'escalated', taskId, step, visit, level: n, to } };
    }),

  /**
   * Closes the request. Three kinds of other cases move with it:
   * 1. A death without effect releases the requests that it held.
   * 2. The other side of a duplicate looks again.
   * 3. A ruling without a result leaves its matter open to new assertions.
   */
  close: ({ outcome, ...ask }: Ask & { outcome: Outcome }) => {
    const make = async (tx: Transaction, { request }: LoadedCase): Promise<Made> => {
      if (request.kind === 'registrationException') await wakeAssertions(tx, deps, request);
      if (request.kind === 'duplicateRuling' && outcome !== 'approved') await reopenDuplicate(tx, deps, request);
      const released = request.kind === 'death' && outcome !== 'approved';
      return { act: { kind: 'closed', outcome }, moved: released ? await releaseOthers(tx, deps, request) : [] };
    };
    return perform(deps, ask, 'closed', make, { do: 'close', outcome });
  },
});

async function opening(tx: Transaction, deps: ProcessDeps, loaded: LoadedCase, asked: AskedTask): Promise<Made> {
  const act = await openedAct(tx, deps, loaded, asked);
  return act ? { act } : parkedOr(loaded, { kind: 'parked', what: 'step', cause: 'no-living-holder', step: asked.step }, HOUR);
}

/**
 * Says when a message must not go out yet. Its instant is counted again, because the calendar may have been amended since the run read it.
 * The workflow's clock may also run ahead of the activities'. For a message no longer to be sent, the run reads again.
 */
async function earlyBy(deps: ProcessDeps, tx: Transaction, { state, request }: LoadedCase, item: AgendaItem): Promise<Made | undefined> {
  const agenda = agendaOf(state, await deps.calendar.current(tx), request.id);
  const at = agenda.find(({ taskId, what, n }) => taskId === item.taskId && what === item.what && n === item.n)?.at;
  if (at === undefined) return { retryAfter: 1000 };
  const ahead = at - deps.clock.now();
  return ahead > 0 ? { retryAfter: Math.max(1000, ahead) } : undefined;
}
