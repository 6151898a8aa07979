create function forget_dossier_access(before timestamptz, most int) returns int language sql security definer
  set search_path = public, pg_temp as $$
  with old as (
    select id, person_id, seq, row_number() over (partition by person_id order by seq) as nth
    from dossier_access where at < least($1, now() - interval '3 years') order by person_id, seq limit $2),
  gone as (
    delete from dossier_access a using old o join reader_head h on h.person_id = o.person_id
      where a.id = o.id and o.seq = h.kept_after + o.nth returning a.person_id, a.seq, a.hash),
  cut as (
    update reader_head h set kept_after = l.seq, kept_hash = l.hash
      from (select distinct on (person_id) person_id, seq, hash from gone order by person_id, seq desc) l where h.person_id = l.person_id)
  select count(*)::int from gone
$$;
comment on function forget_dossier_access is
  'removes so many records from before an instant, none younger than three years and each after those before it; how many it removed';
