import { WAS_UNDONE } from '../policies/past-changes.js';
import { STUDY_FACTS_OF } from '../dossier/study-facts.sql.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import type { EnrolmentView } from '../students/students.dto.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { FormerChangeView, SideAssertionView, SuspensionView } from './subject.dto.js';

const MOST_CHANGES = 100;

/** All enrolments of a student as they stand, the one on roll first. */
export const enrolmentsOf = (tx: Transaction, studentId: string): Promise<EnrolmentView[]> =>
  tx.query<EnrolmentView[]>(
    `select e.id, ${ORGANISATION_NAME('o')} as school, e.state, e.major_code as "majorCode", e.grade, e.class_name as "className",
       e.study_mode as "studyMode", e.length_years::float as "lengthYears", to_char(e.enrolled_on, 'YYYY-MM-DD') as "enrolledOn",
       e.major_direction as "majorDirection", ${STUDY_FACTS_OF('e')},
       to_char(e.expected_leaving_on, 'YYYY-MM-DD') as "expectedLeavingOn", to_char(e.valid_from, 'YYYY-MM-DD') as "validFrom",
       to_char(e.valid_to, 'YYYY-MM-DD') as "validTo", to_char(e.since, 'YYYY-MM-DD') as since,
       to_char(e.suspended_until, 'YYYY-MM-DD') as "suspendedUntil", e.import_id is not null as imported
     from enrolment e join organisation o on o.id = e.school_id where e.student_id = $1
     order by e.state in ('active','suspended') desc, e.valid_from desc, e.recorded_at desc`,
    [studentId],
  );

/**
 * Each suspension from its first day to the day on which something else stands. A version stands while no later one begins on its day or
 * before. So what was undone from its first day on is none, and an undone resumption breaks none.
 */
export const suspensionsOf = (tx: Transaction, studentId: string): Promise<SuspensionView[]> =>
  tx.query<SuspensionView[]>(
    `with standing as (
       select v.*, lag(v.state) over one_by_one is distinct from 'suspended' as begins
       from enrolment e join enrolment_version v on v.enrolment_id = e.id
       where e.student_id = $1 and not exists (select 1 from enrolment_version w where w.enrolment_id = v.enrolment_id and w.seq > v.seq
         and w.since <= v.since)
       window one_by_one as (partition by v.enrolment_id order by v.seq)
     )
     select ${ORGANISATION_NAME('o')} as school, to_char(s.since, 'YYYY-MM-DD') as "from", to_char(ends.until, 'YYYY-MM-DD') as until,
       to_char(ends.since, 'YYYY-MM-DD') as "endedOn"
     from standing s join organisation o on o.id = s.school_id
       left join lateral (select n.seq, n.since from standing n where n.enrolment_id = s.enrolment_id and n.seq > s.seq
         and n.state <> 'suspended' order by n.seq limit 1) after on true
       cross join lateral (select after.since, l.suspended_until as until from standing l where l.enrolment_id = s.enrolment_id
         and l.seq >= s.seq and l.seq < coalesce(after.seq, 2147483647) order by l.seq desc limit 1) ends
     where s.state = 'suspended' and s.begins order by s.since, s.enrolment_id`,
    [studentId],
  );

type ChangeRow = Omit<FormerChangeView, 'filedAt'> & { filedAt: Date };

/** Changes that took effect, besides the case at hand. */
export const changesOf = (tx: Transaction, studentId: string, besides: string): Promise<ChangeRow[]> =>
  tx.query<ChangeRow[]>(
    `select r.number, r.kind, ${ORGANISATION_NAME('src')} as "sourceSchool", case when dst.id is null then null
       else ${ORGANISATION_NAME('dst')} end as "destinationSchool", r.filed_at as "filedAt",
       (select a.body ->> 'effectiveOn' from act a where a.stream_id = r.id and a.kind = 'effected' order by a.seq desc limit 1)
         as "effectiveOn", ${WAS_UNDONE('r')} as undone
     from change_request r join organisation src on src.id = r.source_school_id left join organisation dst
       on dst.id = r.destination_school_id
     where r.student_id = $1 and r.id <> $2 and r.state = 'approved' order by r.filed_at desc, r.id desc limit ${MOST_CHANGES}`,
    [studentId, besides],
  );

/** The two students of a ruling: of the record found, and of the registration held. */
export const sidesOf = (tx: Transaction, rulingId: string): Promise<{ a: string; b: string; registrationId: string }[]> =>
  tx.query<{ a: string; b: string; registrationId: string }[]>(
    `select other_student_id as a, held_student_id as b, registration_id as "registrationId" from duplicate where ruling_request_id = $1`,
    [rulingId],
  );

type AssertionRow = Omit<SideAssertionView, 'filedAt'> & { filedAt: Date; evidenceIds: string[] };

/** The assertions that a side stands by, as the ruling takes them. */
export const assertionsOf = (tx: Transaction, studentId: string, registrationId: string): Promise<AssertionRow[]> =>
  tx.query<AssertionRow[]>(
    `select id as "requestId", number, details ->> 'action' as action, details ->> 'ground' as ground, filed_at as "filedAt",
       evidence_ids as "evidenceIds" from change_request
     where kind = 'registrationException' and details ->> 'registrationId' = $2 and student_id = $1 and state in ('open', 'approved')
     order by filed_at, id`,
    [studentId, registrationId],
  );
