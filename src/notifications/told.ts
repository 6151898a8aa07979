import type { Office } from '../domain/offices.js';

const OFFICE = (notice: string, kind: string, office: string, organisation: string, when = 'true'): string =>
  `select e.id, '${notice}', null::uuid, ${office}, ${organisation} from e where e.act = '${kind}' and ${when}`;
const PERSON = (notice: string, kind: string, person: string, when = 'true'): string =>
  `select e.id, '${notice}', ${person}, null, null::uuid from e where e.act = '${kind}' and ${when}`;
/** The offices that hold the task of the act. */
const HOLDERS = (notice: string, kind: string): string =>
  `select e.id, '${notice}', t.assignee_id, case when t.assignee_id is null then t.office end, case
    when t.assignee_id is null then t.holder_id end
   from e join task t on t.id = e.task_id where e.act = '${kind}'`;
/** The office that holds the task of the act, whoever has it in hand. */
const AT_TASK = (notice: string, kind: string): string =>
  `select e.id, '${notice}', null::uuid, t.office, t.holder_id from e join task t on t.id = e.task_id where e.act = '${kind}'`;
/** The offices that hold the open tasks of the request. */
const OPEN_AT = (notice: string, kind: string): string =>
  `select e.id, '${notice}', null::uuid, t.office, t.holder_id from e join task t on t.request_id = e.request_id and t.state = 'open'
    where e.act = '${kind}' and e.task_id is null`;

/** Several offices of the organisation that the act names. */
const OFFICES = (notice: string, kind: string, organisation: string, ...offices: Office[]): string =>
  OFFICES_WHEN('true', notice, kind, organisation, ...offices);
const OFFICES_WHEN = (when: string, notice: string, kind: string, organisation: string, ...offices: Office[]): string =>
  `select e.id, '${notice}', null::uuid, r.office, ${organisation} from e cross join (values
    ${offices.map((one) => `('${one}')`).join(', ')}) r (office)
   where e.act = '${kind}' and ${when}`;
/** A school, or who stands in its place. */
const STANDS_FOR = (school: string): string =>
  `(select coalesce(o.successor_id, o.acting_id, o.id) from organisation o where o.id = ${school})`;
/** Who asked for the opinion, and in whose place. */
const ASKERS = (notice: string, kind: string): string =>
  `select e.id, '${notice}', p.id, null, null::uuid from e join consultation c on c.id = (e.body ->> 'consultationId')::uuid
     join act a on a.stream_id = c.request_id and a.seq = c.asked_seq
     cross join lateral (values (a.person_id), ((a.body ->> 'onBehalfOfPerson')::uuid)) p (id) where e.act = '${kind}'
       and p.id is not null`;
/** Of the delegation that ended: the delegator and in whose place, when it was answered; the colleague, when it was withdrawn. */
const DELEGATION = `
  select e.id, 'delegationEnded', p.id, null, null::uuid from e cross join lateral (
     select a.person_id, a.body from act a where a.stream_id = e.request_id and a.kind = 'delegated'
       and a.body ->> 'taskId' = e.body ->> 'taskId' and a.seq < e.seq
     order by a.seq desc limit 1) d
     cross join lateral (values ('answered', d.person_id), ('answered', (d.body ->> 'onBehalfOfPerson')::uuid), ('withdrawn',
       (d.body ->> 'to')::uuid)) p (how, id)
   where e.act = 'delegationEnded' and p.how = e.body ->> 'how' and p.id is not null`;

/**
 * The persons who had the task in hand before it was reassigned: its claimant, its assignee, and a delegator with the colleague until that
 * ended.
 */
