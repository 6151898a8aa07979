create function scope_ids(setting text) returns uuid[] language sql stable as $$
  select coalesce(nullif(current_setting(setting, true), ''), '{}')::uuid[]
$$;

-- Filters of a case: `r` is the request. A name and a number come as the blind index in hexadecimal.
create function find_cases_by(f jsonb) returns text language sql immutable as $$
  select concat(
    case when f ? 'kind' then ' and r.kind = ($1 ->> ''kind'')' end,
    case when f ? 'number' then ' and r.number = ($1 ->> ''number'')' end,
    case when f ? 'studentId' then ' and r.student_id = ($1 ->> ''studentId'')::uuid' end,
    case when f ? 'name' then
      ' and r.student_id in (select s.id from student s where s.name_index = decode($1 ->> ''name'', ''hex''))' end,
    case when f ? 'studentNumber' then
      ' and r.student_id = (select s.id from student s where s.number_index = decode($1 ->> ''studentNumber'', ''hex''))' end,
    case when f ? 'schoolId' then ' and ($1 ->> ''schoolId'')::uuid in (r.source_school_id, r.destination_school_id)' end,
    case when f ? 'filedBy' then ' and r.filer_id = ($1 ->> ''filedBy'')::uuid' end,
    case when f ? 'filedFrom' then ' and r.filed_at >= ($1 ->> ''filedFrom'')::timestamptz' end,
    case when f ? 'filedTo' then ' and r.filed_at < ($1 ->> ''filedTo'')::timestamptz' end)
$$;

-- Of a task `t`; the ends are midnights after due dates, as `due_at` is.
create function due_between(f jsonb) returns text language sql immutable as $$
  select concat(
    case when f ? 'dueFrom' then ' and t.due_at >= ($1 ->> ''dueFrom'')::timestamptz' end,
    case when f ? 'dueTo' then ' and t.due_at <= ($1 ->> ''dueTo'')::timestamptz' end)
$$;

-- So many rows from a place on, by an instant and an id, in one direction or the other.
create function page_of(f jsonb, at text, id text) returns text language sql immutable as $$
  select format('%s order by %2$s %4$s, %3$s %4$s limit ($1 ->> ''most'')::int',
    case when f ? 'afterAt' then format(' and (%s, %s) %s (($1 ->> ''afterAt'')::timestamptz, ($1 ->> ''afterId'')::uuid)', at, id,
      case f ->> 'order' when 'desc' then '<' else '>' end) end,
    at, id, case f ->> 'order' when 'desc' then 'desc' else 'asc' end)
$$;

-- Of a task `t` that a pause stopped, of a request `r` that is paused still: no later task of its step has opened since.
create function is_paused(t task, r change_request) returns boolean language sql stable as $$
  select t.state = 'void' and r.state = 'open' and r.hold ->> 'kind' = 'paused'
    and exists (select 1 from act a where a.stream_id = t.request_id and a.seq = t.void_seq and a.kind = 'held')
    and not exists (select 1 from task n where n.request_id = t.request_id and n.step = t.step and n.opened_at > t.opened_at)
$$;

-- As that of requests; `$2` are the organisations of the scope, `$3` its person.
-- Open tasks are those of the offices in `f` and those escalated to the organisations in it. Decided ones are the person's.
-- Paused ones were open at the offices in `f` when their request was paused.
create function find_tasks_by(f jsonb) returns text language sql immutable as $$
  with one as (select concat(
    find_cases_by(f),
    due_between(f),
    case when f ? 'heldBy' then ' and ($1 ->> ''heldBy'')::uuid in (t.assignee_id, t.claimant_id, t.delegate_id)' end,
    case when f ? 'step' then ' and t.step = ($1 ->> ''step'')' end,
    case when f ? 'mine' then ' and coalesce($3 in (t.assignee_id, t.claimant_id, t.delegate_id),
      false) = ($1 ->> ''mine'')::boolean' end,
    case when f ? 'returned' then ' and t.supplement = ($1 ->> ''returned'')::boolean' end,
    case when f ->> 'state' = 'decided' and f ? 'overdue' then ' and t.decided_late = ($1 ->> ''overdue'')::boolean' end,
    case when f ->> 'state' = 'open' then case f ->> 'overdue' when 'true' then ' and t.due_at <= ($1 ->> ''now'')::timestamptz'
      when 'false' then ' and t.due_at > ($1 ->> ''now'')::timestamptz' end end) as fits,
    case f ->> 'sort' when 'filedAt' then 'r.filed_at' when 'decidedAt' then 't.decided_at' else 't.due_at' end as at)
  select case f ->> 'state'
    when 'decided' then concat(
      'select t.id from task t join change_request r on r.id = t.request_id
       where t.state = ''decided'' and t.decided_by = $3', fits, page_of(f, at, 't.id'))
    when 'paused' then concat(
      'select t.id from change_request r join task t on t.request_id = r.id
         join jsonb_to_recordset($1 -> ''offices'') as o (office text, "organisationId" uuid, kinds text[])
           on t.holder_id = o."organisationId" and t.office = o.office and (o.kinds is null or t.kind = any(o.kinds))
       where r.hold is not null and is_paused(t, r) and t.holder_id = any($2)', fits, page_of(f, at, 't.id'))
    else concat(
      'select x.id from (
         select t.id, ', at, ' as at from jsonb_to_recordset($1 -> ''offices'') as o (office text, "organisationId" uuid, kinds text[])
           join task t on t.holder_id = o."organisationId" and t.office = o.office and t.state = ''open''
             and (o.kinds is null or t.kind = any(o.kinds))
           join change_request r on r.id = t.request_id
         where t.holder_id = any($2)',
         fits,
      case when f -> 'supervised' <> '[]' then concat('
         union
         select t.id, ', at, ' as at from task t join change_request r on r.id = t.request_id
         where t.state = ''open'' and t.escalated_to && array(select jsonb_array_elements_text($1 -> ''supervised''))::uuid[]
           and t.escalated_to && $2',
         fits) end,
      ') x where true', page_of(f, 'x.at', 'x.id')) end from one
$$;

create function found_tasks(f jsonb) returns setof uuid language plpgsql stable security definer rows 50
  set search_path = public, pg_temp as $$
  begin
    return query execute find_tasks_by(f) using f, scope_ids('xueji.organisations'), current_setting('xueji.person', true)::uuid;
  end
$$;
comment on function found_tasks is
  'a page, in order, of the open tasks of offices that the scope has, or of what its person decided, that fit';
