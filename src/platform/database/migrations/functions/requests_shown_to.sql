create function requests_shown_to(organisation uuid) returns setof uuid language sql stable security definer
  set search_path = public, pg_temp as $$
  select r.id from change_request r
  where r.seen_by @> array[$1] and ((select coalesce(current_setting('xueji.reach', true), '') <> '')
    or $1 = any((select coalesce(nullif(current_setting('xueji.organisations', true), ''), '{}')::uuid[])::uuid[]))
$$;
comment on function requests_shown_to is 'all requests that an organisation sees, for processes and for who acts in it';
