import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { CaseContext } from '../cases/case-context.js';
import { Wakes } from '../cases/wakes.js';
import { handlingAt, type Actor } from '../domain/offices.js';
import { dateOf } from '../domain/working-days.js';
import { recordsLike } from '../dossier/detection.js';
import { openIntake, recordIntakeAct, type IntakeOf } from '../dossier/intakes.js';
import { IDENTITY, type IdentityAnswer, type IdentityAuthentication } from '../identity/identity.js';
import type { Caller } from '../platform/access/caller.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { Quotas } from '../platform/access/quotas.js';
import { beyond, inScope, type Transaction } from '../platform/database/in-scope.js';
import { Cursors } from '../platform/http/cursor.js';
import { ownSchool } from '../organisations/own-organisation.js';
import { Problem } from '../platform/http/problem.js';
import { PolicyStore } from '../policies/policies.store.js';
import { questionOf } from '../registrations/asked-again.js';
import { registeringSchool } from '../registrations/checks.js';
import { enterRows } from './entering.js';
import type {
  EnteredRows,
  IntakePage,
  IntakeQuery,
  IntakeRowPage,
  IntakeRowQuery,
  IntakeRows,
  IntakeView,
  OpenIntake,
  SubmitIntake,
} from './intakes.dto.js';
import { intakeView, listIntakes, oneIntake, rowsOfIntake, rowView } from './intakes.views.js';
import { clerkOf, lockIntake } from './locked-intake.js';
import { faultyView, isFaulty, judgeRows, likeOneAnother, readRow, type CheckedRow, type ReadRow } from './row-checks.js';
import { submitRows } from './submitting.js';

/** The intake that rows go into. A new one is opened when the first row is entered: faulty rows alone open none. */
interface RowsGoInto extends IntakeOf {
  readonly id: () => Promise<string>;
  readonly isOpen: () => boolean;
}

/** The population service is asked about so many persons of a list at a time. */
const ASKED_AT_ONCE = 8;

