import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type Caller } from '../platform/access/caller.js';
import { handlingAt } from '../domain/offices.js';
import { Quotas } from '../platform/access/quotas.js';
import { Problem } from '../platform/http/problem.js';
import { CLOCK, isoInShanghai, type Clock } from '../platform/clock.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { beyond, inScope, type Transaction } from '../platform/database/in-scope.js';
import { documentKey, maskBirthDate, maskDocument, maskStudentNumber, normaliseDocumentNumber } from '../domain/dossier/id-document.js';
import { factsOn, isIdentityFact, maskedFact, NUMBER_FACT } from '../domain/dossier/personal-facts.js';
import { dateOf } from '../domain/working-days.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import { recordAccess } from '../dossier/accesses.js';
import { STUDY_FACTS_OF } from '../dossier/study-facts.sql.js';
import { namePlace } from '../evidence/file-name.js';
import { identityWith, presentIdentity, statementsOf } from '../dossier/personal.store.js';
import { importedChanges } from './imported-changes.js';
import { registeredTerms } from './registered-terms.js';
import { FAR_AHEAD, reachOf, narrowedReach, type Reach } from './reach.js';
import type { AsOfQuery, DossierEvidenceView, DossierView, EnrolmentView, FactView, StudentLookup, StudentView } from './students.dto.js';

/**
 * The enrolments of a student that the caller may see, on a day ($3), as recorded until an instant ($4). They are at the own organisations
 * or below. A former school sees no later ones, and a school whose registration is not made yet sees its own alone.
 */
const ENROLMENTS = `
  with mine as (
    select e.*, o.id = any($2) or o.ancestors && $2 or coalesce(e.custodian_id = any($2), false) as seen from enrolment e
      join organisation o on o.id = e.school_id where e.student_id = $1
  ), until as (
    select case when bool_or(seen and valid_to is null) then 'infinity'::date else max(valid_to) filter (where seen) end as day from mine
      where state not in ('pending','heldDuplicate')
  )
  select e.id, ${ORGANISATION_NAME('o')} as school, v.state, v.major_code as "majorCode", v.grade, c.class_name as "className",
    v.study_mode as "studyMode",
    v.length_years::float as "lengthYears", to_char(v.enrolled_on, 'YYYY-MM-DD') as "enrolledOn", v.major_direction as "majorDirection",
    ${STUDY_FACTS_OF('v')},
    to_char(v.expected_leaving_on,
      'YYYY-MM-DD') as "expectedLeavingOn",
    to_char(e.valid_from, 'YYYY-MM-DD') as "validFrom", to_char(v.valid_to, 'YYYY-MM-DD') as "validTo",
    to_char(v.since, 'YYYY-MM-DD') as since, to_char(v.suspended_until, 'YYYY-MM-DD') as "suspendedUntil",
    e.import_id is not null as imported
  from mine e cross join until cross join lateral (
      select * from enrolment_version v where v.enrolment_id = e.id and v.since <= $3::date and v.recorded_at <= $4
      order by v.seq desc limit 1) v
    cross join lateral (
      select class_name from enrolment_version c where c.enrolment_id = e.id and coalesce(c.class_since, c.since) <= $3::date
        and c.recorded_at <= $4 order by c.seq desc limit 1) c
    join organisation o on o.id = v.school_id
  where e.valid_from <= $3::date and (e.seen or e.valid_from < until.day)
  order by v.state in ('active','suspended') desc, e.valid_from desc, e.recorded_at desc`;

