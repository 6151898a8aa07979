create function student_until(student uuid) returns date language sql stable security definer set search_path = public, pg_temp as $$
  select case when bool_or(e.valid_to is null) then 'infinity'::date else max(e.valid_to) end
  from enrolment e join organisation o on o.id = e.school_id
  where e.student_id = $1 and e.state not in ('pending', 'heldDuplicate') and (
    o.id = any((select coalesce(nullif(current_setting('xueji.handled', true), ''), '{}')::uuid[])::uuid[])
    or o.ancestors && (select coalesce(nullif(current_setting('xueji.handled', true), ''), '{}')::uuid[])::uuid[]
    or e.custodian_id = any((select coalesce(nullif(current_setting('xueji.handled', true), ''), '{}')::uuid[])::uuid[]))
$$;
comment on function student_until is
  'until when the organisations of the scope had the student; null when never, and while a registration is not made yet';