const FORMER = `
  select e.id, 'taskTaken', p.id, null, null::uuid from e cross join lateral (
     select a.kind, a.person_id, a.body, exists (
         select 1 from act x where x.stream_id = e.request_id and x.kind = 'delegationEnded' and x.body ->> 'taskId' = e.body ->> 'taskId'
           and x.seq > a.seq and x.seq < e.seq) as ended
     from act a where a.stream_id = e.request_id and a.kind in ('claimed','released','reassigned','delegated')
       and a.body ->> 'taskId' = e.body ->> 'taskId' and a.seq < e.seq order by a.seq desc limit 1) d
     cross join lateral (values ('claimed', coalesce((d.body ->> 'onBehalfOfPerson')::uuid, d.person_id)), ('reassigned',
       (d.body ->> 'to')::uuid),
       ('delegated', case when not d.ended then (d.body ->> 'to')::uuid end), ('delegated', coalesce((d.body ->> 'onBehalfOfPerson')::uuid,
         d.person_id))) p (kind, id)
   where e.act = 'reassigned' and p.kind = d.kind and p.id <> (e.body ->> 'to')::uuid`;

/**
 * The persons who had a task in hand that the act stopped or ended: assignee, claimant and delegate. A claim that had lapsed does not
 * count.
 */
const VOIDED = `
  select e.id, 'taskVoided', p.id, t.office, t.holder_id from e join task t on t.request_id = e.request_id and t.void_seq = e.seq
    join organisation h on h.id = t.holder_id
     cross join lateral (values (t.assignee_id, true), (t.delegate_id, true),
       (t.claimant_id, coalesce(end_of_working_day(h.province_id, t.claimed_on, t.claim_working_days),
         'infinity') > e.at)) p (id, still)
   where p.id is not null and p.still`;

/** The offices whose open tasks a pause stopped, and who had them in hand. */
const PAUSED_AT = `
  select e.id, 'taskPaused', null::uuid, t.office, t.holder_id from e
    join task t on t.request_id = e.request_id and t.void_seq = e.seq where e.act = 'held'`;

/** Who decided last before the request parked, in whose place, and the operators who see it. */
const PARKED = [
  PERSON('requestParked', 'parked', 'e.filer_id', 'e.filer_id is not null'),
  `select e.id, 'decidedParked', p.id, null, null::uuid from e cross join lateral (
     select a.person_id, (a.body ->> 'onBehalfOfPerson')::uuid as principal_id from act a
     where a.stream_id = e.request_id and a.kind = 'decided' and a.seq < e.seq order by a.seq desc limit 1) d
   cross join lateral (values (d.person_id), (d.principal_id)) p (id) where e.act = 'parked' and p.id is not null`,
  `select e.id, 'parkedForOperator', null::uuid, 'operator', o.id from e join change_request r on r.id = e.request_id
     cross join unnest(r.seen_by) o (id) where e.act = 'parked'`,
];

/**
 * What was approved and waited for its day, or was parked, was taken back (A20). The offices are told that had decided, or that stand now
 * where they did.
 */
const TO_DECIDERS = (act: string): string =>
  `select e.id, 'scheduledTakenBack', null::uuid, d.office, d.organisation_id from e cross join lateral (
     select distinct case when o.acting_id is null then a.office else 'authorityReviewer' end as office,
       coalesce(o.successor_id, o.acting_id, o.id) as organisation_id
     from act a join organisation o on o.id = a.organisation_id where a.stream_id = e.request_id and a.kind = 'decided' and a.seq < e.seq) d
   where e.act = '${act}'
     and exists (select 1 from act w where w.stream_id = e.request_id and w.seq < e.seq
       and (w.kind = 'scheduled' or w.kind = 'parked' and w.body ->> 'what' = 'effect'))`;

/** The authority whose order the rejected request had answered; one that the school itself rejected answers nothing. */
const ORDERED_REJECTED = `
  select e.id, 'orderedRejected', null::uuid, 'authoritySupervisor', v.authority_id from e join supervision_order v
    on v.request_id = e.request_id
   where e.act = 'decided' and e.body ->> 'verdict' = 'reject'`;

