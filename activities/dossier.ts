import { activityInfo, log } from '@temporalio/activity';
import { isOutage, violatedConstraint, type Transaction } from '../src/platform/database/in-scope.js';
import { shownFailure } from '../src/platform/log.js';
import type { LoadedCase } from '../src/cases/cases.store.js';
import { supersedeOthers } from '../src/cases/held.js';
import type { Cause } from '../src/dossier/effect.js';
import { applyEffect } from '../src/dossier/effects/apply.js';
import { blockersOnItsDay } from '../src/requests/on-its-day.js';
import { isBatch, type BatchKind } from '../src/domain/procedure/procedure.js';
import { dateOf, instantOf } from '../src/domain/working-days.js';
import { BATCH_EFFECTS } from './batch-effects.js';
import type { Reading } from './reading.js';
import { noteIncidentIn } from '../src/cases/incidents.js';
import { parkedOr, perform, runId, type Ask, type Made, type ProcessDeps } from './perform.js';

/** Milliseconds between two retries of a parked effect that nobody wakes. */
const TRY_AGAIN = 10 * 60_000;
/** An assertion waits for people at another school for weeks, and is woken when they have decided. */
const A_DAY = 24 * 3_600_000;

/** How often a change that fails for a reason nobody foresaw is tried before the case parks; then hourly, or when an operator retries. */
const ATTEMPTS = 5;
const AN_HOUR = 3_600_000;

/**
 * Parks a case whose change fails by our own fault, with an incident for the operators: it must not be retried for ever unseen. What
 * only the moment forbids (a database that is away or busy) goes on being retried.
 * @throws the failure, as long as it is worth another attempt
 */
function parkedByFailure(deps: ProcessDeps, ask: Ask, failure: unknown): Promise<Reading> {
  const make = async (tx: Transaction, loaded: LoadedCase): Promise<Made> => {
    const known = loaded.state.parked?.cause === 'internal-error';
    if (!known && activityInfo().attempt < ATTEMPTS) throw failure;
    log.error('a change cannot take effect', { requestId: ask.requestId, failure: shownFailure(failure) });
    await noteIncidentIn(tx, { requestId: ask.requestId, runId: runId(), found: 'internalError', at: deps.clock.now() });
    return parkedOr(loaded, { kind: 'parked', what: 'effect', cause: 'internal-error' }, AN_HOUR);
  };
  return perform(deps, ask, 'effected', make, { do: 'applyChange' });
}

/** Milliseconds for which one run of the activity goes on with pages of a batch, well within its time limit; between two runs it rests. */
const PAGES_FOR = 2500;
const BREATH = 1000;

/** One page of a batch's rows; once none is left, the act that says so. */
async function nextPage(tx: Transaction, deps: ProcessDeps, loaded: LoadedCase, kind: BatchKind): Promise<Made | 'more'> {
  const made = await BATCH_EFFECTS[kind](tx, deps, loaded);
  if (made === 'more') return 'more';
  if (made !== 'done') return scheduledOr(deps, loaded, made.awaits);
  return { act: { kind: 'effected', effectiveOn: dateOf(deps.clock.now()) }, closing: { kind: 'closed', outcome: 'approved' } };
}

/** Puts a change off until its day, once; a run whose clock is ahead is told how long to wait. */
const scheduledOr = ({ clock }: ProcessDeps, { state }: LoadedCase, effectiveOn: string): Made =>
  state.scheduled?.until === effectiveOn
    ? { retryAfter: Math.max(1000, instantOf(effectiveOn) - clock.now()) }
    : { act: { kind: 'scheduled', effectiveOn } };

/** What an index found first: another change took the document, or the place, after this one had looked, and before it wrote. */
const CAUSE_OF: Readonly<Record<string, Cause>> = {
  student_document_index_key: 'document-in-use',
  enrolment_held_once: 'enrolment-held-elsewhere',
};

/** Activities about the dossier. */
export const dossierActivities = (deps: ProcessDeps) => ({
  /**
   * Makes the approved change in one transaction with its act, wholly or not at all (invariant 5).
   * 1. Before its day the case waits for it (A20).
   * 2. When it cannot take effect now, the case parks with the cause, once for each cause, and goes on when the cause is cleared.
   * 3. What has taken effect is closed with it.
   * 4. A batch takes effect page by page, each in a transaction of its own, until none is left.
   */
  applyChange: async (ask: Ask): Promise<Reading> => {
    let more = false;
    const make = async (tx: Transaction, loaded: LoadedCase): Promise<Made> => {
      const { kind } = loaded.request;
      if (isBatch(kind)) {
        const made = await nextPage(tx, deps, loaded, kind);
        more = made === 'more';
        return made === 'more' ? { retryAfter: BREATH } : made;
      }
      const effect = await applyEffect(tx, deps, loaded, blockersOnItsDay);
      if ('retryAfter' in effect) return effect;
      if ('awaits' in effect) return scheduledOr(deps, loaded, effect.awaits);
      if ('cause' in effect) {
        const tryAgain = effect.cause === 'counter-claim-open' ? A_DAY : TRY_AGAIN;
        return parkedOr(loaded, { kind: 'parked', what: 'effect', cause: effect.cause }, tryAgain);
      }
      const moved = kind === 'death' ? await supersedeOthers(tx, deps, loaded.request) : [];
      return { act: { kind: 'effected', effectiveOn: effect.effectiveOn }, closing: { kind: 'closed', outcome: 'approved' }, moved };
    };
    try {
      for (const until = performance.now() + PAGES_FOR; ; more = false) {
        const made = await perform(deps, ask, 'effected', make, { do: 'applyChange' });
        if (!more || performance.now() >= until) return made;
      }
    } catch (error) {
      if (isOutage(error)) throw error;
      const cause = CAUSE_OF[violatedConstraint(error) ?? ''];
      if (cause)
        return perform(deps, ask, 'effected', (_, loaded) => parkedOr(loaded, { kind: 'parked', what: 'effect', cause }, TRY_AGAIN), {
          do: 'applyChange',
        });
      return parkedByFailure(deps, ask, error);
    }
  },
});
