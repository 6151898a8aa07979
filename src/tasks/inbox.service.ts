import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { organisationsOf, type Caller } from '../platform/access/caller.js';
import { Cursors } from '../platform/http/cursor.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { beyond, inScope, lookUp, type Transaction } from '../platform/database/in-scope.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import type { OfficeAt } from '../domain/offices.js';
import { filtersOf } from '../requests/case-filters.js';
import type { NamedStudent } from '../requests/case-filters.dto.js';
import { dateOf, instantOf } from '../domain/working-days.js';
import { MOST_TASKS_COUNTED, type TaskCount, type TaskCounts, type TaskPage, type TaskQuery } from './tasks.dto.js';
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

const found = (columns: string): string => `
  select ${columns} from found_tasks($1) with ordinality f (id, nth) join task t on t.id = f.id ${TASK_JOINS} order by f.nth`;
const FOUND_OPEN = found(OPEN_TASK_COLUMNS);
/** Also of tasks that are open no longer. */
const FOUND = found(TASK_COLUMNS);

const COUNTED = `
  select t.kind, t.step, case when t.due_at <= $2 then 'overdue' when t.due_at <= $3 then 'today' else 'later' end as due,
    count(*)::int as count
  from found_tasks($1) f (id) join task t on t.id = f.id group by 1, 2, 3 order by 1, 2, 3`;

/** Where a task stands in the order by these instants. */
const AT = {
  dueAt: ({ dueAt }: TaskItemRow) => dueAt,
  filedAt: ({ filedAt }: TaskItemRow) => filedAt,
  decidedAt: ({ decidedAt }: TaskItemRow) => decidedAt,
} as const;

/** What the statement of the inbox, which stops after a page, knows of a question. */
const OF_THE_INBOX = new Set(['state', 'kind', 'overdue', 'mine', 'cursor', 'limit']);

@Injectable()
export class Inbox {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
    private readonly cursors: Cursors,
  ) {}

  list(caller: Caller, query: TaskQuery, student?: NamedStudent): Promise<TaskPage> {
    const asked = Object.entries(query).filter(([, value]) => value !== undefined);
    const plain = query.state === 'open' && !student && asked.every(([name]) => OF_THE_INBOX.has(name));
    return plain ? this.open(caller, query) : this.found(caller, query, student);
  }

  /** How many tasks a list would hold, by what pages filter by; the work is bounded however many there are. */
  async counts(caller: Caller, query: TaskQuery): Promise<TaskCounts> {
    const now = this.clock.now();
    const filters = { ...this.filtersFor(caller, query), most: MOST_TASKS_COUNTED, sort: 'dueAt' };
    const tonight = new Date(instantOf(dateOf(now), 24));
    const ask = (tx: Transaction) => tx.query<TaskCount[]>(COUNTED, [filters, new Date(now), tonight]);
    const items = await inScope(this.db, caller, (tx) => (query.state === 'decided' ? beyond(tx, 'ownRecord', () => ask(tx)) : ask(tx)));
    const total = items.reduce((sum, { count }) => sum + count, 0);
    return { total, isCapped: total >= MOST_TASKS_COUNTED, items };
  }

  private async open(caller: Caller, { kind, overdue, mine, cursor, limit }: TaskQuery): Promise<TaskPage> {
    const [dueAt = null, id = null] = this.cursors.read(INBOX_LIST, cursor) ?? [];
    const now = this.clock.now();
    const values = [
      JSON.stringify(officesOf(caller)),
      supervisedBy(caller, mine),
      dueAt,
      id,
      overdue ?? null,
      new Date(now),
      kind ?? null,
      limit + 1,
      ...(mine === undefined ? [] : [caller.personId, mine]),
    ];
    const rows = await lookUp<TaskItemRow>(this.db, caller, mine === undefined ? INBOX : IN_HAND, values);
    const page = this.cursors.page(INBOX_LIST, rows, limit, (row) => [row.dueAt.toISOString(), row.id]);
    return { ...page, items: page.items.map((row) => taskView(row, now)) };
  }

  /** By whatever is asked, in whatever order; what the caller has decided, the latest first; and what a pause stopped. */
  private async found(caller: Caller, query: TaskQuery, student?: NamedStudent): Promise<TaskPage> {
    const { state, cursor, limit } = query;
    const { sort = state === 'decided' ? 'decidedAt' : 'dueAt' } = query;
    const { order = sort === 'dueAt' ? 'asc' : 'desc' } = query;
    const list = `${LISTS[state]} ${sort} ${order}`;
    const [afterAt, afterId] = this.cursors.read(list, cursor) ?? [];
    const now = this.clock.now();
    const filters = { ...this.filtersFor(caller, query, student), sort, order, afterAt, afterId };
    const rows =
      state === 'decided'
        ? await inScope(this.db, caller, (tx) => beyond(tx, 'ownRecord', () => tx.query<TaskItemRow[]>(FOUND, [filters])))
        : await lookUp<TaskItemRow>(this.db, caller, state === 'open' ? FOUND_OPEN : FOUND, [filters]);
    const page = this.cursors.page(list, rows, limit, (row) => [AT[sort](row)?.toISOString() ?? '', row.id]);
    return { ...page, items: page.items.map((row) => taskView(row, now)) };
  }

  /** The question as `found_tasks` takes it. */
  filtersFor(caller: Caller, query: TaskQuery, student?: NamedStudent) {
    return {
      ...filtersOf(this.cipher, query, student),
      now: new Date(this.clock.now()).toISOString(),
      offices: officesOf(caller),
      supervised: supervisedBy(caller, query.mine),
    };
  }
}

const INBOX_LIST = 'inbox dueAt asc';
const LISTS = { open: 'inbox', decided: 'decided', paused: 'paused' } as const;

const officesOf = ({ offices, proxies = [] }: Caller): readonly OfficeAt[] => [...offices, ...proxies];
const supervisedBy = (caller: Caller, mine: boolean | undefined): string[] =>
  mine === true ? [] : organisationsOf(caller, 'authoritySupervisor');
