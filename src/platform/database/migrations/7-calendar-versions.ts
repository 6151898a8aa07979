import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The nation's calendar, in which every working day is counted that no province counts otherwise. */
const NATION = `'0f4d2c1e-7a35-5b60-8c1d-3e9a5b7f2d10'::uuid`;

/**
 * Calendars in versions by year, for the nation and by province; the numbered working days that deadlines are counted on; amendments on
 * their way to open tasks.
 */
export class CalendarVersions1700000000007 implements MigrationInterface {
  name = 'CalendarVersions1700000000007';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table calendar (
        id uuid primary key,
        organisation_id uuid unique references organisation,
        version int not null default 0,
        published_through date not null default '1900-12-31'
      );
      comment on table calendar is
        'the nation''s (of no organisation) and one for each province that adds days of its own; its row is the lock of its stream';
      comment on column calendar.version is 'moves when working_day is numbered anew; 0 while nothing is in force';
      insert into calendar (id) values (${NATION});

      create table calendar_version (
        id uuid primary key,
        calendar_id uuid not null references calendar,
        year int not null,
        version int not null,
        based_on int not null,
        state text not null check (state in ('draft','approved')),
        notice text,
        notice_url text,
        valid_through date not null,
        days jsonb not null,
        drafted_by uuid references person,
        drafted_at timestamptz,
        approved_by uuid references person,
        approved_at timestamptz,
        unique (calendar_id, year, version),
        check (drafted_by <> approved_by)
      );
      comment on column calendar_version.days is
        '[{date, kind, name}]: only the days that differ from Monday to Friday, in a province from the nation''s calendar';
      comment on column calendar_version.based_on is 'the version in force when this one was drafted; 0 when there was none';
      create index calendar_version_drafts on calendar_version (drafted_at desc, id desc);

      insert into calendar_version (id, calendar_id, year, version, based_on, state, notice, valid_through, days)
      select gen_random_uuid(), ${NATION}, year, version, version - 1, 'approved', notice, make_date(year, 12, 31),
        (select coalesce(jsonb_agg(jsonb_build_object('date', date, 'kind', kind, 'name', name) order by date), '[]') from calendar_day
          where extract(year from date) = year)
      from calendar_year where status = 'published';
      drop table calendar_day, calendar_year;

      create table working_day (
        calendar_id uuid not null references calendar,
        date date not null,
        ordinal int not null,
        worked boolean not null,
        primary key (calendar_id, date)
      );
      create index working_day_ordinal on working_day (calendar_id, ordinal) where worked;
      comment on table working_day is
        'every date of the calendars in force; ordinal is the number of days worked up to and with the date, so that the n-th working day is a look-up';

      create function effective_days(draft uuid) returns table (calendar_id uuid, date date, ordinal int, worked boolean)
      language sql stable rows 10000 as $$
        with chosen as (
          select distinct on (v.calendar_id, v.year) v.calendar_id, v.year, v.days from calendar_version v where v.state = 'approved'
            or v.id = draft
          order by v.calendar_id, v.year, coalesce(v.id = draft, false) desc, v.version desc),
        exception as (select c.calendar_id, d.date, d.kind from chosen c cross join lateral jsonb_to_recordset(c.days) as d (date date,
          kind text)),
        span as (select make_date(min(year), 1, 1) as first, make_date(max(year) + 3, 12, 31) as last from chosen),
        dated as (
          select c.calendar_id, span.first + n as date from (select distinct chosen.calendar_id from chosen) c
          cross join span cross join lateral generate_series(0, span.last - span.first) as n),
        judged as (
          select d.calendar_id, d.date, coalesce(own.kind, nation.kind, case when extract(isodow
            from d.date) < 6 then 'makeupWorkday' end) is not distinct from 'makeupWorkday' as worked
          from dated d left join exception own on own.calendar_id = d.calendar_id and own.date = d.date
            left join exception nation on nation.calendar_id = ${NATION} and nation.date = d.date)
        select j.calendar_id, j.date, (count(*) filter (where j.worked) over (partition by j.calendar_id order by j.date))::int, j.worked
          from judged j
      $$;
      comment on function effective_days is
        'working_day as it follows from the approved versions, and from one draft as if it were approved; to three years after the last';

      create function published_through(draft uuid) returns date language sql stable as $$
        select coalesce(min(valid_through) filter (where following is distinct from year + 1 or valid_through < make_date(year, 12, 31)),
          '1900-12-31') from (
          select year, valid_through, lead(year) over (order by year) as following from (
            select distinct on (v.year) v.year, v.valid_through from calendar_version v where v.calendar_id = ${NATION}
              and (v.state = 'approved' or v.id = draft)
            order by v.year, coalesce(v.id = draft, false) desc, v.version desc) one) one
      $$;
      comment on function published_through is
        'the last day up to which the nation''s notices leave no gap; later deadlines are provisional';

      create view task_due with (security_invoker = true) as
      select t.id, c.id as calendar_id, c.version as calendar_version, d.date as due_date,
        ((d.date + 1)::timestamp at time zone 'Asia/Shanghai') as due_at, d.date > c.published_through as provisional
      from task t join organisation h on h.id = t.holder_id
        left join calendar own on own.organisation_id = h.province_id and own.version > 0
        join calendar c on c.id = coalesce(own.id, ${NATION})
        join working_day a on a.calendar_id = c.id and a.date = t.arrived_on
        join working_day d on d.calendar_id = c.id and d.worked and d.ordinal = a.ordinal + t.working_days;
      comment on view task_due is 'when each task is due, or would have been, by the calendars in force (A7, A8)';
      create index task_open on task (id) where state = 'open';

      create table deadline_move (
        id uuid primary key references calendar_version,
        approved_at timestamptz not null,
        changed_from date,
        changed_through date,
        phase text not null check (phase in ('tasks','wakes','done')),
        after_id uuid,
        skipped int not null default 0,
        moved int not null default 0,
        annotated int not null default 0,
        woken int not null default 0
      );
      create index deadline_move_unfinished on deadline_move (approved_at, id) where phase <> 'done';
      comment on table deadline_move is
        'an approved version on its way to the open tasks; after_id is how far it has come, so that whoever comes next goes on from there, and skipped how many tasks were held by somebody on the way';

      grant select, insert, update on calendar, calendar_version, working_day, deadline_move to xueji_app;
      grant maintain on working_day to xueji_app;
      grant select on task_due to xueji_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table deadline_move;
      drop index task_open;
      drop view task_due;
      drop function effective_days, published_through;
      create table calendar_year (
        year int primary key, status text not null check (status in ('published','provisional')), version int not null, notice text);
      create table calendar_day (date date primary key, kind text not null check (kind in ('holiday','makeupWorkday')), name text not null);
      grant select, insert, update on calendar_year, calendar_day to xueji_app;
      create temporary table kept on commit drop as
        select distinct on (year) * from calendar_version where calendar_id = ${NATION} and state = 'approved' order by year, version desc;
      insert into calendar_year (year, status, version, notice) select year, 'published', version, notice from kept;
      insert into calendar_day (date, kind, name) select d.* from kept cross join lateral jsonb_to_recordset(days) as d (date date,
        kind text, name text);
      drop table working_day, calendar_version, calendar;
    `);
  }
}
