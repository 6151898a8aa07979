create function published_through(draft uuid) returns date language sql stable as $$
  select coalesce(min(valid_through) filter (where following is distinct from year + 1 or valid_through < make_date(year, 12, 31)),
    '1900-12-31') from (
    select year, valid_through, lead(year) over (order by year) as following from (
      select distinct on (v.year) v.year, v.valid_through from calendar_version v
      where v.calendar_id = '0f4d2c1e-7a35-5b60-8c1d-3e9a5b7f2d10'::uuid
        and (v.state = 'approved' or v.id = draft)
      order by v.year, coalesce(v.id = draft, false) desc, v.version desc) one) one
$$;
comment on function published_through is 'the last day up to which the nation''s notices leave no gap; later deadlines are provisional';
