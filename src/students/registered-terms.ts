import { isoInShanghai } from '../platform/clock.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { codeOf, termOfEntry, type SchoolTerm } from '../domain/terms/school-term.js';
import { instantOf } from '../domain/working-days.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import { ACTOR, ACTOR_JOINS } from '../organisations/actors.js';
import { LAST_DAY } from '../school-terms/due.store.js';
import { OWED } from '../school-terms/standing.store.js';
import type { Reach } from './reach.js';
import type { EnrolmentView, RegisteredTermView } from './students.dto.js';

interface Row extends SchoolTerm, Pick<RegisteredTermView, 'school' | 'by' | 'late' | 'lateReevaluated' | 'dueDate'> {
  registeredAt: Date;
}

const TERMS = `
  select r.year, r.nth, ${ORGANISATION_NAME('o')} as school, r.registered_at as "registeredAt", r.late, to_char(r.due_date,
    'YYYY-MM-DD') as "dueDate", ${ACTOR} as by,
    coalesce((r.registered_at at time zone 'Asia/Shanghai')::date > last.date and ${OWED('r', 'r.first_day', 'last.date')},
      r.late) as "lateReevaluated"
  from term_registration r join organisation o on o.id = r.school_id
    left join lateral (select d.date from (select 1) one ${LAST_DAY('r.first_day', 'r.working_days')}) last on true
    join act a on a.stream_id = r.term_id and a.seq = r.seq ${ACTOR_JOINS}
  where r.student_id = $1 and r.registered_at < $2 and r.registered_at <= $3 and (r.retracted_at is null or r.retracted_at > $3)
  order by r.year, r.nth`;

/** The terms in which a student is registered, by a school or by entry. They are as of a day, and on record by an instant. */
export async function registeredTerms(
  tx: Transaction,
  studentId: string,
  { day, recordedBy }: Reach,
  enrolments: readonly EnrolmentView[],
): Promise<RegisteredTermView[]> {
  const by = recordedBy === Infinity ? 'infinity' : new Date(recordedBy);
  const rows = await tx.query<Row[]>(TERMS, [studentId, new Date(instantOf(day, 24)), by]);
  const registered = rows.map(({ year, nth, registeredAt, ...row }) => ({
    term: codeOf({ year, nth }),
    how: 'registered',
    registeredAt: isoInShanghai(registeredAt.getTime()),
    ...row,
  }));
  return [...entriesIn(enrolments), ...registered].sort((a, b) => (a.term < b.term ? -1 : 1));
}

/** Of each beginning of study that was registered the term, at the school of that time. */
function entriesIn(enrolments: readonly EnrolmentView[]): RegisteredTermView[] {
  const studied = enrolments.filter(({ state }) => state !== 'pending' && state !== 'heldDuplicate');
  const first = new Map(studied.map((one) => [codeOf(termOfEntry(one.enrolledOn)), one.school]));
  return [...first].map(([term, school]) => ({
    term,
    school,
    how: 'entry',
    registeredAt: null,
    by: null,
    late: false,
    lateReevaluated: false,
    dueDate: null,
  }));
}
