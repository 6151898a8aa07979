import { CalendarStore } from '../calendar/calendar.store.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { codeOf, termBefore, type SchoolTerm } from '../domain/terms/school-term.js';
import { trackOf } from '../domain/offices.js';
import { addDays, dateOf, instantOf } from '../domain/working-days.js';
import type { LedgerDeps } from '../platform/ledger/streams.js';
import { PolicyStore } from '../policies/policies.store.js';
import { registerStudents } from '../school-terms/registering.js';
import { rulesFor, termOfSchool, type School, type TermDeps } from '../school-terms/term-of-school.js';
import { lockTerm, recordTermAct } from '../school-terms/school-terms.store.js';
import { demoId } from './demo-id.js';
import { SCHOOLS, type DemoSchool } from './schools.js';

/** The school that begins the term some days after its province. */
const LATER = { code: '3301-03', days: 3 };

/** The terms before it in which somebody who studies today may have studied: of the longest course. */
const EARLIER = 6;

/**
 * 1. The earlier terms: every school has registered everybody.
 * 2. The term under way on the day of the seed: most have registered nearly everybody in its first week, every fifth nobody.
 */
export async function seedTerms(tx: Transaction, { clock, cipher }: LedgerDeps): Promise<void> {
  const deps = { cipher, calendar: new CalendarStore(), policies: new PolicyStore() };
  for (const [nth, school] of SCHOOLS.filter(({ type }) => trackOf(type) === 'vocational').entries())
    await seedTermsOf(tx, clock.now(), deps, school, nth);
}

async function seedTermsOf(tx: Transaction, now: number, kept: Omit<TermDeps, 'clock'>, { code }: DemoSchool, nth: number): Promise<void> {
  const id = demoId('organisation', code);
  const by = { personId: demoId('person', `clerk.${code}`), office: 'schoolClerk', organisationId: id };
  const [school] = await tx.query<[School]>(
    `select id, jsonb_build_object('id', id, 'code', code, 'name', name) as name, ancestors, province_id as "provinceId", false as closed
      from organisation where id = $1`,
    [id],
  );
  const on = (day: string): TermDeps => ({ ...kept, clock: { now: () => Math.min(now, instantOf(day, 10)) } });
  const rules = await rulesFor(tx, on(dateOf(now)), school, 'current');
  for (const term of termsBefore(rules.term, EARLIER)) {
    const its = await rulesFor(tx, on(dateOf(now)), school, codeOf(term));
    const deps = on(addDays(its.firstDay, 3));
    const present = await enrolledBy(tx, id, its.firstDay);
    if (present.length > 0)
      await registerStudents(tx, deps, await lockTerm(tx, id, term), await termOfSchool(tx, deps, school, its), by, present);
  }
  const locked = await lockTerm(tx, id, rules.term);
  if (code === LATER.code) {
    const firstDay = addDays(rules.firstDay, LATER.days);
    await tx.query('update school_term set first_day = $2 where id = $1', [locked.id, firstDay]);
    const act = { kind: 'firstDayDeclared', by, body: { firstDay, before: rules.firstDay } };
    await recordTermAct(tx, on(addDays(rules.firstDay, -7)), locked, rules.term, act);
  }
  if (nth % 5 === 4) return;
  const students = await tx.query<{ id: string }[]>(
    `select student_id as id from enrolment where school_id = $1 and state = 'active' order by student_id`,
    [id],
  );
  const present = students.filter((_, i) => nth % 3 === 0 || i % 9 !== 5).map((student) => student.id);
  const deps = on(addDays(rules.firstDay, LATER.days + 3));
  await registerStudents(tx, deps, locked, await termOfSchool(tx, deps, school, rules), by, present);
}

/** The terms before one, the latest first. */
const termsBefore = (term: SchoolTerm, many: number): SchoolTerm[] =>
  many === 0 ? [] : [termBefore(term), ...termsBefore(termBefore(term), many - 1)];

/** Who was enrolled at the school by a day, whatever became of the enrolment. */
async function enrolledBy(tx: Transaction, schoolId: string, day: string): Promise<string[]> {
  const rows = await tx.query<{ id: string }[]>(
    `select distinct student_id as id from enrolment
      where school_id = $1 and enrolled_on <= $2 and state not in ('pending', 'heldDuplicate')`,
    [schoolId, day],
  );
  return rows.map(({ id }) => id);
}
