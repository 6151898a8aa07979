import type { FieldCipher } from '../platform/database/field-cipher.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { Application, Proof } from '../domain/case/acts.js';
import { trackOf } from '../domain/offices.js';
import type { Policy } from '../domain/policy/policy.js';
import { blockersOf, type AboutStudent, type Facts, type Programme } from '../domain/preconditions/index.js';
import { CHANGES_BEFORE, REPEATING, SUSPENDED_DAYS, SUSPENDED_SINCE } from './past-changes.js';
import { isTransfer, type Kind, type Route, type RouteParties } from '../domain/procedure/procedure.js';
import type { Blocker } from '../domain/refusal.js';
import { addedFor, routeFor, schoolOnly, type CaseParties, type SchoolParty } from '../domain/case/route.js';
import { dateOf, monthsLater } from '../domain/working-days.js';

/** A request of the province, with the facts that its filing was judged by. */
export interface PreviewedCase {
  readonly id: string;
  readonly number: string;
  readonly kind: Kind;
  readonly state: string;
  readonly route: Route;
  readonly details: Readonly<Record<string, unknown>>;
  readonly application: Application | null;
  readonly filedAt: Date;
  /** Pieces of evidence at the filing. */
  readonly evidence: number;
  readonly proofs: readonly Proof[];
  readonly enrolment: AboutStudent['enrolment'] | null;
  readonly suspensions: number;
  readonly repeats: number;
  /** Under eighteen at the filing. */
  readonly minor: boolean;
  /** For rules that ask: an irregularity without an outcome then, days suspended by then, and who repeated a year at the school. */
  readonly openIrregularity: boolean;
  readonly suspendedDays: number;
  readonly repeating: { readonly students: number; readonly repeats: number };
  readonly sourceType: string;
  readonly destinationType: string | null;
  /** The authority next above each authority of the case, by its id. */
  readonly superiors: Readonly<Record<string, string>>;
}

/** The authorities of a case's own route: a school may have another one by now. */
const AUTHORITIES = ['authority', 'sourceAuthority', 'destinationAuthority'].map((party) => `r.route->'parties'->>'${party}'`).join(', ');

/** The latest requests that were filed under the province's policy, with the student as it stood then. */
export async function latestCases(tx: Transaction, cipher: FieldCipher, provinceId: string, most: number): Promise<PreviewedCase[]> {
  const rows = await tx.query<(Omit<PreviewedCase, 'minor'> & { studentId: string; born: Buffer })[]>(
    `select r.id, r.number, r.kind, r.state, r.route, r.details, r.application, r.filed_at as "filedAt", s.id as "studentId",
      s.birth_date_cipher as born,
       coalesce(jsonb_array_length(f.body->'evidenceIds'), 0) as evidence, coalesce(f.body->'evidence', '[]') as proofs, v.enrolment,
       exists (select 1 from irregularity y where y.student_id = r.student_id and y.registered_at < r.filed_at
         and (y.outcome_at is null or y.outcome_at > r.filed_at)) as "openIrregularity",
       ${SUSPENDED_DAYS('r.student_id', 'r.filed_at')} as "suspendedDays", ${REPEATING('r.source_school_id', 'r.filed_at')} as repeating,
       ${CHANGES_BEFORE('suspension', 'r.student_id', 'r.filed_at')} as suspensions,
       ${CHANGES_BEFORE('repeatYear', 'r.student_id', 'r.filed_at')} as repeats, src.type as "sourceType", dst.type as "destinationType",
       (select coalesce(jsonb_object_agg(a.id, p.id), '{}') from organisation a join organisation p on p.id = a.parent_id
         and p.level <> 'national'
        where a.id::text in (${AUTHORITIES})) as superiors
     from change_request r join act f on f.stream_id = r.id and f.seq = 1 join student s on s.id = r.student_id
       join organisation src on src.id = r.source_school_id left join organisation dst on dst.id = r.destination_school_id
       left join lateral (
         select jsonb_build_object('state', w.state, 'enrolledOn', w.enrolled_on, 'majorDirection', w.major_direction,
         'admissionKind', w.admission_kind, 'origin', w.origin, 'crossStage', w.cross_stage,
           'teachingSite', w.teaching_site, 'numberAtSchool', w.number_at_school,
           'expectedLeavingOn', w.expected_leaving_on, 'validFrom',
           e.valid_from,
           'since', w.since, 'grade', w.grade, 'majorCode', w.major_code, 'studyMode', w.study_mode,
           'lengthYears', w.length_years, 'suspendedUntil', w.suspended_until,
           'suspendedSince', case when w.state = 'suspended' then ${SUSPENDED_SINCE('e.id', 'r.filed_at')} end) as enrolment
         from enrolment e join enrolment_version w on w.enrolment_id = e.id
         where e.student_id = r.student_id and w.school_id = r.source_school_id and w.recorded_at <= r.filed_at
         order by w.recorded_at desc, w.seq desc limit 1) v on true
     where r.id = any(array(select latest_requests_under($1, $2))) order by r.filed_at desc, r.id desc`,
    [provinceId, most],
  );
  return rows.map(({ studentId, born, ...one }) => ({
    ...one,
    minor: monthsLater(cipher.decrypt(born, `student.birthDate:${studentId}`), 18 * 12) > dateOf(one.filedAt.getTime()),
  }));
}

