-- The statement for the filters at hand, because one filter has another index than the next.
-- `$1` are the filters, `$2` the organisations of the scope, `$3` those of them that read contents. As values they tell the planner how
-- many requests there are.
create function find_requests_by(f jsonb) returns text language sql immutable as $$
  select concat(
    case when f ->> 'sort' = 'dueAt' then
      'select r.id from task d join change_request r on r.id = d.request_id where d.state = ''open''
         and not exists (select 1 from task e where e.request_id = d.request_id and e.state = ''open''
           and (e.due_at, e.id) < (d.due_at, d.id))'
      else 'select r.id from change_request r where true' end,
    ' and r.seen_by && $2',
    case when f ? 'name' or f ? 'studentNumber' then ' and r.seen_by && $3' end,
    case when f ? 'state' then ' and r.state = ($1 ->> ''state'')' end,
    case when f ? 'hold' then ' and r.hold ->> ''kind'' = ($1 ->> ''hold'')' end,
    find_cases_by(f),
    case when f ? 'schoolId' then ' and r.seen_by @> array[($1 ->> ''schoolId'')::uuid]' end,
    case when f ? 'heldBy' then ' and r.id in (
      select request_id from task where state = ''open'' and assignee_id = ($1 ->> ''heldBy'')::uuid
      union select request_id from task where state = ''open'' and claimant_id = ($1 ->> ''heldBy'')::uuid
      union select request_id from task where state = ''open'' and delegate_id = ($1 ->> ''heldBy'')::uuid)' end,
    case when f ? 'step' then
      ' and exists (select 1 from task t where t.request_id = r.id and t.state = ''open'' and t.step = ($1 ->> ''step''))' end,
    case f ->> 'overdue' when 'true' then ' and exists' when 'false' then ' and not exists' end
      || ' (select 1 from task t where t.request_id = r.id and t.state = ''open'' and t.due_at <= ($1 ->> ''now'')::timestamptz)',
    case when f ? 'dueFrom' or f ? 'dueTo' then concat(
      ' and exists (select 1 from task t where t.request_id = r.id and t.state = ''open''', due_between(f), ')') end,
    page_of(f, case f ->> 'sort' when 'dueAt' then 'd.due_at' else 'r.filed_at' end,
      case f ->> 'sort' when 'dueAt' then 'd.id' else 'r.id' end))
$$;

create function found_requests(f jsonb) returns setof uuid language plpgsql stable security definer rows 50
  set search_path = public, pg_temp as $$
  begin
    return query execute find_requests_by(f) using f, scope_ids('xueji.organisations'), scope_ids('xueji.handled');
  end
$$;
comment on function found_requests is 'a page, in order, of the requests that the scope sees and that fit';
