-- Whose escalated tasks are many has a page of them among the most urgent of all: those are read in their order, and no further.
-- Only where they do not fill a page are all sought that were escalated to the organisation, and sorted; then they are few.
-- Planned anew each time, because the page's beginning is a place in the index.
create function escalated_tasks(organisations uuid[], overdue boolean, now timestamptz, kind text, after_at timestamptz, after_id uuid,
  most int)
returns setof uuid language plpgsql stable security definer set search_path = public, pg_temp
  set plan_cache_mode = force_custom_plan as $$
  declare page uuid[];
  begin
    page := array(
      select t.id from (
        select t.id, t.due_at, t.kind, t.escalated_to from task t
        where t.state = 'open' and ($2 is null or $2 = (t.due_at <= $3)) and ($5 is null or (t.due_at, t.id) > ($5, $6))
          and t.escalated_to <> '{}'
        order by t.due_at, t.id limit 5000) t
      where t.escalated_to && $1
        and t.escalated_to && (select coalesce(nullif(current_setting('xueji.organisations', true), ''), '{}')::uuid[])::uuid[]
        and ($4 is null or t.kind = $4)
      order by t.due_at, t.id limit $7);
    if cardinality(page) < $7 then
      page := array(
        select t.id from task t
        where t.state = 'open' and ($2 is null or $2 = (t.due_at <= $3)) and ($5 is null or (t.due_at, t.id) > ($5, $6))
          and t.escalated_to && $1
          and t.escalated_to && (select coalesce(nullif(current_setting('xueji.organisations', true), ''), '{}')::uuid[])::uuid[]
          and ($4 is null or t.kind = $4)
        order by t.due_at, t.id limit $7);
    end if;
    return query select unnest(page);
  end
$$;
comment on function escalated_tasks is 'the most urgent open tasks that were escalated to some of the scope''s organisations';
