import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The working-day calendar by year and the policies by province, both versioned. */
export class CalendarAndPolicy1700000000003 implements MigrationInterface {
  name = 'CalendarAndPolicy1700000000003';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table calendar_year (
        year int primary key,
        status text not null check (status in ('published','provisional')),
        version int not null,
        notice text
      );
      create table calendar_day (
        date date primary key,
        kind text not null check (kind in ('holiday','makeupWorkday')),
        name text not null
      );
      comment on table calendar_day is 'only the days that differ from Monday to Friday';

      create table policy (
        id text not null,
        version int not null,
        organisation_id uuid references organisation,
        effective_from date not null,
        content jsonb not null,
        primary key (id, version)
      );
      create unique index policy_of_province on policy (organisation_id, effective_from) nulls not distinct;

      grant select, insert, update on calendar_year, calendar_day to xueji_app;
      grant select, insert on policy to xueji_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table policy, calendar_day, calendar_year');
  }
}
