import { lockCase, record, type LoadedCase } from '../../cases/cases.store.js';
import { openedAct } from '../../cases/opening.js';
import { agendaOf, type AgendaItem } from '../../domain/case/agenda.js';
import type { ProcessAct } from '../../domain/case/acts.js';
import { taskOf } from '../../domain/case/case.js';
import { next } from '../../domain/case/next.js';
import { climbOf } from '../../domain/procedure/ladder.js';
import { applyEffect } from '../../dossier/effects/apply.js';
import { blockersOnItsDay } from '../../requests/on-its-day.js';
import type { Stage } from './stage.js';

interface Appended {
  readonly act: ProcessAct;
  readonly key: string;
}

/** A case as it stands now, read again. */
export async function caseNow({ tx }: Stage, id: string): Promise<LoadedCase> {
  const loaded = await lockCase(tx, id);
  if (!loaded) throw new Error(`no case ${id}`);
  return loaded;
}

/**
 * Does what the process of a case would have done until an instant, on the set clock and without Temporal. Acts and keys are those of the
 * activities, so a worker that takes over finds nothing to do twice.
 */
export async function liveUntil(stage: Stage, loaded: LoadedCase, until: number): Promise<LoadedCase> {
  const { tx, clock, context } = stage;
  let now = loaded;
  for (;;) {
    const agenda = agendaOf(now.state, await context.calendar.current(tx), now.request.id);
    const todo = next(now.state, agenda, clock.now());
    if (todo.do === 'end') return now;
    if (todo.do === 'wait') {
      if (todo.until === undefined || todo.until > until) break;
      clock.set(Math.max(clock.now(), todo.until));
      continue;
    }
    const appended = await doing(stage, now, todo);
    if (!appended) break;
    const { kind } = appended.act;
    now = await record(tx, context, now, appended.act, { key: appended.key });
    if (kind === 'effected') now = await record(tx, context, now, { kind: 'closed', outcome: 'approved' }, { key: 'closed' });
    if (kind === 'parked') break;
  }
  clock.set(Math.max(clock.now(), until));
  return now;
}

type Doing = Exclude<ReturnType<typeof next>, { readonly do: 'end' } | { readonly do: 'wait' }>;

/** The act that a step of the process appends; undefined where it is the worker's to look again. */
async function doing({ tx, context }: Stage, loaded: LoadedCase, todo: Doing): Promise<Appended | undefined> {
  switch (todo.do) {
    case 'openTask': {
      const { step, visit, supplement } = todo;
      const act = await openedAct(tx, context, loaded, todo);
      return act && { act, key: `opened:${step}:${visit}${supplement ? ':supplement' : ''}` };
    }
    case 'remind':
    case 'escalate':
      return messageOf(loaded, todo.item);
    case 'close':
      return { act: { kind: 'closed', outcome: todo.outcome }, key: 'closed' };
    case 'applyChange': {
      const { state } = loaded;
      const effect = await applyEffect(tx, context, loaded, blockersOnItsDay);
      if ('effectiveOn' in effect) return { act: { kind: 'effected', effectiveOn: effect.effectiveOn }, key: 'effected' };
      if ('awaits' in effect) return { act: { kind: 'scheduled', effectiveOn: effect.awaits }, key: `scheduled:effected:${state.seen}` };
      if ('cause' in effect) return { act: { kind: 'parked', what: 'effect', cause: effect.cause }, key: `parked:effected:${state.seen}` };
      return undefined;
    }
  }
}

function messageOf({ state }: LoadedCase, { what, taskId, step, visit, n }: AgendaItem): Appended {
  if (what === 'remind') return { act: { kind: 'reminded', taskId, step, visit, workingDaysLeft: n }, key: `reminded:${taskId}:${n}` };
  const to = climbOf(taskOf(state, taskId)?.ladder ?? [], state.route.escalateTo)[n - 1];
  if (!to) throw new Error('a message of the agenda has somebody to go to');
  return { act: { kind: 'escalated', taskId, step, visit, level: n, to }, key: `escalated:${taskId}:${n}` };
}
