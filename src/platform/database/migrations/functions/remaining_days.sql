create function remaining_days(calendar uuid, budget jsonb) returns int language sql stable as $$
  select greatest((budget ->> 'least')::int, min((l ->> 'workingDays')::int - (
    select coalesce(sum(b.ordinal - a.ordinal), 0) from jsonb_array_elements(l -> 'used') used
      join working_day a on a.calendar_id = calendar and a.date = (used ->> 0)::date
      join working_day b on b.calendar_id = calendar and b.date = (used ->> 1)::date)))::int + coalesce((budget ->> 'extended')::int, 0)
  from jsonb_array_elements(budget -> 'limits') l
$$;
comment on function remaining_days is 'the working days of a visit by the calendar in force, from its budget (A9)';
