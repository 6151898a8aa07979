import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Caller } from '../platform/access/caller.js';
import { Cursors } from '../platform/http/cursor.js';
import { Quotas } from '../platform/access/quotas.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { ownSchool } from '../organisations/own-organisation.js';
import { Problem, refuseBlocked } from '../platform/http/problem.js';
import { beyond, inScope, type Transaction } from '../platform/database/in-scope.js';
import { IDENTITY, type IdentityAnswer, type IdentityAuthentication } from '../identity/identity.js';
import { handlingAt, type Actor } from '../domain/offices.js';
import { dateOf } from '../domain/working-days.js';
import { PolicyStore } from '../policies/policies.store.js';
import { CaseContext } from '../cases/case-context.js';
import { askAgain, questionOf } from './asked-again.js';
import { intakeOfDay, runningIntake } from '../dossier/intakes.js';
import { actedBy } from '../platform/ledger/acted-by.js';
import { recordsLike, type SimilarRecord } from '../dossier/detection.js';
import { alone, inputFaults, isLate, refuseFaults, registeringSchool, registrationBlockers, type RegisteringSchool } from './checks.js';
import { continueDossier, enterStudent, likenessesTo, type StudentEntry } from './intake.js';
import { normalisedPerson, type Person } from '../dossier/person.js';
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
    readonly context: CaseContext,
    private readonly once: OnceOnly,
    private readonly cursors: Cursors,
    @Inject(IDENTITY) private readonly identity: IdentityAuthentication,
    readonly policies: PolicyStore,
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
    refuseFaults(inputFaults(body, person, dateOf(this.context.clock.now())));
    await inScope(this.db, caller, (tx) => this.checked(tx, caller, body, person));
    const answered = await this.answerTo(person); // outside the transaction that registers: it may be slow
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const school = await this.checked(tx, actor, body, person);
      await alone(tx, this.context, [person]);
      const { schoolId, divisionCode } = school;
      const by = actedBy(actor, { office: 'schoolClerk', organisationId: schoolId });
      const intakeId = await runningIntake(tx, this.context, intakeOfDay(schoolId, body.enrolledOn), by);
      const known = { input: body, person, schoolId, divisionCode, actor, intakeId, late: isLate(school, body) };
      const entry = answered ? { ...known, answer: answered } : known;
      const id = await beyond(tx, 'registration', async () => {
        const [found = []] = await recordsLike(tx, this.context.cipher, [person]);
        if (found.length > 0 && (body.enterHeld || body.continueDossier)) await this.quotas.spend(tx, caller, 'possibleDuplicates');
        return this.enter(tx, entry, found);
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
  private enter(tx: Transaction, entry: StudentEntry, found: readonly SimilarRecord[]): Promise<string> {
    const likenesses = likenessesTo(found, entry.answer);
    const known = found.find(({ toContinue }) => toContinue);
    if (known && entry.input.continueDossier) return continueDossier(tx, this.context, entry, known);
    if (known)
      throw new Problem('dossier-exists', {
        facts: { continue: { method: 'POST', href: '/api/v1/registrations', set: { continueDossier: true } } },
      });
    if (entry.input.continueDossier) throw new Problem('no-dossier-to-continue');
    if (likenesses.holding.length > 0 && !entry.input.enterHeld)
      throw new Problem('possible-duplicate', {
        facts: { continue: { method: 'POST', href: '/api/v1/registrations', set: { enterHeld: true } } },
      });
    return enterStudent(tx, this.context, entry, likenesses);
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

  private async checked(tx: Transaction, actor: Actor, input: RegistrationInput, person: Person): Promise<RegisteringSchool> {
    const school = await registeringSchool(tx, this, ownSchool(actor, input.schoolId));
    refuseBlocked(await registrationBlockers(tx, school, input, person));
    return school;
  }
}
