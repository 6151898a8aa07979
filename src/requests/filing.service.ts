import { Inject, Injectable } from '@nestjs/common';
import { organisationsOf } from '../platform/access/caller.js';
import { Problem } from '../platform/http/problem.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { attachable } from '../evidence/attachable.js';
import { beyond, type Transaction } from '../platform/database/in-scope.js';
import { byKey, together } from '../platform/database/together.js';
import { normaliseDocumentNumber, normaliseName } from '../domain/dossier/id-document.js';
import { holds, trackOf, type Actor } from '../domain/offices.js';
import type { KindPolicy, Policy } from '../domain/policy/policy.js';
import { blockersTold, type AboutStudent, type CitedRequest, type Facts, type Programme } from '../domain/preconditions/index.js';
import { isTransfer, type Kind } from '../domain/procedure/procedure.js';
import type { Blocker } from '../domain/refusal.js';
import type { SchoolParty } from '../domain/case/route.js';
import type { Correction } from '../domain/preconditions/correction.js';
import { calendarFor, dateOf, workingDaysBetween } from '../domain/working-days.js';
import { CalendarStore } from '../calendar/calendar.store.js';
import { HOLDS_OFFICE_AT } from '../platform/access/offices.sql.js';
import { presentPersonalOf } from '../dossier/personal.store.js';
import { append, tipOf } from '../platform/ledger/streams.js';
import { askedFacts, type AskedFacts } from '../policies/asked-facts.js';
import type { CrossTrackTransferDetailsInput } from './details.dto.js';
import { detailsOf, type Details } from './details.js';
import { PolicyStore } from '../policies/policies.store.js';
import type { PrecheckRequest } from './requests.dto.js';

interface StudentFacts extends Omit<AboutStudent, 'source'> {
  id: string;
  maskedName: string;
  schoolId: string;
  enrolmentId: string;
}

interface SchoolFacts extends SchoolParty {
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

/** Everything a filing needs, gathered once; the dry run and the filing both stand on it. */
export interface Gathered {
  /** With the source school; undefined when a cross-track transfer names nobody. */
  readonly student?: StudentFacts;
  readonly source?: SchoolFacts;
  /** Of a transfer. */
  readonly destination?: SchoolFacts;
  readonly filerOrganisationId: string;
  readonly policy: Policy;
  readonly details: Readonly<Record<string, unknown>>;
  /** Personal values of the details: never in clear. */
  readonly personal?: Readonly<Record<string, string>>;
  /** A correction filed later after its proof than policy has it, ten working days at most. */
  readonly late?: true;
  readonly blockers: readonly Blocker[];
}

/** Whom a filing is about, who files it, and what the kind's details say. */
interface Asked {
  readonly student?: StudentFacts;
  readonly filerOrganisationId: string;
  readonly destinationId?: string;
  readonly details: Details;
}

/** Of the present values only those that the correction would replace: no more is kept beside the act than it needs. */
const replaced = ({ former, changes }: Correction): Correction['former'] =>
  Object.fromEntries(Object.entries(former).filter(([fact]) => fact in changes));

/** The school that files a cross-track transfer: the one named, else the only one of which the actor is clerk. */
function filerOf(actor: Actor, { destinationSchoolId }: Pick<CrossTrackTransferDetailsInput, 'destinationSchoolId'>): string {
  const schools = organisationsOf(actor, 'schoolClerk');
  const filer = destinationSchoolId ?? (schools.length === 1 ? schools[0] : undefined);
  if (!filer)
    throw new Problem('invalid-input', {
      errors: [{ pointer: '/details/destinationSchoolId', detail: 'destinationSchoolId is required' }],
    });
  if (!schools.includes(filer)) throw new Problem('not-your-office');
  return filer;
}

const aboutStudent = (
  { id: _, maskedName: _masked, schoolId: _school, enrolmentId: _enrolment, ...about }: StudentFacts,
  source: SchoolFacts,
  asked: AskedFacts,
): AboutStudent => ({
  ...about,
  ...asked.student,
  source: { id: source.schoolId, track: trackOf(source.type), acting: source.actingId !== null, ...asked.source },
});

@Injectable()
export class Filing {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
    private readonly policies: PolicyStore,
    private readonly calendar: CalendarStore,
  ) {}

  /**
   * Finds student, schools and policy of a filing and names every blocker.
   * @throws Problem not-found for a student whom the caller may not file for
   */
  gather(tx: Transaction, actor: Actor, body: PrecheckRequest): Promise<Gathered> {
    // Earlier schools' changes count; of a school of another track only the name is known.
    return beyond(tx, 'filing', () => this.gathered(tx, actor, body));
  }

