import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The authority tree, people, their offices from–to and their sessions; the application's role, which owns nothing. */
export class OrganisationsAndPeople1700000000001 implements MigrationInterface {
  name = 'OrganisationsAndPeople1700000000001';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      do $$ begin
        if not exists (select 1 from pg_roles where rolname = 'xueji_app') then create role xueji_app nologin; end if;
      exception when duplicate_object or unique_violation then null;
      end $$;
      do $$ begin
        if not pg_has_role(current_user, 'xueji_app', 'member') then grant xueji_app to current_user; end if;
      end $$;
      grant usage on schema public to xueji_app;

      create table organisation (
        id uuid primary key,
        code text not null unique,
        name text not null,
        level text not null check (level in ('national','province','city','county','school')),
        type text,
        parent_id uuid references organisation,
        ancestors uuid[] not null default '{}',
        province_id uuid references organisation,
        division_code text not null,
        answers_outside boolean not null default false,
        closed_on date,
        successor_id uuid references organisation,
        check (level <> 'school' or (type is not null and parent_id is not null))
      );
      create index organisation_parent on organisation (parent_id);
      create index organisation_ancestors on organisation using gin (ancestors);
      comment on column organisation.parent_id is 'for a school its competent authority (R-04), else the superior authority';
      comment on column organisation.ancestors is 'superiors, nearest first';

      create table person (
        id uuid primary key,
        username text not null unique,
        display_name text not null,
        password_hash text,
        disabled_at timestamptz
      );

      create table office (
        id uuid primary key,
        person_id uuid not null references person,
        organisation_id uuid not null references organisation,
        office text not null,
        held_from timestamptz not null,
        held_until timestamptz,
        granted_by uuid references person,
        check (held_until is null or held_until > held_from)
      );
      create unique index office_held_once on office (person_id, organisation_id, office) where held_until is null;
      create index office_at on office (organisation_id, office) include (person_id, held_from, held_until);

      create table session (
        token_hash bytea primary key,
        person_id uuid not null references person,
        created_at timestamptz not null,
        expires_at timestamptz not null
      );
      create index session_expiry on session (expires_at);

      grant select, insert, update on organisation, person, office to xueji_app;
      grant select, insert, delete on session to xueji_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table session, office, person, organisation');
  }
}
