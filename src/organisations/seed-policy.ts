import type { Transaction } from '../database/in-scope.js';
import { NATIONAL_DEFAULT } from '../domain/policy.js';

/** The regulation took effect on the day it was issued. */
export const REGULATION_EFFECTIVE = '2014-11-15';

/** Writes the national default, in force wherever a province has set nothing else, unless it is there. */
export async function seedPolicy(tx: Transaction): Promise<void> {
  const { id, version, ...content } = NATIONAL_DEFAULT;
  await tx.query(
    'insert into policy (id, version, organisation_id, effective_from, content) values ($1,$2,null,$3,$4) on conflict do nothing',
    [...[id, version, REGULATION_EFFECTIVE, content]],
  );
}
