create function latest_requests_under(province uuid, most int) returns setof uuid language sql stable security definer
  set search_path = public, pg_temp as $$
  select id from change_request
  where coalesce(route->'parties'->>'province',
      case kind when 'crossTrackTransfer' then route->'parties'->>'destinationProvince' else route->'parties'->>'sourceProvince' end)
      = $1::text
    and kind not in ('duplicateRuling', 'intake', 'graduation')
    and (coalesce(current_setting('xueji.reach', true), '') <> ''
      or $1 = any (coalesce(nullif(current_setting('xueji.organisations', true), ''), '{}')::uuid[]))
  order by filed_at desc, id desc limit $2
$$;
comment on function latest_requests_under is 'the latest requests under a province''s policy, for processes and for who acts in its office';
