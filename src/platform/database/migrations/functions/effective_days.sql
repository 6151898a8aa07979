create function effective_days(draft uuid) returns table (calendar_id uuid, date date, ordinal int, worked boolean)
language sql stable rows 10000 as $$
  with chosen as (
    select distinct on (v.calendar_id, v.year) v.calendar_id, v.year, v.days from calendar_version v
    where v.state = 'approved' or v.id = draft
    order by v.calendar_id, v.year, coalesce(v.id = draft, false) desc, v.version desc),
  exception as (
    select c.calendar_id, d.date, d.kind from chosen c cross join lateral jsonb_to_recordset(c.days) as d (date date, kind text)),
  span as (select make_date(min(year), 1, 1) as first, make_date(max(year) + 3, 12, 31) as last from chosen),
  dated as (
    select c.calendar_id, span.first + n as date from (select distinct chosen.calendar_id from chosen) c
    cross join span cross join lateral generate_series(0, span.last - span.first) as n),
  judged as (
    select d.calendar_id, d.date,
      coalesce(own.kind, nation.kind, case when extract(isodow from d.date) < 6 and s.date is null then 'makeupWorkday' end)
        is not distinct from 'makeupWorkday' as worked
    from dated d left join exception own on own.calendar_id = d.calendar_id and own.date = d.date
      left join exception nation on nation.calendar_id = '0f4d2c1e-7a35-5b60-8c1d-3e9a5b7f2d10'::uuid and nation.date = d.date
      left join statutory_day s on s.date = d.date)
  select j.calendar_id, j.date, (count(*) filter (where j.worked) over (partition by j.calendar_id order by j.date))::int, j.worked
  from judged j
$$;
comment on function effective_days is
  'working_day by the statutory days, the approved versions, and one draft as if it were approved; to three years after the last';
