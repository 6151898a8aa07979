import { HOLDS_OFFICE_AT } from '../platform/access/offices.sql.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { withSuccessors } from '../organisations/succession.js';
import { byKey, together } from '../platform/database/together.js';
import type { SchoolParty } from '../domain/case/route.js';
import type { KindPolicy } from '../domain/policy/policy.js';
import type { AboutStudent, CitedRequest, NamedFacts, Programme, ReviewerFacts } from '../domain/preconditions/index.js';
import { dateOf } from '../domain/working-days.js';
import { CHANGES_BEFORE, SUSPENDED_SINCE, WAS_UNDONE } from '../policies/past-changes.js';
import { IS_PERSON } from '../platform/access/service-account.sql.js';

/** A student with what the preconditions know of it. */
export interface StudentFacts extends Omit<AboutStudent, 'source'> {
  id: string;
  maskedName: string;
  schoolId: string;
  enrolmentId: string;
}

/** A school as a party, and whether it is there. */
export interface SchoolFacts extends SchoolParty {
  type: string;
  closed: boolean;
  /** The authority that acts for the school since its closure (A25). */
  actingId: string | null;
  seenBy: string[];
}

/** Whether a ruling on a duplicate of the student is open; both sides wait for it (Art 11). */
const BEING_RULED = (student: string, condition = 'true'): string =>
  `exists (select 1 from duplicate d join change_request u on u.id = d.ruling_request_id and u.state = 'open'
     where ${student} in (d.held_student_id, d.other_student_id) and d.state = 'open' and ${condition})`;

/** Students with the held enrolment, or the latest one. */
export function studentsWhere(tx: Transaction, condition: string, keys: unknown[]): Promise<StudentFacts[]> {
  return tx.query<StudentFacts[]>(
    `select s.id, s.masked_name as "maskedName", e.id as "enrolmentId", e.school_id as "schoolId",
       jsonb_build_object('state', e.state, 'enrolledOn', e.enrolled_on, 'majorDirection', e.major_direction,
         'admissionKind', e.admission_kind, 'origin', e.origin, 'crossStage', e.cross_stage,
         'teachingSite', e.teaching_site, 'numberAtSchool', e.number_at_school,
         'expectedLeavingOn', e.expected_leaving_on, 'validFrom',
         e.valid_from,
         'since', e.since, 'grade', e.grade, 'majorCode', e.major_code, 'studyMode', e.study_mode,
         'lengthYears', e.length_years, 'suspendedUntil', e.suspended_until,
         'suspendedSince', case when e.state = 'suspended' then ${SUSPENDED_SINCE('e.id')} end) as enrolment,
       exists (select 1 from change_request r where r.student_id = s.id and r.state = 'open'
         and r.kind not in ('death','duplicateRuling','infoCorrection')) as "openRequest",
       exists (select 1 from change_request r where r.student_id = s.id and r.state = 'open'
         and r.kind = 'infoCorrection') as "openCorrection",
       ${BEING_RULED('s.id')} as "beingRuled",
       exists (select 1 from change_request r where r.student_id = s.id and r.state = 'open' and r.kind = 'death') as "openDeath",
       (select jsonb_build_object('code', g.code, 'number', r.number) from graduation_member m join graduation g on g.id = m.graduation_id
         join change_request r on r.id = g.request_id where m.student_id = s.id and m.state = 'listed' and r.state = 'open' limit 1)
         as graduation,
       (select coalesce(jsonb_agg(jsonb_build_object('firstDay', t.first_day, 'dueDate', t.due_date)), '[]') from term_registration t
         where t.student_id = s.id and t.retracted_at is null) as "registeredTerms",
       ${CHANGES_BEFORE('suspension', 's.id')} as suspensions, ${CHANGES_BEFORE('repeatYear', 's.id')} as repeats
     from student s cross join lateral (select * from enrolment e where e.student_id = s.id
       order by (e.state in ('active','suspended')) desc, e.valid_from desc, e.recorded_at desc limit 1) e
     where ${condition}`,
    keys,
  );
}

/** What the details name: an earlier request, a joint programme, a registration that is held. */
export const namedFacts = async (tx: Transaction, student: StudentFacts | undefined, kept: object): Promise<NamedFacts> => ({
  cited: await cited(tx, student, kept),
  programme: await programme(tx, kept),
  dispute: await dispute(tx, student, kept),
});