  private async gathered(tx: Transaction, actor: Actor, body: PrecheckRequest): Promise<Gathered> {
    const asked = body.kind === 'crossTrackTransfer' ? await this.namedStudent(tx, actor, body) : await this.ownStudent(tx, actor, body);
    const { student, filerOrganisationId, details, destinationId } = asked;
    const [source, destination] = await Promise.all([
      student && this.school(tx, student.schoolId),
      destinationId === undefined ? undefined : this.school(tx, destinationId),
    ]);
    const province = (body.kind === 'crossTrackTransfer' ? destination : source)?.provinceId;
    const policy = await this.policy(tx, province);
    const correction = student && (await this.correction(tx, student.id, details));
    const facts = {
      kind: body.kind,
      policy,
      today: this.today(),
      evidence: body.evidenceIds?.length ?? 0,
      details: details.kept,
      student: student && source && aboutStudent(student, source, await this.asked(tx, policy.kinds[body.kind], student)),
      proofs: body.evidence?.map(({ id, item }) => ({ item, handedIn: body.evidenceIds?.includes(id) === true })),
      application: body.application ?? { by: 'school' as const, on: this.today() },
      destination: destination && { id: destination.schoolId, track: trackOf(destination.type), closed: destination.closed },
      otherReviewers: await this.otherReviewers(tx, filerOrganisationId, actor.personId),
      cited: await this.cited(tx, student, details.kept),
      correction,
      programme: await this.programme(tx, details.kept),
      dispute: await this.dispute(tx, student, details),
      strangeEvidence: !(await this.isOwnEvidence(tx, actor, body.evidenceIds ?? [])),
      confirmers: source && (await this.confirmers(tx, policy.kinds[body.kind], source, actor.personId)),
    } as Facts;
    const personal = correction ? { ...details.personal, former: JSON.stringify(replaced(correction)) } : details.personal;
    return {
      student,
      source,
      destination,
      filerOrganisationId,
      policy,
      details: { ...details.kept },
      personal,
      ...(source && (await this.isLate(tx, source, details, policy)) ? { late: true as const } : {}),
      blockers: blockersTold(facts),
    };
  }

  private asked(tx: Transaction, { rules }: KindPolicy, student: StudentFacts): Promise<AskedFacts> {
    return askedFacts(tx, { cipher: this.cipher, now: new Date(this.clock.now()), rules }, student);
  }

  private async policy(tx: Transaction, provinceId: string | undefined): Promise<Policy> {
    const found = await together(tx, 'policy', provinceId ?? '', async (ids) => {
      const each = ids.map(async (id) => [id, await this.policies.inForce(tx, id === '' ? undefined : id, this.today())] as const);
      return new Map(await Promise.all(each));
    });
    if (!found) throw new Error('a policy is always in force');
    return found;
  }

  /** Keeps a record of who named a student in vain: guessing numbers and names shows (A23). */
  async recordMismatch(tx: Transaction, { personId }: Actor, gathered?: Gathered): Promise<void> {
    if (!gathered?.blockers.some(({ code }) => code === 'student-not-matched')) return;
    const { filerOrganisationId: organisationId } = gathered;
    await tx.query('select 1 from organisation where id = $1 for update', [organisationId]);
    await append(tx, { clock: this.clock, cipher: this.cipher }, 'organisation', organisationId, await tipOf(tx, organisationId), {
      kind: 'studentNotMatched',
      by: { personId, office: 'schoolClerk', organisationId },
      body: {},
    });
  }

  /** Of a correction or an amendment: the proposed values and those they would replace. */
  private async correction(tx: Transaction, studentId: string, { personal }: Details): Promise<Correction | undefined> {
    if (personal?.changes === undefined) return undefined;
    const changes = JSON.parse(personal.changes) as Correction['changes'];
    const former = await together(tx, 'former', studentId, (ids) => presentPersonalOf(tx, this.cipher, ids));
    if (!former) throw new Error(`no student ${studentId}`);
    return { changes, former };
  }

  /** Art 16: within so many working days of the proof, counted by the calendar of the school's province. */
  private async isLate(
    tx: Transaction,
    { authorityId, provinceId }: SchoolFacts,
    { kept }: Details,
    { proofWorkingDays }: Policy,
  ): Promise<boolean> {
    if (!('proofReceivedOn' in kept)) return false;
    const calendar = calendarFor(await this.calendar.current(tx), { holder: authorityId, ladder: [provinceId] });
    return workingDaysBetween(calendar, kept.proofReceivedOn, this.today()) > proofWorkingDays;
  }