/** The route that the case would have got; its parties are those of its own route, and so is who rules on a dispute (A5). */
export function routeUnder(filed: PreviewedCase, policy: Policy): Route {
  const { kind, details, route } = filed;
  const drawn = routeFor(kind, partiesOf(filed), policy, addedFor(kind, details, policy));
  return kind === 'registrationException' && !route.steps.some(({ id }) => id === 'authority') ? schoolOnly(drawn) : drawn;
}

function partiesOf({ kind, route, superiors }: PreviewedCase): CaseParties {
  const { filer, parties } = route;
  if (!isTransfer(kind)) return { filer, source: school(route, superiors, parties.school, parties.authority, parties.province) };
  const source = school(route, superiors, parties.sourceSchool, parties.sourceAuthority, parties.sourceProvince);
  return { filer, source, destination: school(route, superiors, ...destinationOf(parties)) };
}

const destinationOf = ({ destinationSchool, destinationAuthority, destinationProvince }: RouteParties) =>
  [destinationSchool, destinationAuthority, destinationProvince] as const;

const school = (
  { steps }: Route,
  superiors: PreviewedCase['superiors'],
  schoolId = '',
  authorityId = '',
  provinceId = '',
): SchoolParty => ({
  schoolId,
  authorityId,
  provinceId,
  superiorId: superiors[authorityId],
  answersOutside: steps.some(({ onBehalfOf }) => onBehalfOf === schoolId),
});

/**
 * The blockers that another policy would have added on the day of filing. The request's own policy accepted it then. What that policy finds
 * now comes from other facts, such as a dispute or another request, and is left out.
 */
export function newBlockers(filed: PreviewedCase, had: Policy, proposed: Policy): Blocker[] {
  const known = new Set(blockersUnder(filed, had).map(({ code }) => code));
  return blockersUnder(filed, proposed).filter(({ code }) => !known.has(code));
}

function blockersUnder(filed: PreviewedCase, policy: Policy): Blocker[] {
  const { kind, details, application, evidence, enrolment, suspensions, repeats, route, sourceType, destinationType } = filed;
  if (!enrolment) return [];
  const { sourceSchool, school: own, destinationSchool } = route.parties;
  const schoolId = sourceSchool ?? own ?? '';
  const acting = kind === 'transfer' && route.filer.organisationId !== schoolId;
  const { students, repeats: before } = filed.repeating;
  const source = { id: schoolId, track: trackOf(sourceType), acting, repeating: { students, repeats: before + 1 } };
  const { minor, openIrregularity, suspendedDays } = filed;
  const facts: Facts = {
    proofs: filed.proofs.map(({ item }) => ({ item, handedIn: true })),
    kind,
    policy,
    details: details as unknown as Facts['details'], // judged by its kind when it was filed
    application: application ?? undefined,
    evidence,
    today: dateOf(filed.filedAt.getTime()),
    otherReviewers: 1,
    student: { openRequest: false, openDeath: false, enrolment, source, suspensions, repeats, minor, openIrregularity, suspendedDays },
    destination:
      destinationSchool === undefined ? undefined : { id: destinationSchool, track: trackOf(destinationType ?? ''), closed: false },
    cited: { kind, state: 'approved', isLatest: true },
    programme: details.jointProgrammeId ? NAMED : undefined,
  };
  return blockersOf(facts);
}

/** A joint programme waives what it waives whatever it says (A24). */
const NAMED: Programme = { schoolIds: [], majorCodes: [], intakeYear: '', from: '', to: '' };
