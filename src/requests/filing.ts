import { Inject, Injectable } from '@nestjs/common';
import { organisationsOf } from '../access/caller.js';
import { Problem } from '../api/problem.js';
import { parsePart } from '../api/validation.js';
import { CLOCK, type Clock } from '../clock.js';
import { FieldCipher } from '../database/field-cipher.js';
import type { Transaction } from '../database/in-scope.js';
import type { EnrolmentState } from '../domain/dossier.js';
import { normaliseDocumentNumber, normaliseName } from '../domain/id-document.js';
import { holds, trackOf, type Actor } from '../domain/offices.js';
import type { Policy } from '../domain/policy.js';
import { blockersTold, type AboutStudent } from '../domain/preconditions.js';
import type { Blocker } from '../domain/refusal.js';
import type { SchoolParty } from '../domain/route.js';
import { dateOf } from '../domain/working-days.js';
import { HELD_AT } from '../organisations/organisations.sql.js';
import { append, headOf } from '../ledger/streams.js';
import { PolicyStore } from './policy-store.js';
import { CrossTrackTransferDetails, TransferDetails, type PrecheckRequest } from './requests.dto.js';

interface StudentFacts {
  id: string;
  maskedName: string;
  enrolmentState: EnrolmentState;
  schoolId: string;
  enrolledOn: string;
  expectedLeavingOn: string;
  validFrom: string;
  openRequest: boolean;
}

interface SchoolFacts extends SchoolParty {
  type: string;
  closed: boolean;
  seenBy: string[];
}

/** Everything a filing needs, gathered once; the dry run and the filing both stand on it. */
export interface Gathered {
  /** With the source school; undefined when a cross-track transfer names nobody. */
  readonly student?: StudentFacts;
  readonly source?: SchoolFacts;
  readonly destination?: SchoolFacts;
  readonly filerOrganisationId: string;
  readonly policy: Policy;
  readonly details: Readonly<Record<string, unknown>>;
  readonly blockers: readonly Blocker[];
}

/** The school that files a cross-track transfer: the one named, else the only one of which the actor is clerk. */
function filerOf(actor: Actor, { destinationSchoolId }: Pick<CrossTrackTransferDetails, 'destinationSchoolId'>): string {
  const schools = organisationsOf(actor, 'schoolClerk');
  const filer = destinationSchoolId ?? (schools.length === 1 ? schools[0] : undefined);
  if (!filer)
    throw new Problem('invalid-input', {
      errors: [{ pointer: '/details/destinationSchoolId', detail: 'destinationSchoolId is required' }],
    });
  if (!schools.includes(filer)) throw new Problem('not-your-office');
  return filer;
}

const aboutStudent = (student: StudentFacts, source: SchoolFacts): AboutStudent => ({
  openRequest: student.openRequest,
  enrolment: {
    ...{ state: student.enrolmentState, validFrom: student.validFrom },
    ...{ enrolledOn: student.enrolledOn, expectedLeavingOn: student.expectedLeavingOn },
  },
  source: { id: source.schoolId, track: trackOf(source.type) },
});

@Injectable()
export class Filing {
  constructor(
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
    private readonly policies: PolicyStore,
  ) {}

  /**
   * Finds student, schools and policy of a filing and names every blocker.
   * @throws Problem not-found for a student whom the caller may not file for
   */
  async gather(tx: Transaction, actor: Actor, body: PrecheckRequest): Promise<Gathered> {
    const asked = body.kind === 'transfer' ? await this.ownStudent(tx, actor, body) : await this.namedStudent(tx, actor, body);
    const { student, filerOrganisationId, details, destinationId } = asked;
    const [source, destination] = await Promise.all([student && this.school(tx, student.schoolId), this.school(tx, destinationId)]);
    const province = (body.kind === 'transfer' ? source : destination)?.provinceId;
    const policy = await this.policies.inForce(tx, province, this.today());
    const blockers = blockersTold({
      ...{ kind: body.kind, policy, today: this.today(), evidence: body.evidenceIds?.length ?? 0 },
      effectiveOn: typeof details.effectiveOn === 'string' ? details.effectiveOn : undefined,
      student: student && source && aboutStudent(student, source),
      destination: destination && { id: destination.schoolId, track: trackOf(destination.type), closed: destination.closed },
      otherReviewers: await this.otherReviewers(tx, filerOrganisationId, actor.personId),
    });
    await this.checkEvidence(tx, actor, body.evidenceIds ?? []);
    if (body.application && body.application.on > this.today())
      throw new Problem('invalid-input', { errors: [{ pointer: '/application/on', detail: 'must not lie in the future' }] });
    return { student, source, destination, filerOrganisationId, policy, details, blockers };
  }