  private today = () => dateOf(this.clock.now());

  private async ownStudent(tx: Transaction, actor: Actor, { kind, studentId, details }: PrecheckRequest): Promise<Asked> {
    if (!studentId)
      throw new Problem('invalid-input', { errors: [{ pointer: '/studentId', detail: 'studentId is required for this kind' }] });
    const parsed = detailsOf<Kind>(kind, details);
    const student = await together(
      tx,
      'student',
      studentId,
      async (ids) => new Map((await this.students(tx, 's.id = any($1::uuid[])', [ids])).map((one) => [one.id, one])),
    );
    if (!student) throw new Problem('not-found');
    const filerOrganisationId = await this.filerFor(tx, actor, student.schoolId);
    const destinationId = isTransfer(kind) && 'destinationSchoolId' in parsed.kept ? parsed.kept.destinationSchoolId : undefined;
    return { student, filerOrganisationId, details: parsed, destinationId };
  }

  /** The student's school, of which the actor is clerk; of a closed school the authority that acts for it (A25). */
  private async filerFor(tx: Transaction, actor: Actor, schoolId: string): Promise<string> {
    if (holds(actor, 'schoolClerk', schoolId)) return schoolId;
    const acting = (await this.school(tx, schoolId))?.actingId;
    if (acting && holds(actor, 'authoritySupervisor', acting)) return acting;
    throw new Problem(organisationsOf(actor).includes(schoolId) ? 'not-your-office' : 'not-found');
  }

  /** The filer may not see the student: number and name must both match, and every mismatch is refused alike. */
  private async namedStudent(tx: Transaction, actor: Actor, { details }: PrecheckRequest): Promise<Asked> {
    const parsed = detailsOf('crossTrackTransfer', details);
    const filer = filerOf(actor, parsed.input);
    const { studentNumber, name } = parsed.input.student;
    const keys = [
      this.cipher.index('studentNumber', normaliseDocumentNumber(studentNumber)),
      this.cipher.index('name', normaliseName(name)),
    ];
    const [student] = await this.students(tx, 's.number_index = $1 and s.name_index = $2', keys);
    const kept = { ...parsed.kept, destinationSchoolId: filer };
    return { student, filerOrganisationId: filer, details: { ...parsed, kept }, destinationId: filer };
  }

  /** Students with the held enrolment, or the latest one. */
  private students(tx: Transaction, condition: string, keys: unknown[]): Promise<StudentFacts[]> {
    return tx.query<StudentFacts[]>(
      `select s.id, s.masked_name as "maskedName", e.id as "enrolmentId", e.school_id as "schoolId",
         jsonb_build_object('state', e.state, 'enrolledOn', e.enrolled_on, 'expectedLeavingOn', e.expected_leaving_on, 'validFrom',
           e.valid_from,
           'since', e.since, 'grade', e.grade, 'majorCode', e.major_code, 'studyMode', e.study_mode, 'suspendedUntil',
             e.suspended_until) as enrolment,
         exists (select 1 from change_request r where r.student_id = s.id and r.state = 'open'
           and r.kind not in ('death','duplicateRuling')) as "openRequest",
         ${BEING_RULED('s.id')} as "beingRuled",
         exists (select 1 from change_request r where r.student_id = s.id and r.state = 'open' and r.kind = 'death') as "openDeath",
         (select count(*) from change_request r where r.student_id = s.id and r.state = 'approved' and r.kind = 'suspension'
           and r.filed_at >= e.enrolled_on)::int as suspensions,
         (select count(*) from change_request r where r.student_id = s.id and r.state = 'approved' and r.kind = 'repeatYear'
           and r.filed_at >= e.enrolled_on)::int as repeats
       from student s cross join lateral (select * from enrolment e where e.student_id = s.id
         order by (e.state in ('active','suspended')) desc, e.valid_from desc, e.recorded_at desc limit 1) e
       where ${condition}`,
      keys,
    );
  }

