/** One line of the bulletin: an authority of a province and its month. */
export interface BulletinRow {
  province: string;
  authority: string;
  code: string;
  /** Requests filed in the month that concern students of its schools. */
  filed: number;
  /** Of those closed in the month: approved, and in any other way. */
  approved: number;
  otherwise: number;
  /** Tasks at the authority and its schools decided in the month after their deadline. */
  decidedLate: number;
  /**
   * Tasks there that were open past their deadline at the month's end, as counted then (now, in the present month); null when nobody
   * counted.
   */
  stillOverdue: number | null;
}

/**
 * The month from $2 to $3 (instants) of the authorities at and below $1. A school's cases and tasks count at its competent authority, a
 * request at that of its source school. Overdue tasks are as of $4 during the month. Afterwards they are as counted when the next day ($5)
 * began, so that a published bulletin stays as it was.
 */
export const BULLETIN = `
  with below as materialized (select o.id, o.parent_id, o.level from organisation o where o.id = any($1::uuid[])
    or o.ancestors && $1::uuid[]),
  at as materialized (select id, case when level = 'school' then parent_id else id end as authority from below),
  filed as (
    select a.authority, count(*)::int as filed from change_request r join at a on a.id = r.source_school_id
    where r.filed_at >= $2 and r.filed_at < $3 group by 1),
  closed as (
    select a.authority, count(*) filter (where r.state = 'approved')::int as approved, count(*) filter (where r.state <> 'approved')::int as
      otherwise
    from change_request r join at a on a.id = r.source_school_id where r.closed_at >= $2 and r.closed_at < $3 group by 1),
  late as (
    select a.authority, count(*)::int as late from task t join at a on a.id = t.holder_id
    where t.decided_late and t.decided_at >= $2 and t.decided_at < $3 group by 1),
  still as (
    select authority, sum(n)::int as still from (
      select a.authority, c.n from at a join open_task_count c on $5::date is null and c.holder_id = a.id and c.due_at <= $4
      union all select a.authority, c.n from at a join open_task_change c on $5::date is null and c.holder_id = a.id and c.due_at <= $4
      union all select a.authority, d.overdue from at a join overdue_day d on d.holder_id = a.id and d.day = $5) s group by 1)
  select coalesce(p.name, o.name) as province, o.name as authority, o.code, coalesce(filed, 0) as filed, coalesce(approved, 0) as approved,
    coalesce(otherwise, 0) as otherwise, coalesce(late, 0) as "decidedLate", 
    case when $5::date is null or exists (select 1 from overdue_counted where day = $5) then coalesce(still, 0) end as "stillOverdue"
  from (select distinct authority from at) a join organisation o on o.id = a.authority left join organisation p on p.id = o.province_id
    left join filed using (authority) left join closed using (authority) left join late using (authority) left join still using (authority)
  order by p.code nulls first, o.code`;