/** Who urged, and the supervisors of the authority in whose name. */
const URGERS = [
  `select e.id, 'urgeUnanswered', u.person_id, null, null::uuid from e join urge u on u.request_id = e.request_id
    and u.seq = (e.body ->> 'urgeSeq')::int
   where e.act = 'urgeUnanswered'`,
  `select e.id, 'urgeUnanswered', null::uuid, 'authoritySupervisor', u.organisation_id from e
     join urge u on u.request_id = e.request_id and u.seq = (e.body ->> 'urgeSeq')::int where e.act = 'urgeUnanswered'`,
];
/** Of orders 责令: to the school, to the authority that ordered, and to a superior whom silence has reached. */
const TO_SCHOOL = (notice: string, act: string): string => OFFICES(notice, `order.${act}`, 'e.school_id', 'schoolClerk', 'schoolReviewer');
const TO_AUTHORITY = (notice: string, act: string): string => OFFICE(notice, `order.${act}`, `'authoritySupervisor'`, 'e.authority_id');
const ORDERS = [
  TO_SCHOOL('orderPlaced', 'ordered'),
  OFFICE('orderOverdue', 'order.escalated', `'authoritySupervisor'`, `(e.body ->> 'to')::uuid`),
  TO_AUTHORITY('orderOverdue', 'escalated'),
  TO_SCHOOL('orderOverdue', 'escalated'),
  ...['filed', 'replied'].map((act) => TO_AUTHORITY('orderAnswered', act)),
  TO_SCHOOL('orderRuled', 'ruled'),
  TO_SCHOOL('orderWithdrawn', 'withdrawn'),
  TO_SCHOOL('orderReopened', 'reopened'),
  TO_AUTHORITY('orderReopened', 'reopened'),
];
/** Of a registration that is held against a student: to the student's school. */
const CONTESTED = OFFICES(
  'registrationContested',
  'student.duplicateFound',
  `(e.body ->> 'schoolId')::uuid`,
  'schoolClerk',
  'schoolReviewer',
);
/** Of namesakes, on both sides: to the reviewers of school and authority. */
const NAMESAKES = [
  OFFICE('namesakeNoted', 'student.namesakeFound', `'schoolReviewer'`, `(e.body ->> 'schoolId')::uuid`),
  OFFICE('namesakeNoted', 'student.namesakeFound', `'authorityReviewer'`, `(e.body ->> 'authorityId')::uuid`),
];
/** Of what a student or guardian says against the dossier: to the school, and to the authority that answers for it (A21). */
const DOSSIER_OBJECTED = [
  OFFICE('dossierObjected', 'student.dossierObjected', `'authorityReviewer'`, `(e.body ->> 'authorityId')::uuid`),
  OFFICES('dossierObjected', 'student.dossierObjected', `(e.body ->> 'schoolId')::uuid`, 'schoolClerk', 'schoolReviewer'),
];
/** Of a person who reached a limit of the day: to the supervisors above. */
const LIMITS = `select e.id, 'limitReached', null::uuid, 'authoritySupervisor', above.id::uuid from e
  cross join lateral jsonb_array_elements_text(e.body -> 'authorityIds') above (id) where e.act = 'access.limitReached'`;
/** Of suspensions: before the end to the school, after it to its authority too. */
const SUSPENSIONS = [
  OFFICE('suspensionEnding', 'student.resumptionReminded', `'schoolClerk'`, `(e.body ->> 'schoolId')::uuid`),
  OFFICE('suspensionExpired', 'student.suspensionExpired', `'schoolClerk'`, `(e.body ->> 'schoolId')::uuid`),
  OFFICE('suspensionExpired', 'student.suspensionExpired', `'authoritySupervisor'`, `(e.body ->> 'authorityId')::uuid`),
];

