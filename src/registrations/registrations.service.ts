import { MESSAGES } from '../domain/messages/messages.js';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Caller } from '../platform/access/caller.js';
import { Cursors } from '../platform/http/cursor.js';
import { Quotas } from '../platform/access/quotas.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { Problem, refuseBlocked } from '../platform/http/problem.js';
import { beyond, inScope, type Transaction } from '../platform/database/in-scope.js';
import { daysFaults, placeFault } from '../domain/dossier/study.js';
import { classBlocker } from '../domain/preconditions/index.js';
import { guardianDocumentFaults, lacking, unpaired } from '../domain/dossier/record.js';
import type { Policy } from '../domain/policy/policy.js';
import { blocker, type Blocker } from '../domain/refusal.js';
import { namedClassAt } from '../classes/named-classes.js';
import { ownSchool } from '../organisations/own-school.js';
import { studyPlaceOf } from '../organisations/offers.js';
import { documentProblem } from '../domain/dossier/id-document.js';
import { IDENTITY, type IdentityAnswer, type IdentityAuthentication } from '../identity/identity.js';
import { handlingAt, trackOf, type Actor } from '../domain/offices.js';
import { registrationIsOpen } from '../late-windows/late-windows.store.js';
import { intakeBlockers, lateBlockers } from '../domain/terms/registration-period.js';
import { addWorkingDays, calendarFor, dateOf, monthsLater } from '../domain/working-days.js';
import { PolicyStore } from '../policies/policies.store.js';
import { CaseContext } from '../cases/case-context.js';
import { askAgain, questionOf } from './asked-again.js';
import { recordsLike, type SimilarRecord } from '../dossier/detection.js';
import { continueDossier, enterStudent, likenessesTo, type Intake } from './intake.js';
import { indexOf, normalisedPerson, type Person } from '../dossier/person.js';
import { attestIdentity } from './attestation.js';
import type { AttestIdentity, RegistrationDetail, RegistrationInput, RegistrationPage, RegistrationQuery } from './registrations.dto.js';
import { oneRegistration, REGISTRATION_ROWS, registrationView, STATE_IS } from './registrations.views.js';

/** Refusals by which a guess would learn that somebody is on record. */
const TELLING: readonly string[] = ['possible-duplicate', 'dossier-exists', 'no-dossier-to-continue'];

