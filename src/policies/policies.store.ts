import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/in-scope.js';
import { NATIONAL_DEFAULT, NATIONAL_DEFAULTS, type Policy } from '../domain/policy/policy.js';
import { inherited, type PackContent, type PolicyContent } from '../domain/packs/policy-pack.js';
import type { Route } from '../domain/procedure/procedure.js';

/** The policy that a pack's content means now. What it leaves out is inherited from the latest national default. */
export const policyOf = (content: PackContent, id: string, version: number): Policy => ({
  ...inherited<PolicyContent>(NATIONAL_DEFAULT, content),
  id,
  version,
});

/** The content of a version as it was put into force. A key that did not exist then has the first default. */
export const inForceOf = ({ id, version, whole }: StoredPolicy): Policy => ({
  ...inherited<PolicyContent>(NATIONAL_DEFAULTS[0].policy, whole),
  id,
  version,
});

interface StoredPolicy {
  readonly id: string;
  readonly version: number;
  readonly whole: PackContent;
}

const STORED = 'select id, version, coalesce(whole, content) as whole from policy';

/** Policies by province. */
@Injectable()
export class PolicyStore {
  /** The policy that a case was filed under. @throws Error when it is not there: no other policy may take its place */
  async frozen(tx: Transaction, { id, version }: Route['policy']): Promise<Policy> {
    const [row] = await tx.query<StoredPolicy[]>(`${STORED} where id = $1 and version = $2`, [id, version]);
    if (row) return inForceOf(row);
    throw new Error(`policy ${id} version ${version}, under which a case was filed, is not there`);
  }

  /** The policy in force for a province on a day: its own, else the national default. @throws Error when not even that is there */
  async inForce(tx: Transaction, provinceId: string | undefined, on: string): Promise<Policy> {
    const [row] = await tx.query<StoredPolicy[]>(
      `${STORED} where (organisation_id = $1 or organisation_id is null) and effective_from <= $2::date
         and state = 'activated' order by organisation_id is null, effective_from desc, version desc limit 1`,
      [provinceId ?? null, on],
    );
    if (row) return inForceOf(row);
    throw new Error(`no policy is in force on ${on}: the national default is not there`);
  }
}
