import type { Transaction } from '../platform/database/in-scope.js';
import { NATIONAL_DEFAULTS, type NationalDefault } from '../domain/policy/policy.js';

/** The regulation took effect on the day it was issued. */
export const REGULATION_EFFECTIVE = NATIONAL_DEFAULTS[0].effectiveFrom;

/** Writes the national defaults, in force wherever a province has set nothing else, unless they are there: what is there stays. */
export async function seedPolicy(tx: Transaction, defaults: readonly NationalDefault[] = NATIONAL_DEFAULTS): Promise<void> {
  for (const { policy, effectiveFrom } of defaults) {
    const { id, version, ...content } = policy;
    await tx.query(
      'insert into policy (id, version, organisation_id, effective_from, content) values ($1,$2,null,$3,$4) on conflict do nothing',
      [id, version, effectiveFrom, content],
    );
  }
}
