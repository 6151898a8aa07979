import { organisationsOf } from '../platform/access/caller.js';
import { Problem } from '../platform/http/problem.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { deadlineOf, type Deadline } from '../domain/case/agenda.js';
import { handlingAt, trackOf, type Actor } from '../domain/offices.js';
import { schoolTerm, type TermRules } from '../domain/terms/school-term.js';
import { calendarFor, dateOf, type PlainDate, type WorkingCalendar } from '../domain/working-days.js';
import type { OrganisationName } from '../organisations/organisations.dto.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import type { PolicyStore } from '../policies/policies.store.js';
import type { CaseDeps } from '../cases/cases.store.js';
import { rulesOf, rulesUnderWay } from './term-rules.js';

export interface TermDeps extends CaseDeps {
  readonly policies: PolicyStore;
}

export interface School {
  readonly id: string;
  readonly name: OrganisationName;
  /** The school's competent authority and those above it. */
  readonly ancestors: string[];
  readonly provinceId: string | null;
  readonly closed: boolean;
}

/** A term of a school as it stands: what policy says, what the school declared, and the deadline by the calendar in force. */
export interface TermOfSchool {
  readonly school: School;
  readonly rules: TermRules;
  readonly today: PlainDate;
  readonly firstDay: PlainDate;
  readonly declared: PlainDate | null;
  readonly deadline: Deadline;
  /** By which the deadline was counted. */
  readonly calendar: WorkingCalendar;
}

const SCHOOL = `
  select o.id, ${ORGANISATION_NAME('o')} as name, o.ancestors, o.province_id as "provinceId", o.type, coalesce(o.closed_on <= $3::date,
    false) as closed
  from organisation o where o.id = $1 and o.level = 'school' and (o.id = any($2) or o.ancestors && $2)`;

/** A vocational school at which the actor holds an office, or below such an organisation. @throws Problem not-found */
export async function seenSchool(tx: Transaction, actor: Actor, id: string, today: PlainDate): Promise<School> {
  const [row] = await tx.query<(School & { type: string })[]>(SCHOOL, [id, handlingAt(actor), today]);
  if (!row || trackOf(row.type) !== 'vocational') throw new Problem('not-found');
  return row;
}

/** The same for a clerk of the school while it is open. @throws Problem not-found, not-your-office */
export async function clerksSchool(tx: Transaction, actor: Actor, id: string, today: PlainDate): Promise<School> {
  const school = await seenSchool(tx, actor, id, today);
  if (school.closed || !organisationsOf(actor, 'schoolClerk').includes(id)) throw new Problem('not-your-office');
  return school;
}

/** `code` is such as `2026-1`, or `current` for the term under way. @throws Problem not-found for what is no term */
export async function rulesFor(
  tx: Transaction,
  { policies, clock }: TermDeps,
  { provinceId }: Pick<School, 'provinceId'>,
  code: string,
): Promise<TermRules> {
  const today = dateOf(clock.now());
  if (code === 'current') return rulesUnderWay(tx, policies, provinceId, today);
  const term = schoolTerm(code);
  if (!term || term.year > Number(today.slice(0, 4)) + 1) throw new Problem('not-found');
  return rulesOf(tx, policies, provinceId, term);
}

/** The term as it stands with what the school declared of it. */
export async function termOfSchool(tx: Transaction, deps: TermDeps, school: School, rules: TermRules): Promise<TermOfSchool> {
  const { year, nth } = rules.term;
  const [row] = await tx.query<{ declared: string | null }[]>(
    `select to_char(first_day, 'YYYY-MM-DD') as declared from school_term where school_id = $1 and year = $2 and nth = $3`,
    [school.id, year, nth],
  );
  const declared = row?.declared ?? null;
  const firstDay = declared ?? rules.firstDay;
  const calendar = calendarFor(await deps.calendar.current(tx), { holder: school.id, ladder: school.ancestors });
  const deadline = deadlineOf(calendar, { arrivedOn: firstDay, workingDays: rules.workingDays });
  return { school, rules, today: dateOf(deps.clock.now()), firstDay, declared, deadline, calendar };
}
