create function loose_evidence(ids uuid[]) returns setof uuid language sql stable security definer set search_path = public, pg_temp as $$
  select e from unnest($1) e where not exists (select 1 from change_request r where r.evidence_ids @> array[e])
    and not exists (select 1 from dossier_evidence d where d.evidence_id = e)
    and not exists (select 1 from certificate p where p.photograph_id = e)
    and not exists (select 1 from organisation_change c where e = any(c.evidence_ids))
$$;
comment on function loose_evidence is 'those that no request, no dossier, no certificate and no change of an organisation holds';

create function remove_loose_evidence(ids uuid[], before timestamptz) returns setof text language sql security definer
  set search_path = public, pg_temp as $$
  delete from evidence where id in (select loose_evidence($1)) and uploaded_at < $2 returning sha256
$$;
comment on function remove_loose_evidence is 'removes those of them that were uploaded before an instant; the digests of their files';