  /** Keeps a record of who named a student in vain: guessing numbers and names shows (A23). */
  async recordMismatch(tx: Transaction, { personId }: Actor, gathered?: Gathered): Promise<void> {
    if (!gathered?.blockers.some(({ code }) => code === 'student-not-matched')) return;
    const { filerOrganisationId: organisationId } = gathered;
    await tx.query('select 1 from organisation where id = $1 for update', [organisationId]);
    await append(tx, { clock: this.clock, cipher: this.cipher }, 'organisation', organisationId, await headOf(tx, organisationId), {
      kind: 'studentNotMatched',
      by: { personId, office: 'schoolClerk', organisationId },
      body: {},
    });
  }

  private today = () => dateOf(this.clock.now());

  private async ownStudent(tx: Transaction, actor: Actor, { studentId, details }: PrecheckRequest) {
    if (!studentId)
      throw new Problem('invalid-input', { errors: [{ pointer: '/studentId', detail: 'studentId is required for this kind' }] });
    const parsed = parsePart(TransferDetails, details, '/details');
    const student = await this.student(tx, 's.id = $1', [studentId]);
    if (!student) throw new Problem('not-found');
    if (!holds(actor, 'schoolClerk', student.schoolId)) {
      if (organisationsOf(actor).includes(student.schoolId)) throw new Problem('not-your-office');
      throw new Problem('not-found');
    }
    return { student, filerOrganisationId: student.schoolId, details: { ...parsed }, destinationId: parsed.destinationSchoolId };
  }

  /** The filer may not see the student: number and name must both match, and every mismatch is refused alike. */
  private async namedStudent(tx: Transaction, actor: Actor, { details }: PrecheckRequest) {
    const parsed = parsePart(CrossTrackTransferDetails, details, '/details');
    const filer = filerOf(actor, parsed);
    const { studentNumber, name } = parsed.student;
    const keys = [
      this.cipher.index('studentNumber', normaliseDocumentNumber(studentNumber)),
      this.cipher.index('name', normaliseName(name)),
    ];
    const student = await this.student(tx, 's.number_index = $1 and s.name_index = $2', keys);
    const { student: _named, ...kept } = parsed;
    return { student, filerOrganisationId: filer, details: { ...kept, destinationSchoolId: filer }, destinationId: filer };
  }

  /** The student with the held enrolment, or the latest one. */
  private async student(tx: Transaction, condition: string, keys: unknown[]): Promise<StudentFacts | undefined> {
    const [row] = await tx.query<StudentFacts[]>(
      `select s.id, s.masked_name as "maskedName", e.state as "enrolmentState", e.school_id as "schoolId", to_char(e.enrolled_on, 'YYYY-MM-DD') as "enrolledOn",
         to_char(e.expected_leaving_on, 'YYYY-MM-DD') as "expectedLeavingOn", to_char(e.valid_from, 'YYYY-MM-DD') as "validFrom",
         exists (select 1 from change_request r where r.student_id = s.id and r.state = 'open' and r.kind <> 'death') as "openRequest"
       from student s cross join lateral (select * from enrolment e where e.student_id = s.id order by (e.state in ('active','suspended')) desc, e.valid_from desc limit 1) e
       where ${condition}`,
      keys,
    );
    return row;
  }

  private async school(tx: Transaction, id: string): Promise<SchoolFacts | undefined> {
    const [row] = await tx.query<SchoolFacts[]>(
      `select id as "schoolId", parent_id as "authorityId", province_id as "provinceId", answers_outside as "answersOutside", type,
         coalesce(closed_on <= $2::date, false) as closed, array[id] || ancestors as "seenBy" from organisation where id = $1 and level = 'school'`,
      [id, this.today()],
    );
    return row;
  }

  private async otherReviewers(tx: Transaction, organisationId: string, filerId: string): Promise<number> {
    const [row] = await tx.query<{ n: number }[]>(
      `select count(*)::int as n from office o join person p on p.id = o.person_id and p.disabled_at is null
       where organisation_id = $1 and office = 'schoolReviewer' and person_id <> $2 and ${HELD_AT('o', '$3')}`,
      [organisationId, filerId, new Date(this.clock.now())],
    );
    return row?.n ?? 0;
  }

  async checkEvidence(tx: Transaction, actor: Actor, ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return;
    const [row] = await tx.query<{ n: number }[]>('select count(*)::int as n from evidence where id = any($1) and organisation_ids && $2', [
      ids,
      organisationsOf(actor),
    ]);
    if (row?.n !== ids.length)
      throw new Problem('unknown-evidence', {
        errors: [{ pointer: '/evidenceIds', detail: 'unknown, or not uploaded by your organisation' }],
      });
  }
}
