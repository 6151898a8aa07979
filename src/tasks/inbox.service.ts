import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { organisationsOf, type Caller } from '../platform/access/caller.js';
import { Cursors } from '../platform/http/cursor.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { beyond, inScope, lookUp } from '../platform/database/in-scope.js';
import type { TaskPage, TaskQuery } from './tasks.dto.js';
import { OPEN_TASK_COLUMNS, TASK_COLUMNS, TASK_JOINS, taskView, type TaskItemRow } from './tasks.views.js';

/**
 * The inbox of the caller's offices, and of those in which the caller is a proxy 代理, most urgent first. A supervisor also gets the tasks
 * escalated to the own organisation. Each office is one index scan that stops after a page, so the time does not grow with the number of
 * open tasks.
 */
const inbox = (more = ''): string => `
  with mine as (
    select t.id, t.due_at from jsonb_to_recordset($1) as o (office text, "organisationId" uuid, kinds text[])
    cross join lateral (
      select t.id, t.due_at from task t
      where t.holder_id = o."organisationId" and t.office = o.office and t.state = 'open'
        and ($3::timestamptz is null or (t.due_at, t.id) > ($3, $4::uuid))
        and ($5::boolean is null or $5 = (t.due_at <= $6))
        and ($7::text is null or t.kind = $7) and (o.kinds is null or t.kind = any(o.kinds)) ${more}
      order by t.due_at, t.id limit $8) t
    union
    select t.id, t.due_at from escalated_tasks($2::uuid[], $5, $6, $7, $3, $4, $8::int) e join task t on t.id = e
      where cardinality($2::uuid[]) > 0
  ), page as (select id from mine order by due_at, id limit $8)
  select ${OPEN_TASK_COLUMNS} from page join task t using (id) ${TASK_JOINS} order by t.due_at, t.id`;

export const INBOX = inbox();
/**
 * Only the tasks that a person ($9) has in hand, or only the others ($10). It is a statement of its own, because the inbox's indexes do not
 * name the person.
 */
const IN_HAND = inbox('and $10 = coalesce($9::uuid in (t.assignee_id, t.claimant_id, t.delegate_id), false)');

const DECIDED = `
  select ${TASK_COLUMNS} from task t ${TASK_JOINS}
  where t.state = 'decided' and t.decided_by = $1 and ($2::timestamptz is null or (t.decided_at, t.id) < ($2, $3::uuid))
    and ($4::boolean is null or $4 = t.decided_late) and ($5::text is null or r.kind = $5)
  order by t.decided_at desc, t.id desc limit $6`;

@Injectable()
export class Inbox {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cursors: Cursors,
  ) {}

  list(caller: Caller, query: TaskQuery): Promise<TaskPage> {
    return query.state === 'open' ? this.open(caller, query) : this.decided(caller, query);
  }

  private async open(caller: Caller, { kind, overdue, mine, cursor, limit }: TaskQuery): Promise<TaskPage> {
    const [dueAt = null, id = null] = this.cursors.read('inbox', cursor) ?? [];
    const now = this.clock.now();
    const values = [
      JSON.stringify([...caller.offices, ...(caller.proxies ?? [])]),
      mine === true ? [] : organisationsOf(caller, 'authoritySupervisor'),
      dueAt,
      id,
      overdue ?? null,
      new Date(now),
      kind ?? null,
      limit + 1,
      ...(mine === undefined ? [] : [caller.personId, mine]),
    ];
    const rows = await lookUp<TaskItemRow>(this.db, caller, mine === undefined ? INBOX : IN_HAND, values);
    const page = this.cursors.page('inbox', rows, limit, (row) => [row.dueAt.toISOString(), row.id]);
    return { ...page, items: page.items.map((row) => taskView(row, now)) };
  }

  /** What the caller has decided, latest first. */
  private async decided(caller: Caller, { kind, overdue, cursor, limit }: TaskQuery): Promise<TaskPage> {
    const [decidedAt = null, id = null] = this.cursors.read('decided', cursor) ?? [];
    const values = [caller.personId, decidedAt, id, overdue ?? null, kind ?? null, limit + 1];
    const rows = await inScope(this.db, caller, (tx) => beyond(tx, 'ownRecord', () => tx.query<TaskItemRow[]>(DECIDED, values)));
    const page = this.cursors.page('decided', rows, limit, (row) => [row.decidedAt?.toISOString() ?? '', row.id]);
    return { ...page, items: page.items.map((row) => taskView(row, this.clock.now())) };
  }
}