/** The same of a graduation, which is about many students: whether it was undone for the one of an enrolment. */
const LEFT_IN_VAIN = (request: string, enrolment: string): string => `(${request}.kind = 'graduation' and exists (
  select 1 from enrolment w join change_request u on u.student_id = w.student_id and u.kind = 'reinstatement' and u.state = 'approved'
  where w.id = ${enrolment} and u.details ->> 'requestId' = ${request}.id::text))`;

/** The latest change of an enrolment by a request that was not undone. */
const CHANGED_LAST = (enrolment: string): string => `(
  select c.id from enrolment_version v join change_request c on c.id = v.request_id
  where v.enrolment_id = ${enrolment} and c.kind <> 'reinstatement'
    and not ${WAS_UNDONE('c')} and not ${LEFT_IN_VAIN('c', enrolment)} order by v.seq desc limit 1)`;
/** Whether the graduation by a request has taken effect for a student, whatever has become of its other students. */
const HAS_LEFT_BY = (request: string, student: string): string => `(${request}.kind = 'graduation' and exists (
  select 1 from graduation_member m join graduation g on g.id = m.graduation_id
  where g.request_id = ${request}.id and m.student_id = ${student} and m.state = 'effected'))`;
/** A certificate of how an enrolment ended is with the student, and in force. */
const CERTIFICATE_OUT = (enrolment: string): string => `exists (select 1 from certificate c where c.enrolment_id = ${enrolment}
  and c.state = 'issued' and c.handed_over_on is not null and c.kind in ('graduation', 'completion', 'attestation', 'partialStudy'))`;
/** Whether no later request has stated a fact that this one stated. */
const STATED_LAST = (request: string): string => `(
  exists (select 1 from student_fact f where f.request_id = ${request}) and not exists (
    select 1 from student_fact f join student_fact g on g.student_id = f.student_id and g.fact = f.fact and g.seq > f.seq
      and g.request_id is distinct from f.request_id where f.request_id = ${request}))`;

/**
 * The other school where a reinstatement undoes a move to another school. It is the one from which the student came, or a school outside
 * to which the student left. Undefined where the two have become one.
 */
export async function otherSideOf(tx: Transaction, student: StudentFacts, requestId: string): Promise<string | undefined> {
  const [row] = await tx.query<{ id: string }[]>(
    `select o.id from change_request r left join enrolment e on e.closed_by = r.id and e.id <> $2
       join organisation o on o.id = coalesce(e.school_id, r.destination_school_id)
     where r.id = $1 and r.student_id = $3 and r.state = 'approved' and r.kind in ('transfer', 'crossTrackTransfer')`,
    [requestId, student.enrolmentId, student.id],
  );
  const now = row && (await withSuccessors(tx, row.id)).at(-1);
  return now === student.schoolId ? undefined : now;
}

/** The request that a reinstatement undoes, if it is one of this student's. */
async function cited(tx: Transaction, student: StudentFacts | undefined, details: object): Promise<CitedRequest | undefined> {
  if (!student || !('requestId' in details)) return undefined;
  const keyOf = (...ids: unknown[]): string => ids.join('/');
  return together(tx, 'cited', keyOf(details.requestId, student.id, student.enrolmentId), async (keys) => {
    const asked = keys.map((key) => key.split('/'));
    const rows = await tx.query<(CitedRequest & { request: string; student: string; enrolment: string })[]>(
      `select k.request, k.student, k.enrolment, r.kind, case when r.kind = 'graduation' then 'approved' else r.state end as state,
         r.kind = 'graduation' and ${CERTIFICATE_OUT('k.enrolment')} as "certificateOut",
         case when r.kind = 'infoCorrection' then ${STATED_LAST('r.id')}
           else coalesce(r.id = ${CHANGED_LAST('e.id')}, false) end as "isLatest"
       from unnest($1::uuid[], $2::uuid[], $3::uuid[]) k (request, student, enrolment)
         join change_request r on r.id = k.request and (r.student_id = k.student or ${HAS_LEFT_BY('r', 'k.student')})
         left join enrolment e on e.id = k.enrolment`,
      [0, 1, 2].map((nth) => asked.map((ids) => ids[nth])),
    );
    return new Map(rows.map(({ request, student: of, enrolment, ...cited }) => [keyOf(request, of, enrolment), cited]));
  });
}

