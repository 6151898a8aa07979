import { STUDY_FACTS_OF } from '../dossier/study-facts.sql.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { EnrolmentView } from '../students/students.dto.js';
import type { OwnCertificateView, OwnQueryView } from './own-dossier.dto.js';

const ENROLMENTS = `
  select e.id, ${ORGANISATION_NAME('o')} as school, e.state, e.major_code as "majorCode", e.major_direction as "majorDirection", e.grade,
    ${STUDY_FACTS_OF('e')}, e.class_name as "className", e.study_mode as "studyMode", e.length_years::float as "lengthYears",
    to_char(e.enrolled_on, 'YYYY-MM-DD') as "enrolledOn", to_char(e.expected_leaving_on, 'YYYY-MM-DD') as "expectedLeavingOn",
    to_char(e.valid_from, 'YYYY-MM-DD') as "validFrom", to_char(e.valid_to, 'YYYY-MM-DD') as "validTo",
    to_char(e.since, 'YYYY-MM-DD') as since, to_char(e.suspended_until, 'YYYY-MM-DD') as "suspendedUntil",
    e.import_id is not null as imported
  from enrolment e join organisation o on o.id = e.school_id where e.student_id = $1
  order by e.state in ('active','suspended') desc, e.valid_from desc, e.recorded_at desc`;

export const ownEnrolments = (tx: Transaction, studentId: string): Promise<EnrolmentView[]> =>
  tx.query<EnrolmentView[]>(ENROLMENTS, [studentId]);

export type QueryRow = Omit<OwnQueryView, 'at'> & { readonly at: Date; readonly place: string };

/** Reads and verifications in one order. `place` tells rows of one instant apart. */
const QUERIES = `
  select * from (
    (select a.at, 'r' || lpad(a.id::text, 20, '0') as place, a.what,
       (select coalesce(jsonb_agg(jsonb_build_object('office', h.office, 'organisation', ${ORGANISATION_NAME('o')})
          order by h.office, o.code), '[]')
        from jsonb_to_recordset(a.offices) as h (office text, "organisationId" uuid) join organisation o
          on o.id = h."organisationId") as offices, null as purpose, null::uuid as "codeId"
     from dossier_access a where a.student_id = $1
       and ($2::timestamptz is null or (a.at, 'r' || lpad(a.id::text, 20, '0')) < ($2, $3::text)) order by a.id desc limit $4)
    union all
    (select u.at, 'v' || lpad(u.id::text, 20, '0'), 'verification', '[]'::jsonb, u.purpose, u.code_id
     from verification_use u where u.student_id = $1
       and ($2::timestamptz is null or (u.at, 'v' || lpad(u.id::text, 20, '0')) < ($2, $3::text)) order by u.id desc limit $4)
  ) q order by at desc, place desc limit $4`;

export const queriesAbout = (
  tx: Transaction,
  studentId: string,
  { before = null, place = null, limit }: { before?: string | null; place?: string | null; limit: number },
): Promise<QueryRow[]> => tx.query<QueryRow[]>(QUERIES, [studentId, before, place, limit]);

const CERTIFICATES_HELD = `
  select c.kind, c.state, c.number, ${ORGANISATION_NAME('o')} as school, to_char(c.issued_on, 'YYYY-MM-DD') as "issuedOn",
    to_char(c.handed_over_on, 'YYYY-MM-DD') as "handedOverOn"
  from certificate c join organisation o on o.id = c.school_id where c.student_id = $1 order by c.issued_at desc, c.id desc limit 100`;

export const ownCertificates = (tx: Transaction, studentId: string): Promise<OwnCertificateView[]> =>
  tx.query<OwnCertificateView[]>(CERTIFICATES_HELD, [studentId]);

/** The school of the enrolment that is held, or else of the last one, and the authority that answers for the dossier. */
const KEEPERS = `
  select coalesce(o.successor_id, o.acting_id, o.id) as "schoolId", coalesce(e.custodian_id, o.acting_id, o.parent_id) as "authorityId"
  from enrolment e join organisation o on o.id = e.school_id where e.student_id = $1
  order by (e.state in ('active','suspended')) desc, e.valid_from desc, e.recorded_at desc limit 1`;

export const keepersOf = async (
  tx: Transaction,
  studentId: string,
): Promise<{ schoolId: string; authorityId: string | null } | undefined> =>
  (await tx.query<{ schoolId: string; authorityId: string | null }[]>(KEEPERS, [studentId]))[0];