/** 招生批次: a school enters its new students in lists, and submits them to its own review and that of its authority (Art 6–9). */
@Injectable()
export class Intakes {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    readonly context: CaseContext,
    private readonly once: OnceOnly,
    private readonly cursors: Cursors,
    @Inject(IDENTITY) private readonly identity: IdentityAuthentication,
    readonly policies: PolicyStore,
    private readonly quotas: Quotas,
    private readonly wakes: Wakes,
  ) {}

  /** Opens the next intake of the school's season with its first rows; where all are faulty, none is opened. */
  open(caller: Caller, keyed: KeyedRequest, body: OpenIntake): Promise<EnteredRows> {
    const schoolId = ownSchool(caller, body.schoolId);
    const { year, season } = body;
    const of = { schoolId, year, season };
    return this.entered(caller, keyed, body, schoolId, (tx, actor) => {
      let opened: Promise<string> | undefined;
      const id = () => (opened ??= openIntake(tx, this.context, of, clerkOf(actor, schoolId)));
      return Promise.resolve({ ...of, id, isOpen: () => opened !== undefined });
    });
  }

  /** Enters more rows. @throws Problem not-found, not-your-office */
  async add(caller: Caller, keyed: KeyedRequest, id: string, body: IntakeRows): Promise<EnteredRows> {
    // The office first: nothing is read of persons for who may not enter them there.
    const schoolId = ownSchool(caller, (await this.show(caller, id)).school.id);
    return this.entered(caller, keyed, body, schoolId, async (tx, actor) => ({
      ...(await lockIntake(tx, actor, id)),
      id: () => Promise.resolve(id),
      isOpen: () => true,
    }));
  }

  private async entered(
    caller: Caller,
    keyed: KeyedRequest,
    { rows, firstRow }: IntakeRows,
    schoolId: string,
    intakeOf: (tx: Transaction, actor: Actor) => Promise<RowsGoInto>,
  ): Promise<EnteredRows> {
    const today = dateOf(this.context.clock.now());
    const read = rows.map((given, i) => readRow(given, firstRow + i, today));
    const fit = read.filter(isFit);
    const answers = await this.answersOf(caller, fit); // outside the transaction that enters: the service may be slow
    const { answer } = await this.quotas.telling(caller, () =>
      this.once.run(caller, keyed, async (tx, actor) => {
        // The school first, or an intake would be opened at one that registers nobody.
        const school = await registeringSchool(tx, this, ownSchool(actor, schoolId));
        const intake = await intakeOf(tx, actor);
        const judged = await judgeRows(tx, school, intake, read);
        const { entered, refused, telling } = await beyond(tx, 'registration', () =>
          enterRows(tx, this.context, { actor, school, intake: intake.id, answers }, judged.filter(isFit)),
        );
        if (telling > 0) await this.quotas.spend(tx, caller, 'possibleDuplicates', telling);
        if (entered.length > 0)
          await recordIntakeAct(tx, this.context, await intake.id(), {
            kind: 'rowsEntered',
            by: clerkOf(actor, schoolId),
            body: { registrationIds: entered.map((one) => one.id) },
          });
        const faulty = [...judged.filter(isFaulty), ...refused].toSorted((a, b) => a.row - b.row);
        const shown = intake.isOpen() ? await this.view(tx, actor, await intake.id()) : null;
        return { intake: shown, entered: [...entered], faulty: faulty.map(faultyView) };
      }),
    );
    return answer;
  }

  /** What the service says of those whom a record, or another row, is like: of namesakes it says that they are two. */
  private async answersOf(caller: Caller, rows: readonly CheckedRow[]): Promise<ReadonlyMap<CheckedRow, IdentityAnswer>> {
    const { cipher } = this.context;
    const found = await inScope(
      this.db,
      caller,
      (tx) =>
      beyond(tx, 'registration', () => recordsLike(tx, cipher, rows.map(({ person }) => person))), // prettier-ignore
    );
    const alike = likeOneAnother(cipher, rows);
    const asked = rows.filter((one, i) => one.person.document.type === 'residentId' && (alike.has(one) || (found[i] ?? []).length > 0));
    const answers = new Map<CheckedRow, IdentityAnswer>();
    const queue = [...asked];
    const ask = async (): Promise<void> => {
      for (let one = queue.pop(); one; one = queue.pop())
        answers.set(one, await this.identity.check(questionOf(one.person)).catch(() => 'unavailable' as const));
    };
    await Promise.all(Array.from({ length: ASKED_AT_ONCE }, ask));
    return answers;
  }

  show(caller: Caller, id: string): Promise<IntakeView> {
    return inScope(this.db, caller, (tx) => this.view(tx, caller, id));
  }

  private async view(tx: Transaction, actor: Actor, id: string): Promise<IntakeView> {
    const row = await oneIntake(tx, handlingAt(actor), id);
    if (!row) throw new Problem('not-found');
    return intakeView(tx, this.policies, row, this.context.clock.now());
  }

  async list(caller: Caller, { schoolId, year, season, cursor, limit }: IntakeQuery): Promise<IntakePage> {
    const [openedAt = null, id = null] = this.cursors.read('intakes', cursor) ?? [];
    return inScope(this.db, caller, async (tx) => {
      const values = [handlingAt(caller), schoolId ?? null, year ?? null, season ?? null, openedAt, id, limit + 1];
      const rows = await listIntakes(tx, values);
      const page = this.cursors.page('intakes', rows, limit, (row) => [row.openedAt.toISOString(), row.id]);
      const now = this.context.clock.now();
      return { ...page, items: await Promise.all(page.items.map((row) => intakeView(tx, this.policies, row, now))) };
    });
  }

  async rows(caller: Caller, id: string, { state, cursor, limit }: IntakeRowQuery): Promise<IntakeRowPage> {
    const list = `rows of ${id}`;
    const [after = null] = this.cursors.read(list, cursor) ?? [];
    const rows = await inScope(this.db, caller, async (tx) => {
      if (!(await oneIntake(tx, handlingAt(caller), id))) throw new Problem('not-found');
      return beyond(tx, 'bothSides', () => rowsOfIntake(tx, [id, after, state ?? null, limit + 1, null]));
    });
    const page = this.cursors.page(list, rows, limit, (row) => [row.id]);
    return { items: page.items.map((row) => rowView(this.context.cipher, row)), nextCursor: page.nextCursor };
  }

  /**
   * Submits the rows that are left, without those that are held, to the school's review and then its authority's (Art 9).
   * @throws Problem intake-under-review while an earlier submission is being decided; nothing-to-submit
   */
  async submit(caller: Caller, keyed: KeyedRequest, id: string, { note }: SubmitIntake): Promise<IntakeView> {
    const { clock, cipher, calendar } = this.context;
    const deps = { clock, cipher, calendar, wake: this.wakes.wake.bind(this.wakes) };
    const { answer } = await this.once.run(caller, keyed, async (tx, actor) => {
      const intake = await lockIntake(tx, actor, id);
      const { schoolId, name } = intake;
      ownSchool(actor, intake.schoolId);
      await registeringSchool(tx, this, schoolId);
      if (intake.openRequest) throw new Problem('intake-under-review');
      const by = clerkOf(actor, schoolId);
      await submitRows(tx, deps, { id, schoolId, name }, { by, note });
      return this.view(tx, actor, id);
    });
    return answer;
  }
}

const isFit = (one: ReadRow): one is CheckedRow => !isFaulty(one);
