import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The nation's calendar, in which every working day is counted that no province counts otherwise. */
const NATION = `'0f4d2c1e-7a35-5b60-8c1d-3e9a5b7f2d10'::uuid`;

const TASK_DUE = (workingDays: string, more = ''): string => `
  create view task_due with (security_invoker = true) as
  select t.id, c.id as calendar_id, c.version as calendar_version, d.date as due_date,
    ((d.date + 1)::timestamp at time zone 'Asia/Shanghai') as due_at, d.date > c.published_through as provisional${more}
  from task t join organisation h on h.id = t.holder_id
    left join calendar own on own.organisation_id = h.province_id and own.version > 0
    join calendar c on c.id = coalesce(own.id, ${NATION})
    join working_day a on a.calendar_id = c.id and a.date = t.arrived_on
    join working_day d on d.calendar_id = c.id and d.worked and d.ordinal = a.ordinal + ${workingDays};
  comment on view task_due is 'when each task is due, or would have been, by the calendars in force (A7, A8)';
  grant select on task_due to xueji_app;`;

/** Null, and no look-up, for all but the few visits before which days were used. */
const LEFT = 'case when t.budget is null then t.working_days else remaining_days(c.id, t.budget) end';

/** What earlier visits left of a step's working days (A9) is counted by the calendar in force, so that an amendment moves it too (A8). */
export class DaysThatEarlierVisitsLeft1700000000052 implements MigrationInterface {
  name = 'DaysThatEarlierVisitsLeft1700000000052';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table task add column budget jsonb;
      comment on column task.budget is
        '{least, limits: [{workingDays, used: [[after, through]]}], extended}: from what working_days follow where some were used before the visit';

      create function remaining_days(calendar uuid, budget jsonb) returns int language sql stable as $$
        select greatest((budget ->> 'least')::int, min((l ->> 'workingDays')::int - (
          select coalesce(sum(b.ordinal - a.ordinal), 0) from jsonb_array_elements(l -> 'used') used
            join working_day a on a.calendar_id = calendar and a.date = (used ->> 0)::date
            join working_day b on b.calendar_id = calendar and b.date = (used ->> 1)::date)))::int + coalesce((budget ->> 'extended')::int,
              0)
        from jsonb_array_elements(budget -> 'limits') l
      $$;
      comment on function remaining_days is 'the working days of a visit by the calendar in force, from its budget (A9)';

      drop view task_due;
      ${TASK_DUE(LEFT, `, ${LEFT} as working_days`)}
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop view task_due;
      drop function remaining_days;
      alter table task drop column budget;
      ${TASK_DUE('t.working_days')}
    `);
  }
}