/** The joint programme that a transfer names (A24). */
async function programme(tx: Transaction, details: object): Promise<Programme | undefined> {
  if (!('jointProgrammeId' in details) || typeof details.jointProgrammeId !== 'string') return undefined;
  return together(tx, 'programme', details.jointProgrammeId, async (ids) =>
    byKey(
      await tx.query<(Programme & { key: string })[]>(
        `select id as key, school_ids as "schoolIds", major_codes as "majorCodes", intake_year as "intakeYear", to_char(valid_from,
          'YYYY-MM-DD') as "from",
           to_char(valid_to, 'YYYY-MM-DD') as "to" from joint_programme where id = any($1::uuid[])`,
        [ids],
      ),
    ),
  );
}

/** Whether the registration that an exception names is held, and is this student's or held against this student. */
async function dispute(tx: Transaction, student: StudentFacts | undefined, details: object): Promise<NamedFacts['dispute']> {
  if (!student || !('registrationId' in details)) return undefined;
  return together(tx, `dispute about ${String(details.registrationId)}`, student.id, async (ids) =>
    byKey(
      await tx.query<{ key: string; beingRuled: boolean }[]>(
        `select s.id as key, ${BEING_RULED('s.id', 'd.registration_id = g.id')} as "beingRuled"
         from unnest($2::uuid[]) s (id) cross join registration g join enrolment e on e.id = g.enrolment_id where g.id = $1
           and e.state = 'heldDuplicate'
           and (g.student_id = s.id or exists (select 1 from duplicate d where d.registration_id = g.id and d.other_student_id = s.id
             and d.state = 'open'))`,
        [details.registrationId, ids],
      ),
    ),
  );
}

export async function schoolOf(tx: Transaction, id: string, now: number): Promise<SchoolFacts | undefined> {
  return together(tx, 'school', id, async (ids) => new Map((await schools(tx, ids, now)).map((one) => [one.schoolId, one])));
}

function schools(tx: Transaction, ids: readonly string[], now: number): Promise<SchoolFacts[]> {
  return tx.query<SchoolFacts[]>(
    `select o.id as "schoolId", o.parent_id as "authorityId", o.province_id as "provinceId", o.answers_outside as "answersOutside",
      o.type,
       (select s.id from organisation a join organisation s on s.id = a.parent_id and s.level <> 'national'
         where a.id = o.parent_id) as "superiorId",
       o.acting_id as "actingId", coalesce(o.closed_on <= $2::date, false) as closed, array[o.id] || o.ancestors as "seenBy"
         from organisation o where o.id = any($1::uuid[]) and o.level = 'school'`,
    [ids, dateOf(now)],
  );
}

export async function otherReviewers(tx: Transaction, organisationId: string, filerId: string, now: number): Promise<number> {
  const found = await together(tx, `reviewers beside ${filerId}`, organisationId, async (ids) =>
    byKey(
      await tx.query<{ key: string; n: number }[]>(
        `select organisation_id as key, count(*)::int as n from office o join person p on p.id = o.person_id and ${IS_PERSON('p')}
         where organisation_id = any($1::uuid[]) and office in ('schoolReviewer', 'authorityReviewer') and person_id <> $2
           and ${HOLDS_OFFICE_AT('o', '$3')}
         group by organisation_id`,
        [ids, filerId, new Date(now)],
      ),
    ),
  );
  return found?.n ?? 0;
}

/** Who may decide at the filing organisation beside the filer, and who could confirm at the source school. */
export async function reviewerFacts(
  tx: Transaction,
  { order }: KindPolicy,
  { filerId, organisationId, source, now }: { filerId: string; organisationId: string; source?: SchoolFacts; now: number },
): Promise<ReviewerFacts> {
  const others = (id: string) => otherReviewers(tx, id, filerId, now);
  return {
    otherReviewers: await others(organisationId),
    confirmers: source && confirmsHere(order, source) ? await others(source.schoolId) : undefined,
  };
}

/** Whether policy has the source school confirm what it decided, and the school itself answers here (A1). */
const confirmsHere = (order: KindPolicy['order'], { answersOutside, actingId }: SchoolFacts): boolean =>
  order.includes('sourceReconfirmation') && !answersOutside && actingId === null;
