import { activityInfo } from '@temporalio/activity';
import type { DataSource } from 'typeorm';
import type { ProcessAct } from '../src/domain/case/acts.js';
import { comesNext, type Todo } from '../src/domain/case/next.js';
import { inScope, type Transaction } from '../src/platform/database/in-scope.js';
import { lockCase, lockOthersOfDeath, readCase, record, type CaseDeps, type LoadedCase } from '../src/cases/cases.store.js';
import type { Moved } from '../src/cases/held.js';
import { workflowIdOf, type Wake } from '../src/cases/wakes.js';
import { diverged, divergedFrom, reading, type Reading, type Seen } from './reading.js';

export interface ProcessDeps extends CaseDeps {
  readonly db: DataSource;
  /** Wakes another case that an activity moved; whom it misses the reconciler wakes. */
  readonly wake?: (wake: Wake) => void;
}

/** Every activity of the process names its request and says how far its run has read. */
export interface Ask {
  readonly requestId: string;
  readonly seen: Seen;
}

/** The act to append, with the one that closes the case and the other cases that moved by it, or in how many milliseconds to look again. */
export type Made =
  { act: ProcessAct; closing?: Extract<ProcessAct, { kind: 'closed' }>; moved?: readonly Moved[] } | { retryAfter: number };

/** Reads the acts after the cursor. */
export const read = (deps: ProcessDeps, { requestId, seen }: Ask): Promise<Reading> =>
  inScope(deps.db, 'process', async (tx) => {
    // One round trip; the calendar is kept for `reading`.
    const [loaded] = await Promise.all([readCase(tx, requestId), deps.calendar.current(tx)]);
    if (!loaded) return divergedFrom(seen);
    return reading(tx, deps, loaded, seen, runId());
  });

/**
 * Appends one process act, once: under the request's row lock it writes nothing when the key exists already (a second run of the same
 * activity) or when a newer process act came after `seen` (the run must read and think again). What follows from the acts alone is
 * judged by them: with a `todo`, it writes exactly when that comes next. So a run that was woken may ask for what it expects, unread.
 * The requests that a death holds are locked with its end, and woken after the commit when it moved them.
 */
export const perform = async (
  deps: ProcessDeps,
  { requestId, seen }: Ask,
  key: string,
  make: (tx: Transaction, loaded: LoadedCase) => Promise<Made> | Made,
  todo?: Todo,
): Promise<Reading> => {
  let moved: readonly Moved[] = [];
  const answered = await inScope(deps.db, 'process', async (tx) => {
    const others = MOVES_OTHERS.has(todo?.do) ? lockOthersOfDeath(tx, requestId) : undefined;
    const [, loaded] = await Promise.all([others, lockCase(tx, requestId), deps.calendar.current(tx)]);
    if (!loaded) return divergedFrom(seen);
    const answer = (of: LoadedCase, retryAfter?: number) => reading(tx, deps, of, seen, runId(), retryAfter);
    const overtaken = todo ? !comesNext(loaded.state, todo) : loaded.state.seen > seen.seq;
    if (diverged(loaded, seen) || loaded.state.closed || overtaken || loaded.acts.some((act) => act.key === key)) return answer(loaded);
    const made = await make(tx, loaded);
    if ('retryAfter' in made) return answer(loaded, made.retryAfter);
    // Parking leaves the key of what could not be done free, or it could never be done once the cause is cleared.
    const actKey = made.act.kind === 'parked' ? `parked:${key}:${loaded.state.seen}` : key;
    moved = made.moved ?? [];
    const after = await record(tx, deps, loaded, made.act, { key: actKey });
    return answer(made.closing ? await record(tx, deps, after, made.closing, { key: 'closed' }) : after);
  });
  for (const { request, act } of moved)
    deps.wake?.({ requestId: request.id, kind: act.kind, workflowId: workflowIdOf(request.kind, request.number) });
  return answered;
};

/** What ends a death, and with it what the death holds. */
const MOVES_OTHERS: ReadonlySet<Todo['do'] | undefined> = new Set<Todo['do']>(['applyChange', 'close']);

export const runId = (): string => activityInfo().workflowExecution?.runId ?? 'no-run';

/** Parks a case, once for each cause; while the cause lasts the activity is only tried again. */
export const parkedOr = ({ state }: LoadedCase, act: Extract<ProcessAct, { kind: 'parked' }>, tryAgain: number): Made =>
  state.parked?.cause === act.cause && state.parked.step === act.step ? { retryAfter: tryAgain } : { act };
