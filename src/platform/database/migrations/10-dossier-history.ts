import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every state of an enrolment stays, effective-dated; a request may concern one school only. */
export class DossierHistory1700000000010 implements MigrationInterface {
  name = 'DossierHistory1700000000010';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table enrolment add column since date, add column suspended_until date, add column changed_at timestamptz,
        add column changed_by uuid;
      update enrolment set since = coalesce(valid_to, valid_from), changed_at = recorded_at, changed_by = coalesce(closed_by, opened_by);
      alter table enrolment alter column since set not null, alter column changed_at set not null;
      comment on column enrolment.since is 'first day on which it stands as it does now';
      create index enrolment_suspended on enrolment (suspended_until) where state = 'suspended';

      create table enrolment_version (
        enrolment_id uuid not null references enrolment,
        seq int not null,
        school_id uuid not null references organisation,
        state text not null,
        major_code text,
        grade text not null,
        class_name text,
        study_mode text not null,
        length_years numeric(2,1) not null,
        expected_leaving_on date not null,
        suspended_until date,
        since date not null,
        recorded_at timestamptz not null,
        request_id uuid,
        primary key (enrolment_id, seq)
      );
      comment on table enrolment_version is
        'each state of an enrolment from a day on, as it was recorded: valid time and recorded time; written by a trigger, so that no writer can forget it';

      create function keep_enrolment_version() returns trigger language plpgsql as $$
        begin
          insert into enrolment_version select new.id, coalesce((select max(seq) from enrolment_version where enrolment_id = new.id),
            0) + 1, new.school_id,
            new.state, new.major_code, new.grade, new.class_name, new.study_mode, new.length_years, new.expected_leaving_on,
              new.suspended_until, new.since,
            new.changed_at, new.changed_by;
          return null;
        end $$;
      insert into enrolment_version select id, 1, school_id, state, major_code, grade, class_name, study_mode, length_years,
        expected_leaving_on,
        suspended_until, since, changed_at, changed_by from enrolment;
      create trigger enrolment_keeps_versions after insert or update on enrolment for each row execute function keep_enrolment_version();
      create trigger enrolment_version_append_only before update or delete on enrolment_version
        for each row execute function refuse_change();
      grant select, insert on enrolment_version to xueji_app;

      alter table change_request alter column destination_school_id drop not null;
      comment on column change_request.source_school_id is 'the school of the student; of a transfer the source school';
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop trigger enrolment_keeps_versions on enrolment;
      drop table enrolment_version;
      drop function keep_enrolment_version();
      alter table enrolment drop column since, drop column suspended_until, drop column changed_at, drop column changed_by;
      delete from change_request where destination_school_id is null;
      alter table change_request alter column destination_school_id set not null;
    `);
  }
}
