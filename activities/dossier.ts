import { fullyApproved } from '../src/domain/case.js';
import { applyEffect } from '../src/students/effects/apply.js';
import { parkedOr, perform, type Ask, type Made, type ProcessDeps } from './perform.js';

/** How often a parked effect is tried again without being woken. */
const TRY_AGAIN = 10 * 60_000;

/** Activities about the dossier. */
export const dossierActivities = (deps: ProcessDeps) => ({
  /**
   * Makes the approved change in one transaction with its act, wholly or not at all (invariant 5). When it cannot take effect now, the
   * case parks with the cause, once for each cause, and goes on when the cause is cleared.
   */
  applyChange: (ask: Ask) =>
    perform(deps, ask, 'effected', async (tx, loaded): Promise<Made> => {
      if (!fullyApproved(loaded.state)) throw new Error('only an approved change takes effect');
      const effect = await applyEffect(tx, deps, loaded);
      if ('effectiveOn' in effect) return { act: { kind: 'effected', effectiveOn: effect.effectiveOn } };
      return parkedOr(loaded, { kind: 'parked', what: 'effect', cause: effect.cause }, TRY_AGAIN);
    }),
});