  /** The request that a reinstatement undoes, if it is one of this student's. */
  private async cited(tx: Transaction, student: StudentFacts | undefined, details: object): Promise<CitedRequest | undefined> {
    if (!student || !('requestId' in details)) return undefined;
    const keyOf = (...ids: unknown[]): string => ids.join('/');
    return together(tx, 'cited', keyOf(details.requestId, student.id, student.enrolmentId), async (keys) => {
      const asked = keys.map((key) => key.split('/'));
      const rows = await tx.query<(CitedRequest & { request: string; student: string; enrolment: string })[]>(
        `select k.request, k.student, k.enrolment, r.kind, r.state, coalesce(e.closed_by = r.id, false) as "endedTheEnrolment"
         from unnest($1::uuid[], $2::uuid[], $3::uuid[]) k (request, student, enrolment)
           join change_request r on r.id = k.request and r.student_id = k.student left join enrolment e on e.id = k.enrolment`,
        [0, 1, 2].map((nth) => asked.map((ids) => ids[nth])),
      );
      return new Map(rows.map(({ request, student: of, enrolment, ...cited }) => [keyOf(request, of, enrolment), cited]));
    });
  }

  /** The joint programme that a transfer names (A24). */
  private async programme(tx: Transaction, details: object): Promise<Programme | undefined> {
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
  private async dispute(tx: Transaction, student: StudentFacts | undefined, { kept }: Details): Promise<Facts['dispute']> {
    if (!student || !('registrationId' in kept)) return undefined;
    return together(tx, `dispute about ${kept.registrationId}`, student.id, async (ids) =>
      byKey(
        await tx.query<{ key: string; beingRuled: boolean }[]>(
          `select s.id as key, ${BEING_RULED('s.id', 'd.registration_id = g.id')} as "beingRuled"
           from unnest($2::uuid[]) s (id) cross join registration g join enrolment e on e.id = g.enrolment_id where g.id = $1
             and e.state = 'heldDuplicate'
             and (g.student_id = s.id or exists (select 1 from duplicate d where d.registration_id = g.id and d.other_student_id = s.id
               and d.state = 'open'))`,
          [kept.registrationId, ids],
        ),
      ),
    );
  }

  private async school(tx: Transaction, id: string): Promise<SchoolFacts | undefined> {
    return together(tx, 'school', id, async (ids) => new Map((await this.schools(tx, ids)).map((one) => [one.schoolId, one])));
  }

  private schools(tx: Transaction, ids: readonly string[]): Promise<SchoolFacts[]> {
    return tx.query<SchoolFacts[]>(
      `select o.id as "schoolId", o.parent_id as "authorityId", o.province_id as "provinceId", o.answers_outside as "answersOutside",
        o.type,
         (select s.id from organisation a join organisation s on s.id = a.parent_id and s.level <> 'national'
           where a.id = o.parent_id) as "superiorId",
         o.acting_id as "actingId", coalesce(o.closed_on <= $2::date, false) as closed, array[o.id] || o.ancestors as "seenBy"
           from organisation o where o.id = any($1::uuid[]) and o.level = 'school'`,
      [ids, this.today()],
    );
  }

  private async otherReviewers(tx: Transaction, organisationId: string, filerId: string): Promise<number> {
    const found = await together(tx, `reviewers beside ${filerId}`, organisationId, async (ids) =>
      byKey(
        await tx.query<{ key: string; n: number }[]>(
          `select organisation_id as key, count(*)::int as n from office o join person p on p.id = o.person_id and p.disabled_at is null
           where organisation_id = any($1::uuid[]) and office in ('schoolReviewer', 'authorityReviewer') and person_id <> $2
             and ${HOLDS_OFFICE_AT('o', '$3')}
           group by organisation_id`,
          [ids, filerId, new Date(this.clock.now())],
        ),
      ),
    );
    return found?.n ?? 0;
  }

  /** Who could confirm what the source school decided, where policy asks for that: of the school itself, when it answers here (A1). */
  private async confirmers(
    tx: Transaction,
    { order }: KindPolicy,
    { schoolId, answersOutside, actingId }: SchoolFacts,
    filerId: string,
  ): Promise<number | undefined> {
    if (!order.includes('sourceReconfirmation') || answersOutside || actingId !== null) return undefined;
    return this.otherReviewers(tx, schoolId, filerId);
  }

  /** @throws Problem unknown-evidence */
  async checkEvidence(tx: Transaction, actor: Actor, ids: readonly string[]): Promise<void> {
    if (await this.isOwnEvidence(tx, actor, ids)) return;
    throw new Problem('unknown-evidence', {
      errors: [{ pointer: '/evidenceIds', detail: 'unknown, or not uploaded by your organisation' }],
    });
  }

  private async isOwnEvidence(tx: Transaction, actor: Actor, ids: readonly string[]): Promise<boolean> {
    const own = (all: string[]) => attachable(tx, all, organisationsOf(actor), this.clock.now());
    const found = await Promise.all(
      ids.map((id) => together(tx, `evidence of ${actor.personId}`, id, async (all) => byKey(await own(all)))),
    );
    return !found.includes(undefined);
  }
}
