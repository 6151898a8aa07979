import { handlingAt, type Actor } from '../domain/offices.js';
import type { IntakeOf } from '../dossier/intakes.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import { actedBy } from '../platform/ledger/acted-by.js';
import { intakeName, oneIntake } from './intakes.views.js';

export interface LockedIntake extends IntakeOf {
  readonly id: string;
  readonly name: string;
  readonly openRequest: string | null;
}

/** Locks an intake of the actor's schools; one act on it follows the other. @throws Problem not-found */
export async function lockIntake(tx: Transaction, actor: Actor, id: string): Promise<LockedIntake> {
  await tx.query('select 1 from intake where id = $1 for update', [id]);
  const row = await oneIntake(tx, handlingAt(actor), id);
  if (!row) throw new Problem('not-found');
  const { school, year, season, requestId } = row;
  return {
    id,
    name: intakeName(row),
    schoolId: school.id,
    year,
    season: season === 'spring' ? 'spring' : 'autumn',
    openRequest: requestId,
  };
}

export const clerkOf = (actor: Actor, organisationId: string) => actedBy(actor, { office: 'schoolClerk', organisationId });
