create function end_of_working_day(province uuid, day date, working_days int) returns timestamptz language sql stable as $$
  select (d.date + 1)::timestamp at time zone 'Asia/Shanghai'
  from working_day a join working_day d on d.calendar_id = a.calendar_id and d.worked and d.ordinal = a.ordinal + working_days
  where a.date = day and a.calendar_id = coalesce((select c.id from calendar c where c.organisation_id = province and c.version > 0),
    '0f4d2c1e-7a35-5b60-8c1d-3e9a5b7f2d10'::uuid)
$$;
comment on function end_of_working_day is 'the midnight after the n-th working day after a day, by the calendar in force in a province';
