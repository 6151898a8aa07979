import type { Transaction } from '../src/database/in-scope.js';
import type { LoadedCase } from '../src/requests/case-store.js';
import { supersedeOthers } from '../src/requests/held.js';
import { applyEffect } from '../src/students/effects/apply.js';
import { parkedOr, perform, type Ask, type Made, type ProcessDeps } from './perform.js';

/** How often a parked effect is tried again without being woken. */
const TRY_AGAIN = 10 * 60_000;

/** Activities about the dossier. */
export const dossierActivities = (deps: ProcessDeps) => ({
  /**
   * Makes the approved change in one transaction with its act, wholly or not at all (invariant 5). When it cannot take effect now, the
   * case parks with the cause, once for each cause, and goes on when the cause is cleared. What has taken effect is closed with it.
   */
  applyChange: (ask: Ask) => {
    const make = async (tx: Transaction, loaded: LoadedCase): Promise<Made> => {
      const effect = await applyEffect(tx, deps, loaded);
      if ('later' in effect) return effect;
      if ('cause' in effect) return parkedOr(loaded, { kind: 'parked', what: 'effect', cause: effect.cause }, TRY_AGAIN);
      const moved = loaded.request.kind === 'death' ? await supersedeOthers(tx, deps, loaded.request) : [];
      return { act: { kind: 'effected', effectiveOn: effect.effectiveOn }, closing: { kind: 'closed', outcome: 'approved' }, moved };
    };
    return perform(deps, ask, 'effected', make, { do: 'applyChange' });
  },
});
