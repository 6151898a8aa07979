import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { Inject, Injectable } from '@nestjs/common';
import { organisationsOf } from '../platform/access/caller.js';
import { Problem } from '../platform/http/problem.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { attachable } from '../evidence/attachable.js';
import { beyond, type Transaction } from '../platform/database/in-scope.js';
import { byKey, together } from '../platform/database/together.js';
import { normaliseDocumentNumber, normaliseName } from '../domain/dossier/id-document.js';
import { handlingAt, holds, trackOf, type Actor } from '../domain/offices.js';
import { appliesAsGuardian } from '../domain/case/acts.js';
import type { StudyPlace } from '../domain/dossier/study.js';
import type { StudyCorrectionDetails } from '../domain/case/details.js';
import { replacedBy, type StudyData } from '../domain/dossier/study-data.js';
import type { KindPolicy, Policy } from '../domain/policy/policy.js';
import { blockersTold, type AboutStudent, type EvidenceFacts, type Facts } from '../domain/preconditions/index.js';
import { isTransfer, type Kind } from '../domain/procedure/procedure.js';
import type { Blocker } from '../domain/refusal.js';
import type { Correction } from '../domain/preconditions/correction.js';
import { calendarFor, dateOf, workingDaysBetween } from '../domain/working-days.js';
import { CalendarStore } from '../calendar/calendar.store.js';
import { namedClassAt } from '../classes/named-classes.js';
import { studyPlaceOf } from '../organisations/offers.js';
import { anotherHas, presentPersonalOf } from '../dossier/personal.store.js';
import { appendNext } from '../platform/ledger/streams.js';
import { askedFacts, type AskedFacts } from '../policies/asked-facts.js';
import { namedFacts, otherSideOf, reviewerFacts, schoolOf, studentsWhere, type SchoolFacts, type StudentFacts } from './filing.store.js';
import type { CrossTrackTransferDetailsInput } from './details.dto.js';
import { detailsOf, type Details } from './details.js';
import { withSources } from '../policies/line.js';
import { PolicyStore } from '../policies/policies.store.js';
import type { PrecheckRequest } from './requests.dto.js';

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

/** Of a correction of study data: the values that it would replace, so that the act says old and new. */
const formerStudy = (kind: Kind, student: StudentFacts | undefined, { kept }: Details): { former?: Partial<StudyData> } => {
  if (kind !== 'studyCorrection' || !student) return {};
  const { majorDirection = null, ...enrolment } = student.enrolment;
  return { former: replacedBy(kept as StudyCorrectionDetails, { ...enrolment, majorDirection }) };
};

/** The school that files a cross-track transfer: the one named, else the only one of which the actor is clerk. */
function filerOf(actor: Actor, { destinationSchoolId }: Pick<CrossTrackTransferDetailsInput, 'destinationSchoolId'>): string {
  const schools = organisationsOf(actor, 'schoolClerk');
  const filer = destinationSchoolId ?? (schools.length === 1 ? schools[0] : undefined);
  if (!filer)
    throw new Problem('invalid-input', {
      errors: [{ pointer: '/details/destinationSchoolId', detail: FIELD_FAULTS.missing }],
    });
  if (!schools.includes(filer)) throw new Problem('not-your-office');
  return filer;
}

export const aboutStudent = (
  { id: _, maskedName: _masked, schoolId: _school, enrolmentId: _enrolment, ...about }: StudentFacts,
  source: SchoolFacts,
  asked: AskedFacts,
  place: StudyPlace & Pick<AboutStudent['source'], 'namedClass'>,
): AboutStudent => ({
  ...about,
  ...asked.student,
  source: { id: source.schoolId, acting: source.actingId !== null, ...place, ...asked.source },
});

/** The school to which a transfer moves the student, or the other one of a transfer that is undone. */
function otherSchoolOf(
  tx: Transaction,
  student: StudentFacts,
  kind: Kind,
  kept: Details['kept'],
): Promise<string | undefined> | string | undefined {
  if (isTransfer(kind) && 'destinationSchoolId' in kept) return kept.destinationSchoolId;
  return kind === 'reinstatement' && 'requestId' in kept ? otherSideOf(tx, student, kept.requestId) : undefined;
}

const OF_THE_PRESENT_MAJOR: ReadonlySet<Kind> = new Set<Kind>(['repeatYear', 'changeStudyMode', 'studyCorrection']);

/** The school with its offers of the major, and the class, that a change within it is about; other kinds are about none. */
export async function placeAsked(
  tx: Transaction,
  kind: Kind,
  { student, source, kept }: { readonly student: StudentFacts; readonly source: SchoolFacts; readonly kept: Details['kept'] },
): Promise<StudyPlace & Pick<AboutStudent['source'], 'namedClass'>> {
  const own = OF_THE_PRESENT_MAJOR.has(kind) ? student.enrolment.majorCode : null;
  const major = 'majorCode' in kept ? { code: kept.majorCode, takenUp: true } : { code: own, takenUp: false };
  const [place, namedClass] = await Promise.all([
    studyPlaceOf(tx, source, major),
    namedClassAt(tx, source.schoolId, 'className' in kept ? kept.className : undefined),
  ]);
  return { ...place, namedClass };
}

