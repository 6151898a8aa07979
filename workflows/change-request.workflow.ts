import { ApplicationFailure, condition, continueAsNew, proxyLocalActivities, setHandler, sleep, workflowInfo } from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { Reading, Seen } from '../activities/reading.js';
import type { Outcome } from '../src/domain/case/acts.js';
import type { AgendaItem } from '../src/domain/case/agenda.js';
import { newCase } from '../src/domain/case/case.js';
import { fold } from '../src/domain/case/fold.js';
import { expectedNext, next, type Todo } from '../src/domain/case/next.js';
import { wake, type CaseInput } from './messages.js';
import { storyOf, timerSummary } from './story.js';
import { A_SECOND } from './woken-or.js';

const acts = proxyLocalActivities<Activities>({
  startToCloseTimeout: '5 seconds',
  localRetryThreshold: '3 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '1 minute' },
});

const MANY_EVENTS = 4000;

/**
 * The process of one change request: what happens next and when. It folds the ledger's acts, decides what to do, and does it through one
 * activity that appends its act. A wake carries no meaning, so lost, doubled or reordered wakes are harmless. After a wake the run asks at
 * once for what follows an approval, because that is the usual case. The ledger judges whether it does follow.
 */
export async function changeRequest(input: CaseInput): Promise<Outcome> {
  let wakes = 0;
  let wakesSeen = -1;
  let alarmCount = 0;
  let alarmsSeen = 0;
  const setAlarm = alarmClock(() => (alarmCount += 1));
  let state = newCase(input.route);
  let seen: Seen = { seq: 0, hash: '' };
  let agenda: readonly AgendaItem[] = [];
  let retryAfter: number | undefined;
  let due: Reading['due'] = [];
  const show = storyOf();
  let known = input;
  setHandler(wake, () => void (wakes += 1));

  const take = (reading: Reading): void => {
    if (reading.diverged) throw ApplicationFailure.nonRetryable('the ledger was restored to an earlier time', 'diverged');
    state = reading.acts.reduce(fold, state);
    ({ seen, agenda, retryAfter, due } = reading);
    if (reading.organisations) known = { ...input, organisations: { ...input.organisations, ...reading.organisations } };
  };

  for (;;) {
    if (wakesSeen !== wakes || alarmsSeen !== alarmCount) {
      const guess = wakesSeen === wakes ? undefined : expectedNext(state);
      wakesSeen = wakes;
      alarmsSeen = alarmCount;
      take(await perform(guess ?? { do: 'wait' }));
    }
    const todo = next(state, agenda, Date.now());
    if (todo.do === 'end' || todo.do === 'wait' || retryAfter !== undefined) show(known, state, due);
    if (todo.do === 'end') return todo.outcome;
    if (todo.do === 'wait' || retryAfter !== undefined) {
      setAlarm(looksAgainAt(todo, agenda, retryAfter), timerSummary(known, state, agenda));
      await condition(() => wakes !== wakesSeen || alarmCount !== alarmsSeen);
    } else {
      const before = seen.seq;
      take(await perform(todo));
      if (seen.seq === before) retryAfter ??= A_SECOND; // what changed nothing is not asked again at once
    }
    if (workflowInfo().historyLength > MANY_EVENTS) await continueAsNew<typeof changeRequest>(input);
  }

  /** Without anything to do, it reads what is new. */
  function perform(todo: Todo): Promise<Reading> {
    const ask = { requestId: input.requestId, seen };
    switch (todo.do) {
      case 'openTask':
        return acts.openTask({ ...ask, step: todo.step, visit: todo.visit, supplement: todo.supplement });
      case 'remind':
        return acts.remind({ ...ask, item: todo.item });
      case 'escalate':
        return acts.escalate({ ...ask, item: todo.item });
      case 'applyChange':
        return acts.applyChange(ask);
      case 'close':
        return acts.close({ ...ask, outcome: todo.outcome });
      default:
        return acts.readActs(ask);
    }
  }
}

/** What is due by our clock and not yet by the activities' is asked again when they said, not at once. */
function looksAgainAt(todo: Todo, agenda: readonly AgendaItem[], retryAfter: number | undefined): number | undefined {
  const dueNext = agenda.find(({ at }) => retryAfter === undefined || at > Date.now())?.at;
  const until = todo.do === 'wait' ? todo.until : undefined;
  return earliest(dueNext, until, retryAfter === undefined ? undefined : Date.now() + retryAfter);
}

const earliest = (...instants: (number | undefined)[]): number | undefined => {
  const known = instants.filter((instant) => instant !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
};

/** An alarm that rings early serves a later instant too, because the run looks and sleeps on. So a decision need not cancel it. */
function alarmClock(ring: () => void): (at: number | undefined, summary: string) => void {
  const set = new Set<number>();
  return (at, summary) => {
    if (at === undefined || [...set].some((earlier) => earlier <= at)) return;
    set.add(at);
    const rung = sleep(Math.max(A_SECOND, at - Date.now()), { summary });
    void rung.then(
      () => (set.delete(at), ring()),
      () => undefined, // only cancelling the run ends a sleep early, and ends the run itself
    );
  };
}
