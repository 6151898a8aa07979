-- What a visit has left is counted for the few before which days were used; the others have their step's working days.
create view task_due with (security_invoker = true) as
select t.id, c.id as calendar_id, c.version as calendar_version, d.date as due_date,
  ((d.date + 1)::timestamp at time zone 'Asia/Shanghai') as due_at, d.date > c.published_through as provisional,
  case when t.budget is null then t.working_days else remaining_days(c.id, t.budget) end as working_days
from task t join organisation h on h.id = t.holder_id
  left join calendar own on own.organisation_id = h.province_id and own.version > 0
  join calendar c on c.id = coalesce(own.id, '0f4d2c1e-7a35-5b60-8c1d-3e9a5b7f2d10'::uuid)
  join working_day a on a.calendar_id = c.id and a.date = t.arrived_on
  join working_day d on d.calendar_id = c.id and d.worked
    and d.ordinal = a.ordinal + case when t.budget is null then t.working_days else remaining_days(c.id, t.budget) end;
comment on view task_due is 'when each task is due, or would have been, by the calendars in force (A7, A8)';
