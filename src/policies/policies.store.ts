import { Injectable } from '@nestjs/common';
import type { Transaction } from '../platform/database/in-scope.js';
import { byKey, together } from '../platform/database/together.js';
import { NATIONAL_DEFAULT, NATIONAL_DEFAULTS, type Policy } from '../domain/policy/policy.js';
import { inherited, type PackContent, type PolicyContent } from '../domain/packs/policy-pack.js';
import type { Route } from '../domain/procedure/procedure.js';

/** The policy that a pack's content means. What it leaves out is inherited from the policy that it is based on. */
export const policyOf = (content: PackContent, id: string, version: number, base: Policy = NATIONAL_DEFAULT): Policy => ({
  ...inherited<PolicyContent>(base, content),
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

  /**
   * The policy in force for a province on a day: its own, else the national default. What is asked for at the same time is one statement.
   * @throws Error when not even the national default is there
   */
  async inForce(tx: Transaction, provinceId: string | undefined, on: string): Promise<Policy> {
    const row = await together(tx, 'policy in force', `${on} ${provinceId ?? ''}`, async (keys) => byKey(await inForceAt(tx, keys)));
    if (row) return inForceOf(row);
    throw new Error(`no policy is in force on ${on}: the national default is not there`);
  }
}

/** A key is a day and a province, if any. */
const inForceAt = (tx: Transaction, keys: readonly string[]): Promise<(StoredPolicy & { readonly key: string })[]> =>
  tx.query(
    `select asked.key, p.id, p.version, p.whole from unnest($1::text[]) as asked (key) cross join lateral (
       ${STORED} where (organisation_id = nullif(split_part(asked.key, ' ', 2), '')::uuid or organisation_id is null)
         and effective_from <= split_part(asked.key, ' ', 1)::date and state = 'activated'
       order by organisation_id is null, effective_from desc, version desc limit 1) p`,
    [keys],
  );
