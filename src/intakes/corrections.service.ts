import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { CaseContext } from '../cases/case-context.js';
import { handlingAt } from '../domain/offices.js';
import { dateOf } from '../domain/working-days.js';
import { recordIntakeAct } from '../dossier/intakes.js';
import { IDENTITY, type IdentityAnswer, type IdentityAuthentication } from '../identity/identity.js';
import { ownSchool } from '../organisations/own-organisation.js';
import type { Caller } from '../platform/access/caller.js';
import { OnceOnly, type KeyedRequest } from '../platform/access/idempotency.js';
import { Quotas } from '../platform/access/quotas.js';
import { beyond, inScope, type Transaction } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import { PolicyStore } from '../policies/policies.store.js';
import { questionOf } from '../registrations/asked-again.js';
import { alone, isLate, registeringSchool } from '../registrations/checks.js';
import { correctStudent, type Correctable } from '../registrations/correcting.js';
import type { IntakeRowView } from './intakes.dto.js';
import { oneIntake, REVIEW_IS_OVER, ROW_STATE, ROWS, rowsOfIntake, rowView } from './intakes.views.js';
import { clerkOf, lockIntake } from './locked-intake.js';
import { isFaulty, judgeRows, readRow, type CheckedRow, type ReadRow } from './row-checks.js';

interface StandingRow extends Correctable {
  readonly state: string;
  readonly openRequest: boolean;
  readonly disputed: boolean;
  readonly enteredOn: Date;
}

/** A row's own case, and what is decided of it elsewhere: its assertion (Art 11), or a ruling. */
export const ROW_TO_CORRECT = `
  select g.id, g.student_id as "studentId", g.enrolment_id as "enrolmentId", g.findings, ${ROW_STATE} as state,
    g.recorded_at as "enteredOn",
    coalesce(q.state = 'open', false) as "openRequest",
    exists (select 1 from enrolment x where x.student_id = g.student_id and x.id <> e.id) as continued,
    exists (select 1 from change_request r where r.student_id = g.student_id and r.state = 'open')
      or exists (select 1 from duplicate d where g.student_id in (d.held_student_id, d.other_student_id) and d.state = 'open'
        and d.ruling_request_id is not null) as disputed
  from ${ROWS} where g.intake_id = $1 and g.id = $2 for update of g`;

/** Rows of an intake are put right in place: whole, with all checks, as an act (Art 8, 9). They come again with the next submission. */
@Injectable()
export class RowCorrections {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    readonly context: CaseContext,
    private readonly once: OnceOnly,
    @Inject(IDENTITY) private readonly identity: IdentityAuthentication,
    readonly policies: PolicyStore,
    private readonly quotas: Quotas,
  ) {}

  /** @throws Problem not-found, not-your-office, invalid-input with all faults of the row, and why it can't be corrected now */
  async correct(caller: Caller, keyed: KeyedRequest, id: string, rowId: string, given: Record<string, unknown>): Promise<IntakeRowView> {
    await inScope(this.db, caller, (tx) => this.ownIntake(tx, caller, id)); // the office first: nothing is said of a person to others
    const read = fit(readRow(given, 1, dateOf(this.context.clock.now())));
    const answer = await this.answerTo(read); // outside the transaction that writes: the service may be slow
    return this.quotas.telling(caller, async () => {
      try {
        return await this.corrected(caller, keyed, { id, rowId, read, ...(answer ? { answer } : {}) });
      } catch (error) {
        if (error instanceof Problem && TELLING.includes(error.code)) await this.quotas.spendNow(caller, 'possibleDuplicates');
        throw error;
      }
    });
  }

  private async corrected(
    caller: Caller,
    keyed: KeyedRequest,
    { id, rowId, read, answer }: { id: string; rowId: string; read: CheckedRow; answer?: IdentityAnswer },
  ): Promise<IntakeRowView> {
    const { answer: view } = await this.once.run(caller, keyed, async (tx, actor) => {
      const intake = await lockIntake(tx, actor, id);
      const school = await registeringSchool(tx, this, ownSchool(actor, intake.schoolId));
      const [judged] = await judgeRows(tx, school, intake, [read]);
      const { input, person } = judged ? fit(judged) : read;
      await alone(tx, this.context, [person]);
      await beyond(tx, 'registration', async () => {
        const row = await this.correctable(tx, id, rowId);
        const late = isLate({ ...school, today: dateOf(row.enteredOn.getTime()) }, input);
        const { schoolId, divisionCode } = school;
        const entry = { input, person, schoolId, divisionCode, actor, intakeId: id, late, ...(answer ? { answer } : {}) };
        if (input.enterHeld) await this.quotas.spend(tx, caller, 'possibleDuplicates');
        const fields = await correctStudent(tx, this.context, entry, row);
        await tx.query(REVIEW_IS_OVER, [rowId, input.reportedOn, late]);
        const body = { registrationId: rowId, fields };
        await recordIntakeAct(tx, this.context, id, { kind: 'rowCorrected', by: clerkOf(actor, schoolId), body });
      });
      const [shown] = await beyond(tx, 'bothSides', () => rowsOfIntake(tx, [id, null, null, 1, rowId]));
      if (!shown) throw new Error('a row is seen by who corrected it');
      return rowView(this.context.cipher, shown);
    });
    return view;
  }

  private async ownIntake(tx: Transaction, caller: Caller, id: string): Promise<void> {
    const intake = await oneIntake(tx, handlingAt(caller), id);
    if (!intake) throw new Problem('not-found');
    ownSchool(caller, intake.school.id);
  }

  /** @throws Problem not-found, registration-ended, row-registered, intake-under-review, change-already-open */
  private async correctable(tx: Transaction, id: string, rowId: string): Promise<StandingRow> {
    const [row] = await tx.query<StandingRow[]>(ROW_TO_CORRECT, [id, rowId]);
    if (!row) throw new Problem('not-found');
    if (row.state === 'ended') throw new Problem('registration-ended');
    if (row.state === 'registered') throw new Problem('row-registered');
    if (row.openRequest) throw new Problem('intake-under-review');
    if (row.disputed) throw new Problem('change-already-open');
    return row;
  }

  private async answerTo({ person }: CheckedRow): Promise<IdentityAnswer | undefined> {
    return person.document.type === 'residentId' ? this.identity.check(questionOf(person)).catch(() => 'unavailable' as const) : undefined;
  }
}

/** Refusals by which a guess would learn that somebody is on record. */
const TELLING: readonly string[] = ['possible-duplicate', 'dossier-exists'];

function fit(read: ReadRow): CheckedRow {
  if (isFaulty(read)) throw new Problem('invalid-input', { errors: read.faults });
  return read;
}
