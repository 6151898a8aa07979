import type { Transaction } from '../platform/database/in-scope.js';
import { policyDayOf, termAfter, termRules, termsUpTo, type SchoolTerm, type TermRules } from '../domain/terms/school-term.js';
import type { PlainDate } from '../domain/working-days.js';
import type { PolicyStore } from '../policies/policies.store.js';

/** The rules of a term in the policy of a province, or in the nation's. */
export async function rulesOf(tx: Transaction, policies: PolicyStore, provinceId: string | null, term: SchoolTerm): Promise<TermRules> {
  const inForce = (day: PlainDate) => policies.inForce(tx, provinceId ?? undefined, day);
  const [own, next] = await Promise.all([inForce(policyDayOf(term)), inForce(policyDayOf(termAfter(term)))]);
  return termRules(term, own, next);
}

/** The term that is under way in a province on a day: of those that have begun the latest. */
export async function rulesUnderWay(tx: Transaction, policies: PolicyStore, provinceId: string | null, day: PlainDate): Promise<TermRules> {
  for (const term of termsUpTo(day)) {
    const rules = await rulesOf(tx, policies, provinceId, term);
    if (rules.firstDay <= day) return rules;
  }
  throw new Error(`no term is under way on ${day}`);
}

/** The same for every province that has schools, and for the nation where a school belongs to none. */
export async function rulesOfProvinces(tx: Transaction, policies: PolicyStore, day: PlainDate): Promise<Map<string | null, TermRules>> {
  const provinces = await tx.query<{ id: string | null }[]>(`select distinct province_id as id from organisation where level = 'school'`);
  return new Map(await Promise.all(provinces.map(async ({ id }) => [id, await rulesUnderWay(tx, policies, id, day)] as const)));
}
