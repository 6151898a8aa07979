import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { organisationsOf, type Caller } from '../platform/access/caller.js';
import { Cursors } from '../platform/http/cursor.js';
import type { KeyedRequest } from '../platform/access/idempotency.js';
import { Problem } from '../platform/http/problem.js';
import { lookUp, type Transaction } from '../platform/database/in-scope.js';
import { handlingAt, REVIEWING } from '../domain/offices.js';
import { addDays, dateOf } from '../domain/working-days.js';
import { HOLDS_OFFICE_AT } from '../platform/access/offices.sql.js';
import { actedBy } from '../platform/ledger/acted-by.js';
import { CaseContext } from '../cases/case-context.js';
import { CaseMoves, openTask } from '../cases/case-moves.js';
import { newId } from '../platform/ledger/new-id.js';
import type { Consult, ConsultationPage, ConsultationQuery, ConsultationView, Opinion } from './consultations.dto.js';
import { CONSULTATION, consultationView, type ConsultationRow } from './consultations.views.js';
import { officeFor, Tasks } from './tasks.service.js';
import { IS_PERSON } from '../platform/access/service-account.sql.js';

/** The most days until the date of an opinion. A later date is a slip of the pen. */
const MOST_DAYS = 366;

/** 征求意见: another organisation is asked before a decision. Neither the task nor its deadline moves; the opinion has its own date. */
@Injectable()
export class Consultations {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly context: CaseContext,
    private readonly moves: CaseMoves,
    private readonly tasks: Tasks,
    private readonly cursors: Cursors,
  ) {}

  ask(caller: Caller, keyed: KeyedRequest, taskId: string, { organisationId, question, dueDate }: Consult): Promise<ConsultationView> {
    const consultationId = newId();
    return this.moves.run(caller, keyed, {
      requestId: (tx, actor) => this.tasks.requestOf(tx, actor, taskId),
      move: () => ({ do: 'consult', taskId }),
      by: ({ state }, actor) => officeFor(state, actor, openTask(state, taskId)),
      made: async ({ state }, tx) => {
        const task = openTask(state, taskId);
        await this.mustBeAskable(tx, { organisationId, dueDate }, task.holder);
        return { act: { kind: 'consulted', consultationId, taskId, step: task.step, organisationId, dueDate }, texts: { question } };
      },
      answer: async (tx, { request, state }) => {
        await tx.query(
          `insert into consultation (id, request_id, task_id, asking_id, asked_id, due_date, asked_seq, asked_at)
             values ($1,$2,$3,$4,$5,$6,$7,$8)`,
          [
            consultationId,
            request.id,
            taskId,
            openTask(state, taskId).holder,
            organisationId,
            dueDate,
            request.lastSeq,
            new Date(this.context.clock.now()),
          ],
        );
        return this.one(tx, consultationId);
      },
    });
  }

  answer(caller: Caller, keyed: KeyedRequest, id: string, { answer }: Opinion): Promise<ConsultationView> {
    return this.moves.run(caller, keyed, {
      requestId: async (tx, actor) => {
        const [row] = await tx.query<{ requestId: string }[]>(
          'select request_id as "requestId" from consultation where id = $1 and (asked_id = any($2) or asking_id = any($2))',
          [id, handlingAt(actor)],
        );
        if (!row) throw new Problem('not-found');
        return row.requestId;
      },
      move: () => ({ do: 'answerConsultation', consultationId: id }),
      by: ({ state }, actor) => {
        const { organisationId = '' } = state.consultations[id] ?? {};
        return actedBy(actor, ...REVIEWING.map((office) => ({ office, organisationId })));
      },
      made: ({ state }) => {
        const { step = '', dueDate = '' } = state.consultations[id] ?? {};
        const late = dateOf(this.context.clock.now()) > dueDate;
        return { act: { kind: 'consultationAnswered', consultationId: id, step, late }, texts: { opinion: answer } };
      },
      answer: async (tx, { request }) => {
        const now = new Date(this.context.clock.now());
        await tx.query('update consultation set answered_seq = $2, answered_at = $3 where id = $1', [id, request.lastSeq, now]);
        return this.one(tx, id);
      },
    });
  }

  async list(caller: Caller, { box, state, overdue, cursor, limit }: ConsultationQuery): Promise<ConsultationPage> {
    const [dueDate = null, id = null] = this.cursors.read('consultations', cursor) ?? [];
    const whose = box === 'asked' ? 'c.asked_id' : 'c.asking_id';
    const rows = await lookUp<ConsultationRow>(
      this.db,
      caller,
      `select * from (${CONSULTATION} where ${whose} = any($1)) v where ($2::text is null or v.state = $2)
         and ($3::text is null or (v."dueDate", v.id) > ($3, $4::uuid))
         and ($5::boolean is null or $5 = (v.state = 'open' and v."dueDate" < $6)) order by v."dueDate", v.id limit $7`,
      [organisationsOf(caller, ...REVIEWING), state ?? null, dueDate, id, overdue ?? null, dateOf(this.context.clock.now()), limit + 1],
    );
    const page = this.cursors.page('consultations', rows, limit, (row) => [row.dueDate, row.id]);
    return { ...page, items: page.items.map((row) => consultationView(this.context.cipher, row, this.context.clock.now())) };
  }

  private async one(tx: Transaction, id: string): Promise<ConsultationView> {
    const [row] = await tx.query<ConsultationRow[]>(`${CONSULTATION} where c.id = $1`, [id]);
    if (!row) throw new Problem('not-found');
    return consultationView(this.context.cipher, row, this.context.clock.now());
  }

  /** Another living organisation with somebody who can answer, by a day to come. @throws Problem invalid-input */
  private async mustBeAskable(
    tx: Transaction,
    { organisationId, dueDate }: Pick<Consult, 'organisationId' | 'dueDate'>,
    holder: string,
  ): Promise<void> {
    const now = this.context.clock.now();
    const [able] = await tx.query<unknown[]>(
      `select 1 from organisation o where o.id = $1 and o.id <> $2 and (o.closed_on is null or o.closed_on > $3::date)
         and exists (select 1 from office f join person p on p.id = f.person_id and ${IS_PERSON('p')} where f.organisation_id = o.id
           and f.office = any($4) and ${HOLDS_OFFICE_AT('f', '$5')})`,
      [organisationId, holder, dateOf(now), REVIEWING, new Date(now)],
    );
    const wrong = [
      ...(able ? [] : [{ pointer: '/organisationId', detail: FIELD_FAULTS.cannotBeAsked }]),
      ...(dueDate < dateOf(now) ? [{ pointer: '/dueDate', detail: FIELD_FAULTS.past }] : []),
      ...(dueDate > addDays(dateOf(now), MOST_DAYS) ? [{ pointer: '/dueDate', detail: FIELD_FAULTS.withinYear }] : []),
    ];
    if (wrong.length > 0) throw new Problem('invalid-input', { errors: wrong });
  }
}