/** The evidence joined by a day. The present school and those above it see all; a former school sees that of its own requests. */
const DOSSIER_EVIDENCE = `
  select evidence_id as "evidenceId", request_id as "requestId", joined_at as "joinedAt", f.name_cipher as name, f.size, f.type
  from dossier_evidence d join evidence f on f.id = d.evidence_id
  where student_id = $1 and (joined_at at time zone 'Asia/Shanghai')::date <= $3::date and joined_at <= $4
    and (exists (select 1 from change_request r where r.id = d.request_id and r.seen_by && $2)
      or (select o.id = any($2) or o.ancestors && $2 or coalesce(e.custodian_id = any($2), false) from enrolment e join organisation o
        on o.id = e.school_id
          where e.student_id = $1 and e.state not in ('pending','heldDuplicate') order by e.state in ('active','suspended') desc,
            e.valid_from desc, e.recorded_at desc limit 1))
  order by joined_at, evidence_id`;

type DossierFile = Omit<DossierEvidenceView, 'joinedAt' | 'name' | 'size'> & { joinedAt: Date; name: Buffer; size: string };

@Injectable()
export class Students {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
    private readonly quotas: Quotas,
  ) {}

  lookup(caller: Caller, { studentNumber, documentType, documentNumber }: StudentLookup): Promise<StudentView> {
    if (!studentNumber === !(documentType && documentNumber))
      throw new Problem('invalid-input', { errors: [{ pointer: '', detail: FIELD_FAULTS.numberOrDocument }] });
    const [column, index] = studentNumber
      ? ['number_index', this.cipher.index('studentNumber', normaliseDocumentNumber(studentNumber))]
      : ['document_index', this.cipher.index('document', documentKey({ type: documentType ?? '', number: documentNumber ?? '' }))];
    return this.reading(caller, async (tx) => {
      const [found] = await tx.query<{ id: string }[]>(
        `select s.id from student s where ${column} = $1 order by exists (select 1 from enrolment e join organisation o
          on o.id = e.school_id
           where e.student_id = s.id and (o.id = any($2) or o.ancestors && $2)) desc, s.document_standing = 'own' desc limit 1`,
        [index, handlingAt(caller)],
      );
      if (!found) throw new Problem('not-found');
      return this.view(tx, caller, found.id, 'lookup');
    });
  }

  show(caller: Caller, id: string): Promise<StudentView> {
    return this.reading(caller, (tx) => this.view(tx, caller, id, 'student'));
  }

  dossier(caller: Caller, id: string, { asOf = dateOf(this.clock.now()), recordedBy }: AsOfQuery): Promise<DossierView> {
    return this.reading(caller, async (tx) => {
      const enrolments = await this.enrolments(tx, caller, id, asOf, recordedBy);
      const recorded = this.record(tx, caller, 'dossier', id);
      const evidence = await beyond(tx, 'schoolHistory', () =>
        tx.query<DossierFile[]>(DOSSIER_EVIDENCE, [id, handlingAt(caller), asOf, instantBy(recordedBy)]),
      );
      const { person, facts, reach } = await this.person(tx, caller, id, asOf, recordedBy);
      const terms = await registeredTerms(tx, id, reach, enrolments);
      const changes = reach.day >= asOf && enrolments.some(({ imported }) => imported) ? await importedChanges(tx, this.cipher, id) : [];
      await recorded;
      return {
        ...withEnrolment(person, enrolments[0]),
        asOf,
        enrolments,
        facts,
        terms,
        importedChanges: changes.filter(({ effectiveOn }) => effectiveOn <= asOf),
        evidence: evidence.map((one) => ({
          ...one,
          name: this.cipher.decrypt(one.name, namePlace(one.evidenceId)),
          size: Number(one.size),
          joinedAt: isoInShanghai(one.joinedAt.getTime()),
        })),
      };
    });
  }

  /** A read that counts towards the day. */
  private reading<T>(caller: Caller, work: (tx: Transaction) => Promise<T>): Promise<T> {
    return this.quotas.telling(caller, () => inScope(this.db, caller, work));
  }

  /** Not awaited at once: it travels with the next read. */
  private record(tx: Transaction, caller: Caller, what: 'lookup' | 'student' | 'dossier', id: string): Promise<void> {
    const recorded = recordAccess(tx, what, id, { caller, now: this.clock.now(), quotas: this.quotas });
    recorded.catch(() => undefined); // whoever awaits it hears of a failure
    return recorded;
  }

  private async view(tx: Transaction, caller: Caller, id: string, what: 'lookup' | 'student'): Promise<StudentView> {
    const [latest] = await this.enrolments(tx, caller, id, FAR_AHEAD);
    const recorded = this.record(tx, caller, what, id);
    const { person } = await this.person(tx, caller, id, FAR_AHEAD);
    await recorded;
    return withEnrolment(person, latest);
  }

  /** @throws Problem not-found for a student of whom the caller may see no enrolment at all */
  private async enrolments(tx: Transaction, caller: Caller, id: string, asOf: string, recordedBy?: string): Promise<EnrolmentView[]> {
    const of = handlingAt(caller);
    const rows = await tx.query<EnrolmentView[]>(ENROLMENTS, [id, of, asOf, instantBy(recordedBy)]);
    if (rows.length > 0) return rows;
    const [ever] = asOf === FAR_AHEAD ? [] : await tx.query<EnrolmentView[]>(ENROLMENTS, [id, of, FAR_AHEAD, 'infinity']);
    if (!ever) throw new Problem('not-found');
    return [];
  }

  /** Dossiers of the same person that a ruling linked (Art 11): those that the caller may see; of no concern to a former school. */
  private async linked(tx: Transaction, id: string, { day }: Reach): Promise<Pick<StudentView, 'mergedInto' | 'mergedFrom'>> {
    if (day !== FAR_AHEAD) return { mergedInto: null, mergedFrom: [] };
    const rows = await tx.query<{ id: string; into: boolean }[]>(
      `select m.id, true as into from student s join student m on m.id = s.merged_into where s.id = $1
       union all select f.id, false from student f where f.merged_into = $1 order by 1`,
      [id],
    );
    return { mergedInto: rows.find(({ into }) => into)?.id ?? null, mergedFrom: rows.flatMap((row) => (row.into ? [] : [row.id])) };
  }

  /** Identity and further facts as they held on a day, by what was on record by an instant; a former school sees no later ones. */
  private async person(tx: Transaction, caller: Caller, id: string, asOf: string, recordedBy?: string) {
    const present = await presentIdentity(tx, this.cipher, id);
    if (!present) throw new Problem('not-found');
    const reach = await reachOf(tx, id, handlingAt(caller));
    const asked = narrowedReach(reach, asOf, recordedBy === undefined ? Infinity : Date.parse(recordedBy));
    const held = factsOn(await statementsOf(tx, this.cipher, id), asked.day, asked.recordedBy);
    const identity = identityWith(present, held);
    const further = held.filter(({ fact }) => !isIdentityFact(fact) && fact !== NUMBER_FACT);
    const studentNumber = held.find(({ fact }) => fact === NUMBER_FACT)?.value ?? present.studentNumber;
    return {
      person: {
        id,
        ...identity,
        studentNumber: maskStudentNumber(studentNumber),
        documentNumber: maskDocument(identity.documentNumber),
        birthDate: maskBirthDate(identity.birthDate),
        ...(await this.linked(tx, id, reach)),
      },
      facts: further.map(({ fact, value, validFrom, validTo }): FactView => ({
        fact,
        value: maskedFact(fact, value),
        validFrom,
        validTo: known(validTo, reach),
      })),
      reach: asked,
    };
  }
}

const instantBy = (recordedBy?: string): Date | 'infinity' => (recordedBy ? new Date(recordedBy) : 'infinity');
/** That a value ended after the school let the student go is no knowledge of that school. */
const known = (validTo: string | null, { day }: Reach): string | null => (validTo !== null && validTo > day ? null : validTo);

const withEnrolment = <P extends object>(person: P, enrolment: EnrolmentView | undefined) => ({
  ...person,
  enrolment: enrolment ?? null,
  schoolId: enrolment?.school.id ?? null,
  state: enrolment?.state ?? null,
});
