import { inScope, type Transaction } from '../src/platform/database/in-scope.js';
import { nextOfChange, type ChangeProgressState, type ChangeTodo } from '../src/domain/organisation-change.js';
import { lockChange, recordAt, changeProgressOf, type ChangeRow } from '../src/organisation-changes/organisation-changes.store.js';
import { closeSchool } from '../src/organisation-changes/close-school.js';
import { moveDossiers } from '../src/organisation-changes/move-dossiers.js';
import { rerouteCases } from '../src/organisation-changes/reroute-cases.js';
import { rerouteOrders } from '../src/organisation-changes/reroute-orders.js';
import { PolicyStore } from '../src/policies/policies.store.js';
import type { ProcessDeps } from './perform.js';

export interface ChangeAsk {
  readonly changeId: string;
}

/** Where the job stands, and the workflows whose cases it has just told. */
export interface ChangeReading {
  readonly standing: ChangeProgressState;
  readonly told: readonly string[];
}

/**
 * Activities of mergers and closures. Each moves one batch in one transaction, under the change's row lock. It moves only what the
 * database's counts say comes next, so a second run moves what is left, or nothing.
 */
export const organisationChangeActivities = (deps: ProcessDeps) => {
  const policies = new PolicyStore();
  const batch = (
    { changeId }: ChangeAsk,
    what: ChangeTodo['do'],
    move: (
      tx: Transaction,
      change: ChangeRow,
      standing: ChangeProgressState,
    ) => Promise<readonly { kind: string; number: string }[] | void>,
  ): Promise<ChangeReading> =>
    inScope(deps.db, 'process', async (tx) => {
      const change = await lockChange(tx, changeId);
      const standing = await changeProgressOf(tx, changeId);
      if (nextOfChange(standing, deps.clock.now()).do !== what) return { standing, told: [] };
      const told = (await move(tx, change, standing)) ?? [];
      return { standing: await changeProgressOf(tx, changeId), told: told.map(({ kind, number }) => `${kind}/${number}`) };
    });

  return {
    /** Where the merger or closure stands. */
    readChange: ({ changeId }: ChangeAsk): Promise<ChangeReading> =>
      inScope(deps.db, 'process', async (tx) => ({ standing: await changeProgressOf(tx, changeId), told: [] })),
    /** Closes the school on its day, with its successor or the authority that acts for it, and passes its offices on. */
    closeSchool: (ask: ChangeAsk) => batch(ask, 'closeSchool', (tx, change) => closeSchool(tx, deps, change)),
    /** Tells the next cases who stands in the school's place. */
    rerouteCases: (ask: ChangeAsk) => batch(ask, 'rerouteCases', (tx, change) => rerouteCases(tx, deps, change)),
    /** Tells the next orders 责令 to the school who answers them now. */
    rerouteOrders: (ask: ChangeAsk) => batch(ask, 'rerouteOrders', (tx, change) => rerouteOrders(tx, deps, change)),
    /** Moves the next dossiers to the successor, or leavers' to the custodian. */
    moveDossiers: (ask: ChangeAsk) => batch(ask, 'moveDossiers', (tx, change) => moveDossiers(tx, { ...deps, policies }, change)),
    /** Ends the job, when nothing is left. */
    completeChange: (ask: ChangeAsk) =>
      batch(ask, 'complete', async (tx, { id, schoolId }, { casesMoved, ordersMoved, dossiersMoved }) => {
        await tx.query(`update organisation_change set state = 'done', completed_at = $2 where id = $1`, [id, new Date(deps.clock.now())]);
        const body = { changeId: id, casesMoved, ordersMoved, dossiersMoved };
        await recordAt(tx, deps, schoolId, { kind: 'organisationChangeCompleted', key: `completed:${id}`, body });
      }),
  };
};
