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
       to_char(e.expected_leaving_on, 'YYYY-MM-DD') as "expectedLeavingOn", to_char(e.valid_from, 'YYYY-MM-DD') as "validFrom",
       to_char(e.valid_to, 'YYYY-MM-DD') as "validTo", to_char(e.since, 'YYYY-MM-DD') as since,
       to_char(e.suspended_until, 'YYYY-MM-DD') as "suspendedUntil"
     from enrolment e join organisation o on o.id = e.school_id where e.student_id = $1
     order by e.state in ('active','suspended') desc, e.valid_from desc, e.recorded_at desc`,
    [studentId],
  );

/** Each suspension by its first day, as it was recorded last. */
export const suspensionsOf = (tx: Transaction, studentId: string): Promise<SuspensionView[]> =>
  tx.query<SuspensionView[]>(
    `select distinct on (v.since, v.enrolment_id) ${ORGANISATION_NAME('o')} as school, to_char(v.since, 'YYYY-MM-DD') as "from",
       to_char(v.suspended_until, 'YYYY-MM-DD') as until,
       (select to_char(n.since, 'YYYY-MM-DD') from enrolment_version n
         where n.enrolment_id = v.enrolment_id and n.seq > v.seq and n.state <> 'suspended' order by n.seq limit 1) as "endedOn"
     from enrolment e join enrolment_version v on v.enrolment_id = e.id join organisation o on o.id = v.school_id
     where e.student_id = $1 and v.state = 'suspended' order by v.since, v.enrolment_id, v.seq desc`,
    [studentId],
  );

type ChangeRow = Omit<FormerChangeView, 'filedAt'> & { filedAt: Date };

/** Changes that took effect, besides the case at hand. */
export const changesOf = (tx: Transaction, studentId: string, besides: string): Promise<ChangeRow[]> =>
  tx.query<ChangeRow[]>(
    `select r.number, r.kind, ${ORGANISATION_NAME('src')} as "sourceSchool", case when dst.id is null then null
       else ${ORGANISATION_NAME('dst')} end as "destinationSchool", r.filed_at as "filedAt",
       (select a.body ->> 'effectiveOn' from act a where a.stream_id = r.id and a.kind = 'effected' order by a.seq desc limit 1)
         as "effectiveOn"
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