/** Of the registration of a term: to the school before the last day, after it to its authority too, and what the authority took back. */
const TERMS = [
  OFFICE('termEnding', 'term.reminded', `'schoolClerk'`, `(e.body ->> 'schoolId')::uuid`),
  OFFICES('termOverdue', 'term.overdue', `(e.body ->> 'schoolId')::uuid`, 'schoolClerk', 'schoolReviewer'),
  OFFICE('termOverdue', 'term.overdue', `'authoritySupervisor'`, `(e.body ->> 'authorityId')::uuid`),
  OFFICES_WHEN(
    `e.body ? 'authorityId'`,
    'termRetracted',
    'term.retracted',
    STANDS_FOR(`(e.body ->> 'schoolId')::uuid`),
    'schoolClerk',
    'schoolReviewer',
  ),
];

/** Of an intake whose registration ends with students left: to the school, and to its authority (R-06). */
const INTAKES = [
  OFFICES('intakeEnding', 'intake.ending', STANDS_FOR(`(e.body ->> 'schoolId')::uuid`), 'schoolClerk', 'schoolReviewer'),
  OFFICE('intakeEnding', 'intake.ending', `'authorityReviewer'`, `(e.body ->> 'authorityId')::uuid`),
  OFFICE('intakeEnding', 'intake.ending', `'authoritySupervisor'`, `(e.body ->> 'authorityId')::uuid`),
];

/** Of people on an admission list who did not report in time: to the school, and to its authority (R-05). */
const ADMISSIONS = [
  OFFICES('admittedMissing', 'organisation.admittedMissing', STANDS_FOR(`(e.body ->> 'schoolId')::uuid`), 'schoolClerk', 'schoolReviewer'),
  OFFICE('admittedMissing', 'organisation.admittedMissing', `'authorityReviewer'`, `(e.body ->> 'authorityId')::uuid`),
  OFFICE('admittedMissing', 'organisation.admittedMissing', `'authoritySupervisor'`, `(e.body ->> 'authorityId')::uuid`),
];

/** Of a graduation whose leaving day has passed without completion: to the school, and to its authority. */
const GRADUATIONS = [
  OFFICES('graduationOverdue', 'graduation.overdue', STANDS_FOR(`(e.body ->> 'schoolId')::uuid`), 'schoolClerk', 'schoolReviewer'),
  OFFICE('graduationOverdue', 'graduation.overdue', `'authoritySupervisor'`, `(e.body ->> 'authorityId')::uuid`),
];

/** Of a standing proxy 代理: the person who stands in. */
const STANDS_IN = (notice: string): string =>
  `select e.id, '${notice}', x.proxy_id, x.office, x.organisation_id from e join proxy x on x.id = e.proxy_id
    where e.act = 'organisation.${notice}'`;

/** The administrators of an organisation and of its superior. */
const ADMINISTRATORS = (notice: string, act: string, organisation: string): string[] => [
  OFFICE(notice, act, `'orgAdmin'`, organisation),
  OFFICE(notice, act, `'orgAdmin'`, `(select o.parent_id from organisation o where o.id = ${organisation})`),
];
/** Of a new way to sign in: its person, who may not have asked for it, and those who answer for who gave it. */
const SIGN_INS = ['passwordReset', 'subjectBound'].flatMap((notice) => [
  PERSON(notice, `access.${notice}`, 'e.account_id'),
  ...ADMINISTRATORS(notice, `access.${notice}`, 'e.acted_in'),
]);

