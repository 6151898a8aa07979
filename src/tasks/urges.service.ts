import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { organisationsOf, type Caller } from '../platform/access/caller.js';
import { Cursors } from '../platform/http/cursor.js';
import type { KeyedRequest } from '../platform/access/idempotency.js';
import { Problem } from '../platform/http/problem.js';
import { CLOCK, isoInShanghai, type Clock } from '../platform/clock.js';
import { lookUp } from '../platform/database/in-scope.js';
import { addDays, dateOf } from '../domain/working-days.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import type { TaskDetail } from './tasks.dto.js';
import { officeFor, Tasks } from './tasks.service.js';
import type { TaskUrge, UrgeAnswer, UrgePage, UrgeQuery, UrgeView } from './urges.dto.js';

const MOST_DAYS = 90;

const URGES = `
  select u.request_id as "requestId", u.seq, r.number, u.task_id as "taskId", ${ORGANISATION_NAME('h')} as holder,
    ${ORGANISATION_NAME('o')} as by,
    to_char(u.answer_by, 'YYYY-MM-DD') as "answerBy", u.urged_at as "urgedAt", u.answered_at as "answeredAt", t.decided_at as "decidedAt",
    case when u.answered_at is not null then 'answered' when t.state = 'open' then 'open' else 'void' end as state
  from urge u join change_request r on r.id = u.request_id join task t on t.id = u.task_id join organisation h on h.id = t.holder_id
    join organisation o on o.id = u.organisation_id
  where u.organisation_id = any($1) and ($2::boolean is null or case when $2 then u.answered_at is not null else u.answered_at is null
    and t.state = 'open' end)
    and ($3::date is null or (u.answer_by, u.request_id, u.seq) > ($3, $4::uuid, $5::int)) order by u.answer_by, u.request_id, u.seq
      limit $6`;

/** 督办: a superior's urge that asks for an answer, and the holder's answer (A4). */
@Injectable()
export class Urges {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly tasks: Tasks,
    private readonly cursors: Cursors,
  ) {}

  /** @throws Problem invalid-input for a day of answer that has passed or is too far */
  urge(caller: Caller, keyed: KeyedRequest, id: string, { answerBy, note }: TaskUrge): Promise<TaskDetail> {
    const now = this.clock.now();
    const today = dateOf(now);
    if (answerBy !== undefined && (answerBy < today || answerBy > addDays(today, MOST_DAYS)))
      throw new Problem('invalid-input', { errors: [{ pointer: '/answerBy', detail: FIELD_FAULTS.withinDays(MOST_DAYS) }] });
    const move = { do: 'urge' as const, taskId: id };
    return this.tasks.move(caller, keyed, id, move, async ({ state, request, acts }, task, tx) => {
      if (answerBy !== undefined) {
        const { organisationId, personId } = officeFor(state, caller, task, move);
        await tx.query(
          'insert into urge (request_id, seq, task_id, organisation_id, person_id, answer_by, urged_at) values ($1,$2,$3,$4,$5,$6,$7)',
          [request.id, (acts.at(-1)?.seq ?? 0) + 1, id, organisationId, personId, answerBy, new Date(now)],
        );
      }
      const act = { kind: 'urged' as const, taskId: id, step: task.step, ...(answerBy === undefined ? {} : { answerBy }) };
      return { act, ...(note === undefined ? {} : { texts: { note } }) };
    });
  }

  /** Answers the earliest urge of the task that waits for it. @throws Problem no-urge-to-answer */
  answer(caller: Caller, keyed: KeyedRequest, id: string, { answer }: UrgeAnswer): Promise<TaskDetail> {
    const now = this.clock.now();
    return this.tasks.move(caller, keyed, id, { do: 'answerUrge', taskId: id }, async (_, { step }, tx) => {
      const [rows] = await tx.query<[{ seq: number; answerBy: string }[], number]>(
        `update urge set answered_at = $2 where (request_id, seq) = (
           select request_id, seq from urge where task_id = $1 and answered_at is null order by answer_by, seq limit 1)
         returning seq, to_char(answer_by, 'YYYY-MM-DD') as "answerBy"`,
        [id, new Date(now)],
      );
      const [urge] = rows;
      if (!urge) throw new Problem('no-urge-to-answer');
      const act = { kind: 'urgeAnswered' as const, taskId: id, step, urgeSeq: urge.seq, late: dateOf(now) > urge.answerBy };
      return { act, texts: { answer } };
    });
  }

  /** The urges of the caller's authorities that ask for an answer. */
  async list(caller: Caller, { answered, cursor, limit }: UrgeQuery): Promise<UrgePage> {
    const orgs = organisationsOf(caller, 'authoritySupervisor');
    const [answerBy = null, requestId = null, seq = null] = this.cursors.read('urges', cursor) ?? [];
    type Row = Omit<UrgeView, 'late' | 'urgedAt' | 'answeredAt'> & { urgedAt: Date; answeredAt: Date | null; decidedAt: Date | null };
    const rows = await lookUp<Row>(this.db, caller, URGES, [orgs, answered ?? null, answerBy, requestId, seq, limit + 1]);
    const page = this.cursors.page('urges', rows, limit, (row) => [row.answerBy, row.requestId, String(row.seq)]);
    const now = this.clock.now();
    const items = page.items.map(({ decidedAt, ...row }) => {
      const over = (row.answeredAt ?? decidedAt)?.getTime() ?? (row.state === 'open' ? now : undefined);
      const late = over !== undefined && dateOf(over) > row.answerBy;
      const answeredAt = row.answeredAt && isoInShanghai(row.answeredAt.getTime());
      return { ...row, urgedAt: isoInShanghai(row.urgedAt.getTime()), answeredAt, late };
    });
    return { ...page, items };
  }
}
