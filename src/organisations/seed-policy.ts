import type { Transaction } from '../database/in-scope.js';
import { NATIONAL_DEFAULT, type Policy } from '../domain/policy.js';

/** The regulation took effect on the day it was issued. */
export const REGULATION_EFFECTIVE = '2014-11-15';

/** Writes a policy that is not there yet; `organisationId` null is the nation. */
export async function addPolicy(tx: Transaction, organisationId: string | null, policy: Policy): Promise<void> {
  await tx.query(
    'insert into policy (id, version, organisation_id, effective_from, content) values ($1,$2,$3,$4,$5) on conflict do nothing',
    [policy.id, policy.version, organisationId, REGULATION_EFFECTIVE, policy],
  );
}

/** The national default, in force wherever a province has set nothing else. */
export const seedPolicy = (tx: Transaction): Promise<void> => addPolicy(tx, null, NATIONAL_DEFAULT);
