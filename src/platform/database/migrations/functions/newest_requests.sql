-- Planned anew each time, because one filter has another index than the next.
create function newest_requests(state text, kind text, overdue boolean, now timestamptz, before_at timestamptz, before_id uuid, most int,
  number text default null, hold text default null)
returns setof uuid language plpgsql stable security definer set search_path = public, pg_temp
  set plan_cache_mode = force_custom_plan as $$
  begin
    return query select r.id from change_request r
      where r.seen_by && (select coalesce(nullif(current_setting('xueji.organisations', true), ''), '{}')::uuid[])::uuid[]
        and ($1 is null or r.state = $1) and ($2 is null or r.kind = $2)
        and ($3 is null or $3 = exists (select 1 from task t where t.request_id = r.id and t.state = 'open' and t.due_at <= $4))
        and ($5 is null or (r.filed_at, r.id) < ($5, $6)) and ($8 is null or r.number = $8) and ($9 is null or r.hold ->> 'kind' = $9)
      order by r.filed_at desc, r.id desc limit $7;
  end
$$;
comment on function newest_requests is 'a page of the requests that the scope sees';
