import { intakeOf, termBefore, type SchoolTerm } from '../domain/terms/school-term.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { rulesFor, termOfSchool, type School, type TermDeps } from '../school-terms/term-of-school.js';
import { rulesOf } from '../school-terms/term-rules.js';
import type { AskedOfSchool } from './doubts.store.js';

/** The term under way at a school. */
export const underWayAt = async (tx: Transaction, deps: TermDeps, school: School) =>
  termOfSchool(tx, deps, school, await rulesFor(tx, deps, school, 'current'));

/** What the rules ask of a school's students today: by its province's policy, and by the terms that should be registered by now. */
export async function askedOfSchool(tx: Transaction, deps: TermDeps, school: School): Promise<AskedOfSchool> {
  const under = await underWayAt(tx, deps, school);
  const { today } = under;
  const latest = today > under.deadline.dueDate ? under.rules.term : termBefore(under.rules.term);
  const before = termBefore(latest);
  const earliest = termBefore(before);
  const terms: readonly SchoolTerm[] = [latest, before, earliest];
  const [ofLatest, ofEarliest, { requiredRecord }, [row]] = await Promise.all([
    rulesOf(tx, deps.policies, school.provinceId, latest),
    rulesOf(tx, deps.policies, school.provinceId, earliest),
    deps.policies.inForce(tx, school.provinceId ?? undefined, today),
    tx.query<{ type: string }[]>('select type from organisation where id = $1', [school.id]),
  ]);
  return {
    today,
    for_adults: row?.type === 'adultSpecialisedSecondary',
    required: ['ethnicGroup', ...requiredRecord],
    years: terms.map(({ year }) => year),
    nths: terms.map(({ nth }) => nth),
    term_from: ofLatest.firstDay,
    intake_from: intakeOf(latest).from,
    three_from: ofEarliest.firstDay,
    three_intake_from: intakeOf(earliest).from,
  };
}
