import { activityInfo } from '@temporalio/activity';
import type { DataSource } from 'typeorm';
import type { ProcessAct } from '../src/domain/case/acts.js';
import { comesNext, type Todo } from '../src/domain/case/next.js';
import { inScope, type Transaction } from '../src/platform/database/in-scope.js';
import { lockCase, lockOthersOfDeath, readCase, record, type CaseDeps, type LoadedCase } from '../src/cases/cases.store.js';
import type { Moved } from '../src/cases/held.js';
import { workflowIdOf } from '../src/cases/wakes.js';
import { diverged, divergedFrom, reading, type Reading, type Seen } from './reading.js';

export interface ProcessDeps extends CaseDeps {
  readonly db: DataSource;
}

/** Every activity of the process names its request and says how far its run has read. */
export interface Ask {
  readonly requestId: string;
  readonly seen: Seen;
}

/**
 * 1. The act to append, with the act that closes the case and the other cases that it moves.
 * 2. Or the milliseconds after which to look again.
 */
export type Made =
  { act: ProcessAct; closing?: Extract<ProcessAct, { kind: 'closed' }>; moved?: readonly Moved[] } | { retryAfter: number };

/** Reads the acts after the cursor. */
export const readProcess = (deps: ProcessDeps, { requestId, seen }: Ask): Promise<Reading> =>
  inScope(deps.db, 'process', async (tx) => {
    // One round trip; the calendar is kept for `reading`.
    const [loaded] = await Promise.all([readCase(tx, requestId), deps.calendar.current(tx)]);
    if (!loaded) return divergedFrom(seen);
    return reading(tx, deps, loaded, seen, runId());
  });

/**
 * Appends one process act, once, under the request's row lock. It writes nothing in two cases:
 * 1. The key exists already, because the same activity ran before.
 * 2. A newer process act came after `seen`, so the run must read and decide again.
 * With a `todo`, it writes exactly when that comes next. So a woken run may ask for what it expects without reading first.
 * The requests that a death holds are locked when it ends, and woken after the commit if it moved them.
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
    // Putting off leaves the key of what was not done free, or it could never be done later.
    const actKey = PUTS_OFF.has(made.act.kind) ? `${made.act.kind}:${key}:${loaded.state.seen}` : key;
    moved = made.moved ?? [];
    const after = await record(tx, deps, loaded, made.act, { key: actKey });
    return answer(made.closing ? await record(tx, deps, after, made.closing, { key: 'closed' }) : after);
  });
  for (const { request, act } of moved)
    deps.wake?.({ requestId: request.id, kind: act.kind, workflowId: workflowIdOf(request.kind, request.number) });
  return answered;
};

const PUTS_OFF: ReadonlySet<ProcessAct['kind']> = new Set(['parked', 'scheduled']);

/** What ends a death, and with it what the death holds. */
const MOVES_OTHERS: ReadonlySet<Todo['do'] | undefined> = new Set<Todo['do']>(['applyChange', 'close']);

export const runId = (): string => activityInfo().workflowExecution?.runId ?? 'no-run';

/** Parks a case, once for each cause; while the cause lasts the activity is only tried again. */
export const parkedOr = ({ state }: LoadedCase, act: Extract<ProcessAct, { kind: 'parked' }>, tryAgain: number): Made =>
  state.parked?.cause === act.cause && state.parked.step === act.step ? { retryAfter: tryAgain } : { act };