/** Registrations made one by one. Each is checked against every record, then accepted as pending or held (Art 6–8, R-05, R-07, R-08). */
@Injectable()
export class Registrations {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly context: CaseContext,
    private readonly once: OnceOnly,
    private readonly cursors: Cursors,
    @Inject(IDENTITY) private readonly identity: IdentityAuthentication,
    private readonly policies: PolicyStore,
    private readonly quotas: Quotas,
  ) {}

  /** Refusals that tell that a record is like the person count towards the day, as a registration does that is entered all the same. */
  register(caller: Caller, keyed: KeyedRequest, body: RegistrationInput): Promise<RegistrationDetail> {
    return this.quotas.telling(caller, async () => {
      try {
        return await this.entered(caller, keyed, body);
      } catch (error) {
        if (error instanceof Problem && TELLING.includes(error.code)) await this.quotas.spendNow(caller, 'possibleDuplicates');
        throw error;
      }
    });
  }

  private async entered(caller: Caller, keyed: KeyedRequest, body: RegistrationInput): Promise<RegistrationDetail> {
    ownSchool(caller, body.schoolId); // the office first: nothing is said of a person to who may not register there
    const person = normalisedPerson(body);
    this.checkInput(body, person);
    await inScope(this.db, caller, (tx) => this.intake(tx, caller, body, person));
    const answered = await this.answerTo(person); // outside the transaction that registers: it may be slow
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const intake = { ...(await this.intake(tx, actor, body, person)), ...(answered ? { answer: answered } : {}) };
      await alone(tx, this.context, person);
      const id = await beyond(tx, 'registration', async () => {
        const [found = []] = await recordsLike(tx, this.context.cipher, [person]);
        if (found.length > 0 && (body.enterHeld || body.continueDossier)) await this.quotas.spend(tx, caller, 'possibleDuplicates');
        return this.enter(tx, intake, found);
      });
      if (answered && answered !== 'matched') await askAgain(tx, id, answered, this.context.clock.now());
      const made = await oneRegistration(tx, this.context.cipher, handlingAt(actor), id);
      if (!made) throw new Error('a registration is seen by who made it');
      return made;
    });
    return answer;
  }

  /** What the population service says of a resident identity number; other documents are attested by the authority's reviewer. */
  private async answerTo(person: Person): Promise<IdentityAnswer | undefined> {
    return person.document.type === 'residentId' ? this.identity.check(questionOf(person)) : undefined;
  }

  /**
   * Neither refusal says whose record it is or what was alike, and neither leaves anything there (Art 25).
   * @throws Problem dossier-exists for a person whose dossier is to be continued; possible-duplicate for one whom a record is like
   */
  private enter(tx: Transaction, intake: Intake, found: readonly SimilarRecord[]): Promise<string> {
    const likenesses = likenessesTo(found, intake.answer);
    const known = found.find(({ toContinue }) => toContinue);
    if (known && intake.input.continueDossier) return continueDossier(tx, this.context, intake, known);
    if (known)
      throw new Problem('dossier-exists', {
        facts: { continue: { method: 'POST', href: '/api/v1/registrations', set: { continueDossier: true } } },
      });
    if (intake.input.continueDossier) throw new Problem('no-dossier-to-continue');
    if (likenesses.holding.length > 0 && !intake.input.enterHeld)
      throw new Problem('possible-duplicate', {
        facts: { continue: { method: 'POST', href: '/api/v1/registrations', set: { enterHeld: true } } },
      });
    return enterStudent(tx, this.context, intake, likenesses);
  }

  show(caller: Caller, id: string): Promise<RegistrationDetail> {
    return inScope(this.db, caller, async (tx) => {
      const found = await oneRegistration(tx, this.context.cipher, handlingAt(caller), id);
      if (!found) throw new Problem('not-found');
      return found;
    });
  }

  /** @throws Problem not-found, not-your-office, identity-authenticated, unknown-evidence */
  async attest(caller: Caller, keyed: KeyedRequest, id: string, body: AttestIdentity): Promise<RegistrationDetail> {
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      await attestIdentity(tx, this.context, actor, id, body);
      const attested = await oneRegistration(tx, this.context.cipher, handlingAt(actor), id);
      if (!attested) throw new Error('a registration is seen by who attested it');
      return attested;
    });
    return answer;
  }

  async list(caller: Caller, { state, cursor, limit }: RegistrationQuery): Promise<RegistrationPage> {
    const [recordedAt = null, id = null] = this.cursors.read('registrations', cursor) ?? [];
    const rows = await inScope(this.db, caller, (tx) =>
      beyond(tx, 'bothSides', () =>
        tx.query<Parameters<typeof registrationView>[0][]>(
          `${REGISTRATION_ROWS} and ${STATE_IS('$2')} and ($3::timestamptz is null or (g.recorded_at, g.id) > ($3, $4::uuid))
         order by g.recorded_at, g.id limit $5`,
          [handlingAt(caller), state ?? null, recordedAt, id, limit + 1],
        ),
      ),
    );
    const { items, nextCursor } = this.cursors.page('registrations', rows, limit, (row) => [row.recordedAt.toISOString(), row.id]);
    return { items: items.map(registrationView), nextCursor };
  }

  private checkInput(input: RegistrationInput, person: Person): void {
    const { reportedOn, enrolledOn, expectedLeavingOn, birthDate } = input;
    const today = dateOf(this.context.clock.now());
    const { documentType: _none, documentNumber: _neither, ...record } = input as RegistrationInput & Record<string, unknown>;
    const guardians = [
      ...unpaired(record).map((field) => ({ problem: 'document-incomplete' as const, field })),
      ...guardianDocumentFaults(record, today),
    ];
    if (guardians.length > 0)
      throw new Problem('document-invalid', {
        errors: guardians.map(({ field, problem: code }) => ({ pointer: `/${field}`, detail: MESSAGES[code] })),
      });
    const problem = documentProblem(person.document.type, person.document.number, { birthDate, sex: person.sex, today });
    if (problem) throw new Problem('document-invalid', { errors: [{ pointer: '/document/number', detail: MESSAGES[problem] }] });
    const wrong = [
      ...(reportedOn > today ? ['/reportedOn'] : []),
      ...(expectedLeavingOn <= enrolledOn ? ['/expectedLeavingOn'] : []),
      ...(birthDate >= enrolledOn ? ['/birthDate'] : []),
    ];
    if (wrong.length > 0)
      throw new Problem('invalid-input', { errors: wrong.map((pointer) => ({ pointer, detail: FIELD_FAULTS.datesDisagree })) });
  }

  private async intake(tx: Transaction, actor: Actor, input: RegistrationInput, person: Person): Promise<Intake> {
    const schoolId = ownSchool(actor, input.schoolId);
    const now = this.context.clock.now();
    const [school] = await tx.query<{ type: string; divisionCode: string; closed: boolean; ancestors: string[]; provinceId: string }[]>(
      `select type, division_code as "divisionCode", ancestors, province_id as "provinceId", coalesce(closed_on <= $2::date,
        false) as closed from organisation where id = $1`,
      [schoolId, dateOf(now)],
    );
    if (!school || school.closed || trackOf(school.type) !== 'vocational') throw new Problem('not-your-office');
    const calendar = calendarFor(await this.context.calendar.current(tx), { holder: schoolId, ladder: school.ancestors });
    const policy = await this.policies.inForce(tx, school.provinceId, dateOf(now));
    const { reportedOn, enrolledOn } = input;
    const isOpen = await registrationIsOpen(tx, { provinceId: school.provinceId, enrolledOn, today: dateOf(now) });
    const wrong = [...(await studyBlockers(tx, { schoolId, type: school.type }, input, dateOf(now))), ...lackingOf(policy, input, person)];
    refuseBlocked([...wrong, ...intakeBlockers(reportedOn, enrolledOn), ...lateBlockers(isOpen)]);
    const late = dateOf(now) > addWorkingDays(calendar, input.reportedOn, policy.registerWorkingDays).date;
    return { input, person, schoolId, divisionCode: school.divisionCode, actor, late };
  }
}

