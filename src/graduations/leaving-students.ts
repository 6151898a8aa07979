import { leavingBlockers, type Leaving, type LeavingStudent } from '../domain/graduation/leaving.js';
import type { Blocker } from '../domain/refusal.js';
import type { Policy } from '../domain/policy/policy.js';
import { codeOf, termBefore, termOfEntry, type SchoolTerm } from '../domain/terms/school-term.js';
import { dateOf, type PlainDate } from '../domain/working-days.js';
import { beyond, type Transaction } from '../platform/database/in-scope.js';
import { askedOf, STANDING_OF, valuesOf } from '../school-terms/standing.store.js';
import { termOfSchool, type School, type TermDeps } from '../school-terms/term-of-school.js';
import { rulesOf, rulesUnderWay } from '../school-terms/term-rules.js';

/** A student who is to leave, and how. */
export interface ToLeave extends Leaving {
  readonly studentId: string;
}

/** A student who is to leave, with the enrolment at the school and everything that stands in the way. */
export interface JudgedLeaving extends ToLeave {
  readonly enrolmentId: string;
  readonly maskedName: string;
  readonly blockers: readonly Blocker[];
}

interface Row extends Omit<LeavingStudent, 'provisionalNumber' | 'unregisteredTerms'> {
  studentId: string;
  enrolmentId: string;
  maskedName: string;
  number: Buffer;
}

/** Another graduation that is under way: submitted and not closed. */
export const OPEN_GRADUATION = (student: string, except: string): string => `exists (
  select 1 from graduation_member m join graduation g on g.id = m.graduation_id join change_request r on r.id = g.request_id
  where m.student_id = ${student} and m.state = 'listed' and r.state = 'open' and g.id is distinct from ${except})`;
/** Any request, because a certificate says what is on record on its day; who runs beside others (A16) is waited for. */
export const OPEN_REQUEST = (student: string): string => `exists (
  select 1 from change_request r where r.student_id = ${student} and r.state = 'open')`;

/**
 * Students ($2) with their latest enrolment at a school ($1), each with a leaving day ($3); a graduation ($4) does not count itself.
 * Dossiers of a school that merged into it move within seconds (Art 12).
 */
const LEAVING = `
  select s.id as "studentId", e.id as "enrolmentId", s.masked_name as "maskedName", s.number_cipher as number, e.state,
    to_char(e.since, 'YYYY-MM-DD') as since, to_char(e.enrolled_on, 'YYYY-MM-DD') as "enrolledOn",
    to_char(e.expected_leaving_on, 'YYYY-MM-DD') as "expectedLeavingOn",
    coalesce(e.cross_stage, 'none') <> 'none' as "crossStage",
    ${OPEN_REQUEST('s.id')} as "openRequest", ${OPEN_GRADUATION('s.id', '$4::uuid')} as "openGraduation",
    exists (select 1 from duplicate d where s.id in (d.held_student_id, d.other_student_id) and d.state = 'open') as disputed,
    (select to_char(min(t.first_day), 'YYYY-MM-DD') from term_registration t where t.student_id = s.id and t.retracted_at is null
      and t.first_day >= w.leaving_on) as "registeredAfter"
  from unnest($2::uuid[], $3::date[]) with ordinality w (id, leaving_on, place) join student s on s.id = w.id
    cross join lateral (select * from enrolment e where e.student_id = s.id
        and (e.school_id = $1 or e.school_id in (select id from organisation where successor_id = $1))
      order by (e.state in ('active','suspended')) desc, e.valid_from desc, e.recorded_at desc limit 1) e
  order by w.place`;

/** What the judgement stands on: a school with its policy, and the graduation that is judged, if it is there already. */
export interface LeavingScope {
  readonly tx: Transaction;
  readonly deps: TermDeps;
  readonly school: School;
  readonly policy: Policy;
  readonly graduationId?: string;
}

/** Judges who is to leave, in their order; who has no enrolment at the school is left out. */
export async function judgeLeavings(scope: LeavingScope, all: readonly ToLeave[]): Promise<JudgedLeaving[]> {
  const { tx, deps, school, policy, graduationId = null } = scope;
  const values = [school.id, all.map(({ studentId }) => studentId), all.map(({ leavingOn }) => leavingOn), graduationId];
  const rows = await beyond(tx, 'filing', () => tx.query<Row[]>(LEAVING, values));
  const terms = await unregistered(scope, rows, all);
  const byId = new Map(all.map((one) => [one.studentId, one]));
  return rows.flatMap(({ number, studentId, enrolmentId, maskedName, ...known }) => {
    const leaving = byId.get(studentId);
    if (!leaving) return [];
    const provisionalNumber = deps.cipher.decrypt(number, `student.number:${studentId}`).startsWith('L');
    const student = { ...known, provisionalNumber, unregisteredTerms: terms.get(studentId) ?? [] };
    return [{ ...leaving, enrolmentId, maskedName, blockers: leavingBlockers(student, leaving, policy) }];
  });
}

/** How a student stands in one term. */
interface Standing {
  studentId: string;
  enrolmentId: string | null;
  standing: string | null;
  registered: boolean;
  owed: boolean;
}

/** So many terms back may a study go: five years, repeated once and suspended twice. */
const MOST_TERMS = 20;

/**
 * By student, the terms of study that are not registered (Art 13, R-15). Asked for are the term under way when the first of them leaves,
 * and those before that the school has on record. Terms before the school came into this system were registered elsewhere.
 */
async function unregistered(
  { tx, deps, school }: LeavingScope,
  rows: readonly Row[],
  all: readonly ToLeave[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const [first] = rows.map(({ enrolledOn }) => enrolledOn).sort();
  const [leavingOn] = all.map((one) => one.leavingOn).sort();
  if (first === undefined || leavingOn === undefined) return new Map();
  const missing = new Map<string, string[]>();
  const ids = rows.map(({ studentId }) => studentId);
  for (const term of await termsToAsk({ tx, deps, school }, first, leavingOn)) {
    const at = await termOfSchool(tx, deps, school, await rulesOf(tx, deps.policies, school.provinceId, term));
    if (at.today < at.firstDay) continue;
    const standing = await tx.query<Standing[]>(STANDING_OF, [...valuesOf(askedOf(at)), ids]);
    for (const one of standing)
      if (one.standing === 'toRegister' && !one.registered)
        missing.set(one.studentId, [...(missing.get(one.studentId) ?? []), codeOf(term)]);
  }
  return missing;
}

async function termsToAsk(
  { tx, deps, school }: Pick<LeavingScope, 'tx' | 'deps' | 'school'>,
  firstEnrolledOn: PlainDate,
  leavingOn: PlainDate,
): Promise<SchoolTerm[]> {
  const known = await tx.query<SchoolTerm[]>('select year, nth from school_term where school_id = $1 and last_seq > 0', [school.id]);
  const now = await rulesUnderWay(tx, deps.policies, school.provinceId, dateOf(deps.clock.now()));
  const codes = new Set([now.term, ...known].map(codeOf));
  const { term: last } = await rulesUnderWay(tx, deps.policies, school.provinceId, leavingOn);
  const entered = codeOf(termOfEntry(firstEnrolledOn));
  const asked: SchoolTerm[] = [last];
  for (let term = last; asked.length < MOST_TERMS && codeOf(term) > entered;) {
    term = termBefore(term);
    if (codes.has(codeOf(term))) asked.unshift(term);
  }
  return asked;
}