/** Whom each act tells what: a person, or an office at an organisation. The most telling first, for each person is told of an act once. */
export const TOLD = [
  PERSON('taskAssigned', 'reassigned', `(e.body ->> 'to')::uuid`),
  FORMER,
  PAUSED_AT,
  VOIDED,
  ...PARKED,
  AT_TASK('taskVacated', 'vacated'),
  PERSON('taskDelegated', 'delegated', `(e.body ->> 'to')::uuid`),
  PERSON(
    'urgeAnswered',
    'urgeAnswered',
    `(select u.person_id from urge u where u.request_id = e.request_id and u.seq = (e.body ->> 'urgeSeq')::int)`,
  ),
  ...URGERS,
  OFFICE('supplementAsked', 'opened', `e.body ->> 'office'`, `(e.body ->> 'holder')::uuid`, `(e.body ->> 'supplement')::boolean`),
  OFFICE(
    'taskOpened',
    'opened',
    `e.body ->> 'office'`,
    `(e.body ->> 'holder')::uuid`,
    `not coalesce((e.body ->> 'supplement')::boolean, false)`,
  ),
  ORDERED_REJECTED,
  PERSON('requestReturned', 'decided', 'e.filer_id', `e.body ->> 'verdict' = 'return'`),
  PERSON('requestDecided', 'decided', 'e.filer_id', `e.body ->> 'verdict' <> 'return'`),
  PERSON('requestScheduled', 'scheduled', 'e.filer_id'),
  ...['recalled', 'cancelled', 'superseded'].map(TO_DECIDERS),
  PERSON('requestClosed', 'closed', 'e.filer_id'),
  HOLDERS('reminded', 'reminded'),
  OFFICE('escalated', 'escalated', `'authoritySupervisor'`, `(e.body ->> 'to')::uuid`),
  HOLDERS('urged', 'urged'),
  OPEN_AT('urged', 'urged'),
  OFFICES('opinionAsked', 'consulted', `(e.body ->> 'organisationId')::uuid`, 'schoolReviewer', 'authorityReviewer'),
  OFFICES('opinionOverdue', 'consultationReminded', `(e.body ->> 'organisationId')::uuid`, 'schoolReviewer', 'authorityReviewer'),
  ASKERS('opinionOverdue', 'consultationReminded'),
  ASKERS('opinionGiven', 'consultationAnswered'),
  DELEGATION,
  OFFICES(
    'noticeQueried',
    'noticeQueried',
    STANDS_FOR(`(e.body ->> 'fromSchoolId')::uuid`),
    'schoolClerk',
    'schoolReviewer',
    'authoritySupervisor',
  ),
  OFFICES('noticeAnswered', 'noticeAnswered', `(e.body ->> 'provinceId')::uuid`, 'authorityReviewer'),
  HOLDERS('deadlineExtended', 'extended'),
  PERSON('requestPaused', 'held', 'e.filer_id'),
  PERSON('requestContinued', 'continued', 'e.filer_id'),
  OFFICES('copied', 'copied', `(e.body ->> 'to')::uuid`, 'schoolClerk', 'schoolReviewer', 'authorityReviewer'),
  `select e.id, 'mentioned', m.id::uuid, null, null::uuid from e cross join lateral jsonb_array_elements_text(e.body -> 'mentions') m (id)
    where e.act = 'commented'`,
  OPEN_AT('objected', 'objected'),
  `select e.id, 'objected', null::uuid, 'authorityReviewer', o.parent_id from e join change_request q on q.id = e.request_id
     join organisation o on o.id = q.source_school_id where e.act = 'objected'`,
  `select e.id, 'deadlineMoved', null::uuid, 'authoritySupervisor', s.id from e join task t on t.id = e.task_id cross
    join unnest(t.escalated_to) s (id)
   where e.act = 'deadlineMoved'`,
  ...ORDERS,
  ...SUSPENSIONS,
  ...DOSSIER_OBJECTED,
  CONTESTED,
  ...NAMESAKES,
  LIMITS,
  ...['proxyGranted', 'proxyEnded'].map(STANDS_IN),
  ...TERMS,
  ...ADMISSIONS,
  ...GRADUATIONS,
  ...INTAKES,
  ...SIGN_INS,
  ...ADMINISTRATORS('grantProposed', 'organisation.grantProposed', `(e.body ->> 'organisationId')::uuid`),
  PERSON('stale', 'stale', 'e.filer_id'),
  OPEN_AT('stale', 'stale'),
];