/** What the province requires of a new record and this one does not say. */
const lackingOf = ({ requiredRecord = [] }: Policy, input: RegistrationInput, { document, birthDate }: Person): Blocker[] =>
  lacking(requiredRecord, input, { documentType: document.type, minor: monthsLater(birthDate, 18 * 12) > input.enrolledOn }).map((field) =>
    blocker('record-field-required', 'filer', `/${field}`),
  );

/** Why nobody studies so at the school: days, grade and length contradict one another, it does not offer it, or has no such class. */
async function studyBlockers(
  tx: Transaction,
  school: { readonly schoolId: string; readonly type: string },
  input: RegistrationInput,
  today: string,
): Promise<Blocker[]> {
  const [place, namedClass] = await Promise.all([
    studyPlaceOf(tx, school, { code: input.majorCode, takenUp: true }),
    namedClassAt(tx, school.schoolId, input.className),
  ]);
  const found = placeFault(input, place);
  const classed = classBlocker(namedClass, input, { owner: 'filer', pointer: '/className' });
  const faults = [...daysFaults(input, today, true), ...(found ? [found] : [])];
  return [...faults.map(({ code, field }) => blocker(code, 'filer', `/${field}`)), ...(classed ? [classed] : [])];
}

/** Two registrations of one person at the same time see one another. */
async function alone(tx: Transaction, { cipher }: CaseContext, { document, name }: Person): Promise<void> {
  const keys = [indexOf.document(cipher, document), indexOf.name(cipher, name)]
    .map((index) => index.readBigInt64BE(0))
    .sort((a, b) => (a < b ? -1 : 1));
  for (const key of keys) await tx.query('select pg_advisory_xact_lock($1)', [String(key)]);
}
