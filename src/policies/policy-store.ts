import { Injectable } from '@nestjs/common';
import type { Transaction } from '../database/in-scope.js';
import { NATIONAL_DEFAULT, type Policy } from '../domain/policy.js';
import { inherited, type PackContent, type PolicyContent } from '../domain/policy-pack.js';
import type { Route } from '../domain/procedure.js';

/** The policy that a pack's content stands for: what it leaves out is inherited from the national default. */
export const policyOf = (content: PackContent, id: string, version: number): Policy => ({
  ...inherited<PolicyContent>(NATIONAL_DEFAULT, content),
  ...{ id, version },
});

/** Policies by province. */
@Injectable()
export class PolicyStore {
  /** The policy that a case was filed under. */
  async frozen(tx: Transaction, { id, version }: Route['policy']): Promise<Policy> {
    const [row] = await tx.query<{ content: PackContent }[]>('select content from policy where id = $1 and version = $2', [id, version]);
    return row ? policyOf(row.content, id, version) : NATIONAL_DEFAULT;
  }

  /** The policy in force for a province on a day: its own, else the national default. */
  async inForce(tx: Transaction, provinceId: string | undefined, on: string): Promise<Policy> {
    const [row] = await tx.query<{ id: string; version: number; content: PackContent }[]>(
      `select id, version, content from policy where (organisation_id = $1 or organisation_id is null) and effective_from <= $2::date
         and state = 'activated' order by organisation_id is null, effective_from desc, version desc limit 1`,
      [provinceId ?? null, on],
    );
    return row ? policyOf(row.content, row.id, row.version) : NATIONAL_DEFAULT;
  }
}
