create function shows_evidence(evidence uuid) returns boolean language sql stable security definer set search_path = public, pg_temp as $$
  select exists (
    select 1 from change_request r
    where r.seen_by && (select coalesce(nullif(current_setting('xueji.handled', true), ''), '{}')::uuid[])::uuid[]
      and $1 = any(r.evidence_ids))
  or exists (
    select 1 from registration g join change_request r on r.id = g.request_id
    where g.photograph_id = $1 and r.seen_by && (select coalesce(nullif(current_setting('xueji.handled', true), ''), '{}')::uuid[])::uuid[])
$$;
comment on function shows_evidence is 'whether a request that the scope reads has it, or a row that is reviewed there';
