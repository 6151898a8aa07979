import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import { OPEN_TASK_COLUMNS, TASK_JOINS } from '../tasks/tasks.views.js';
import { AGE_AT } from './overdue-ages.js';
import { BELOW } from '../organisations/below.js';
import type { Grouping } from './overdue.dto.js';

/** What a row stands for, of a holder `b` and a row `t` with its kind and age. */
const KEY: Readonly<Record<Grouping, string>> = {
  authority: `(case when b.level = 'school' then b.parent_id else b.id end)::text`,
  school: `(case when b.level = 'school' then b.id end)::text`,
  kind: 't.kind',
  age: 't.age',
};

/**
 * Overdue tasks of the organisations ($1) and those below at an instant ($2), by one grouping, beside those of a day ($6). Rows come most
 * first, after a row ($3 count, $4 key), at most $5. The source is the counts by holder, kind and deadline, with later changes. They name
 * no task, so no policy looks at each of a million rows.
 */
export const OVERDUE_COUNTS = (by: Grouping): string => `
  with ${BELOW('$1')},
  counted as materialized (
    select c.holder_id, c.kind, c.due_at, c.n from below b join open_task_count c on c.holder_id = b.id and c.due_at <= $2
    union all
    select c.holder_id, c.kind, c.due_at, c.n from below b join open_task_change c on c.holder_id = b.id and c.due_at <= $2),
  open as (select holder_id, kind, due_at, sum(n)::int as n from counted group by 1, 2, 3 having sum(n) > 0),
  late as (
    select holder_id as id, kind, ${AGE_AT('due_at', '$2::timestamptz')} as age, sum(n) as n, min(due_at) as earliest from open group by 1,
      2, 3),
  now as (select ${KEY[by]} as key, sum(t.n)::int as overdue, min(t.earliest) as earliest from late t join below b on b.id = t.id
    group by 1),
  before as (select ${KEY[by]} as key, sum(t.overdue)::int as overdue from below b join overdue_day t on t.holder_id = b.id and t.day = $6
    group by 1),
  page as (select * from now where key is not null and ($3::int is null or (-overdue, key) > (-$3::int, $4::text)) order by -overdue, key
    limit $5)
  select p.key, p.overdue, extract(epoch from $2 - p.earliest)::bigint / 86400 + 1 as "longestDays",
    case when exists (select 1 from overdue_counted where day = $6) then coalesce(w.overdue, 0) end as "sevenDaysAgo",
    case when o.id is null then null else ${ORGANISATION_NAME('o')} end as organisation, (select coalesce(sum(overdue), 0)::int
      from now) as total
  from page p left join before w using (key) left join organisation o on o.id =
    ${by === 'authority' || by === 'school' ? 'p.key::uuid' : 'null'}
  order by -p.overdue, p.key`;

/** How many were overdue day by day from a day ($2) on; a day that was counted with nothing overdue here is zero. */
export const TREND = `
  with ${BELOW('$1')}, counted as (select day from overdue_counted where day >= $2)
  select to_char(c.day, 'YYYY-MM-DD') as day, coalesce(s.overdue, 0) as overdue from counted c
    left join (select d.day, sum(d.overdue)::int as overdue from below b join overdue_day d on d.holder_id = b.id and d.day >= $2
      group by 1) s using (day)
  order by c.day`;

/** Counts what is overdue at an instant ($2) into a day ($1); once a day, by the worker. */
export const COUNT_DAY = `
  with today as (insert into overdue_counted (day, at) values ($1, $2) on conflict do nothing returning day)
  insert into overdue_day (day, holder_id, kind, age, overdue)
  select day, holder_id, kind, ${AGE_AT('due_at', '$2::timestamptz')}, count(*) from today, task where state = 'open' and due_at <= $2
    group by 1, 2, 3, 4`;

/**
 * The overdue tasks of the organisations ($1) and those below, the longest overdue first. They come after a task ($3, $4), at most $6, of
 * one kind ($5) if given. Few holders are read by one range each. Many holders are read in the order of deadlines, because their tasks are
 * dense among all.
 */
const OF_A_HOLDER = (holder: string) => `t.state = 'open' and t.due_at <= $2 and ${holder}
    and ($3::timestamptz is null or (t.due_at, t.id) > ($3, $4::uuid)) and ($5::text is null or t.kind = $5) order by t.due_at, t.id
      limit $6`;
export const OVERDUE_TASKS = (many: boolean): string => `
  with ${BELOW('$1')}, page as materialized (
    ${
      many
        ? `select t.id, t.due_at from task t where ${OF_A_HOLDER('t.holder_id in (select id from below)')}`
        : `select t.id, t.due_at from below b
         cross join lateral (select t.id, t.due_at from task t where ${OF_A_HOLDER('t.holder_id = b.id')}) t
           order by t.due_at, t.id limit $6`
    })
  select ${OPEN_TASK_COLUMNS} from page join task t using (id) ${TASK_JOINS} order by t.due_at, t.id`;

/** From so many holders on, the tasks are read in the order of their deadlines. */
export const MANY = 300;
export const HOW_MANY_BELOW = `with ${BELOW('$1')} select count(*)::int as n from below`;
