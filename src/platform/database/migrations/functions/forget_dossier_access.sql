create function forget_dossier_access(before timestamptz, most int) returns int language sql security definer
  set search_path = public, pg_temp as $$
  with gone as (
    delete from dossier_access where id in (select id from dossier_access where at < least($1, now() - interval '3 years') limit $2)
      returning 1)
  select count(*)::int from gone
$$;
comment on function forget_dossier_access is
  'removes so many records from before an instant, none younger than three years; how many it removed';