/** What tells a school whose document is on record counts towards the day, as a registration that may be a duplicate does. */
export const tellsOfAnother = (blockers: readonly Blocker[]): boolean => blockers.some(({ code }) => code === 'document-in-use');

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
      student && schoolOf(tx, student.schoolId, this.clock.now()),
      destinationId === undefined ? undefined : schoolOf(tx, destinationId, this.clock.now()),
    ]);
    const province = (body.kind === 'crossTrackTransfer' ? destination : source)?.provinceId;
    const policy = await this.policies.inForce(tx, province, this.today());
    const correction = student && (await this.correction(tx, student.id, details));
    const rules = policy.kinds[body.kind];
    const reviewed = { filerId: actor.personId, organisationId: filerOrganisationId, source, now: this.clock.now() };
    const facts: Facts = {
      kind: body.kind,
      policy,
      today: this.today(),
      details: details.kept,
      student:
        student &&
        source &&
        aboutStudent(
          student,
          source,
          await this.asked(tx, rules, student, { application: body.application, kept: details.kept }),
          await placeAsked(tx, body.kind, { student, source, kept: details.kept }),
        ),
      application: body.application,
      destination: destination && { id: destination.schoolId, track: trackOf(destination.type), closed: destination.closed },
      correction,
      ...(await reviewerFacts(tx, rules, reviewed)),
      ...(await namedFacts(tx, student, details.kept)),
      ...(await this.evidenceFacts(tx, actor, body)),
    };
    const personal = correction ? { ...details.personal, former: JSON.stringify(replaced(correction)) } : details.personal;
    return {
      student,
      source,
      destination,
      filerOrganisationId,
      policy,
      details: { ...details.kept, ...formerStudy(body.kind, student, details) },
      personal,
      ...(source && (await this.isLate(tx, source, details, policy)) ? { late: true as const } : {}),
      blockers: await withSources(tx, facts, blockersTold(facts)),
    };
  }

  private asked(
    tx: Transaction,
    { rules }: KindPolicy,
    student: StudentFacts,
    { application, kept }: Pick<PrecheckRequest, 'application'> & Pick<Details, 'kept'>,
  ): Promise<AskedFacts> {
    const [guardianApplies, statesEntry] = [appliesAsGuardian(application), 'enrolledOn' in kept && kept.enrolledOn !== undefined];
    const asking = { cipher: this.cipher, now: new Date(this.clock.now()), rules, guardianApplies, statesEntry };
    return askedFacts(tx, asking, student);
  }

  /** Keeps a record of who named a student in vain: guessing numbers and names shows (A23). */
  async recordMismatch(tx: Transaction, { personId }: Actor, gathered?: Gathered): Promise<void> {
    if (!gathered?.blockers.some(({ code }) => code === 'student-not-matched')) return;
    const { filerOrganisationId: organisationId } = gathered;
    await tx.query('select 1 from organisation where id = $1 for update', [organisationId]);
    await appendNext(tx, { clock: this.clock, cipher: this.cipher }, 'organisation', organisationId, {
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
    return { changes, former, documentTaken: await anotherHas(tx, this.cipher, studentId, former, changes) };
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
    if (!studentId) throw new Problem('invalid-input', { errors: [{ pointer: '/studentId', detail: FIELD_FAULTS.missing }] });
    const parsed = detailsOf<Kind>(kind, details);
    const student = await together(
      tx,
      'student',
      studentId,
      async (ids) => new Map((await studentsWhere(tx, 's.id = any($1::uuid[])', [ids])).map((one) => [one.id, one])),
    );
    if (!student) throw new Problem('not-found');
    const filerOrganisationId = await this.filerFor(tx, actor, student.schoolId);
    const destinationId = await otherSchoolOf(tx, student, kind, parsed.kept);
    return { student, filerOrganisationId, details: parsed, destinationId };
  }

  /** The student's school, of which the actor is clerk; of a closed school the authority that acts for it (A25). */
  private async filerFor(tx: Transaction, actor: Actor, schoolId: string): Promise<string> {
    if (holds(actor, 'schoolClerk', schoolId)) return schoolId;
    const acting = (await schoolOf(tx, schoolId, this.clock.now()))?.actingId;
    if (acting && holds(actor, 'authoritySupervisor', acting)) return acting;
    throw new Problem(handlingAt(actor).includes(schoolId) ? 'not-your-office' : 'not-found');
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
    const [student] = await studentsWhere(tx, 's.number_index = $1 and s.name_index = $2', keys);
    const kept = { ...parsed.kept, destinationSchoolId: filer };
    return { student, filerOrganisationId: filer, details: { ...parsed, kept }, destinationId: filer };
  }

  /** @throws Problem unknown-evidence */
  async checkEvidence(tx: Transaction, actor: Actor, ids: readonly string[]): Promise<void> {
    if (await this.isOwnEvidence(tx, actor, ids)) return;
    throw new Problem('unknown-evidence', {
      errors: [{ pointer: '/evidenceIds', detail: FIELD_FAULTS.notOwnEvidence }],
    });
  }

  private async evidenceFacts(tx: Transaction, actor: Actor, { evidenceIds = [], evidence }: PrecheckRequest): Promise<EvidenceFacts> {
    return {
      evidence: evidenceIds.length,
      proofs: evidence?.map(({ id, item }) => ({ item, handedIn: evidenceIds.includes(id) })),
      strangeEvidence: !(await this.isOwnEvidence(tx, actor, evidenceIds)),
    };
  }

  private async isOwnEvidence(tx: Transaction, actor: Actor, ids: readonly string[]): Promise<boolean> {
    const own = (all: string[]) => attachable(tx, all, handlingAt(actor), this.clock.now());
    const found = await Promise.all(
      ids.map((id) => together(tx, `evidence of ${actor.personId}`, id, async (all) => byKey(await own(all)))),
    );
    return !found.includes(undefined);
  }
}
