import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Joint programmes 联合办学; mergers and closures of schools as jobs with progress; who acts and who keeps the dossiers after a closure. */
export class OrganisationChanges1700000000014 implements MigrationInterface {
  name = 'OrganisationChanges1700000000014';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table joint_programme (
        id uuid primary key,
        name text not null,
        school_ids uuid[] not null,
        major_codes text[] not null,
        intake_year text not null,
        agreement jsonb not null,
        valid_from date not null,
        valid_to date not null,
        authority_id uuid not null references organisation,
        established_by uuid not null references person,
        established_at timestamptz not null,
        seen_by uuid[] not null,
        check (valid_to >= valid_from)
      );
      create index joint_programme_seen_by on joint_programme using gin (seen_by);
      comment on column joint_programme.seen_by is 'the schools and all their superiors';

      create table organisation_change (
        id uuid primary key,
        kind text not null check (kind in ('merger','closure')),
        state text not null check (state in ('planned','running','done')),
        school_id uuid not null references organisation,
        into_school_id uuid references organisation,
        effective_on date not null,
        document jsonb not null,
        evidence_ids uuid[] not null,
        authority_id uuid not null references organisation,
        started_by uuid not null references person,
        started_at timestamptz not null,
        closed_at timestamptz,
        completed_at timestamptz,
        cases_moved int not null default 0,
        dossiers_moved int not null default 0,
        offices_moved int not null default 0,
        seen_by uuid[] not null,
        check ((kind = 'merger') = (into_school_id is not null))
      );
      create unique index organisation_change_of_school on organisation_change (school_id) where state <> 'done';
      create index organisation_change_unfinished on organisation_change (effective_on, id) where state <> 'done';
      create index organisation_change_seen_by on organisation_change using gin (seen_by);

      alter table organisation add column acting_id uuid references organisation;
      comment on column organisation.acting_id is 'the authority that holds what a school without successor held, since its closure (A25)';

      alter table enrolment add column custodian_id uuid references organisation;
      comment on column enrolment.custodian_id is 'who keeps the dossier of a leaver since the school closed (Art 12)';

      alter table enrolment_version add column valid_to date;
      comment on column enrolment_version.valid_to is
        'last day of the enrolment, as this version has it; a later version of a leaver says another school, not another day';
      alter table enrolment_version disable trigger enrolment_version_append_only;
      update enrolment_version set valid_to = since where state not in ('active','suspended','pending','heldDuplicate');
      alter table enrolment_version enable trigger enrolment_version_append_only;
      create or replace function keep_enrolment_version() returns trigger language plpgsql as $$
        begin
          insert into enrolment_version select new.id, coalesce((select max(seq) from enrolment_version where enrolment_id = new.id),
            0) + 1, new.school_id,
            new.state, new.major_code, new.grade, new.class_name, new.study_mode, new.length_years, new.expected_leaving_on,
              new.suspended_until, new.since,
            new.changed_at, new.changed_by, new.valid_to;
          return null;
        end $$;

      grant select, insert on joint_programme to xueji_app;
      grant select, insert, update on organisation_change to xueji_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      create or replace function keep_enrolment_version() returns trigger language plpgsql as $$
        begin
          insert into enrolment_version select new.id, coalesce((select max(seq) from enrolment_version where enrolment_id = new.id),
            0) + 1, new.school_id,
            new.state, new.major_code, new.grade, new.class_name, new.study_mode, new.length_years, new.expected_leaving_on,
              new.suspended_until, new.since,
            new.changed_at, new.changed_by;
          return null;
        end $$;
      alter table enrolment_version drop column valid_to;
      alter table enrolment drop column custodian_id;
      alter table organisation drop column acting_id;
      drop table organisation_change, joint_programme;
    `);
  }
}
