create function shows_evidence(evidence uuid) returns boolean language sql stable security definer set search_path = public, pg_temp as $$
  select exists (
    select 1 from change_request r
    where r.seen_by && (select coalesce(nullif(current_setting('xueji.handled', true), ''), '{}')::uuid[])::uuid[]
      and $1 = any(r.evidence_ids))
$$;
comment on function shows_evidence is 'whether a request that the scope reads has it';
