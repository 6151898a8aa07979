import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Registrations checked for duplicates: a held one has a person row of its own, and a document belongs to one row at a time (R-08, R-10,
 *
 */
export class Registrations1700000000013 implements MigrationInterface {
  name = 'Registrations1700000000013';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table student
        add column document_standing text not null default 'own' check (document_standing in ('own','contested','shared')),
        add column merged_into uuid references student;
      comment on column student.document_standing is
        'own: the one row to which the document belongs; contested: a duplicate that is held or was not kept; shared: two persons by a ruling, the document still to be put right';
      comment on column student.merged_into is 'the dossier of the same person that a ruling kept; this one stays as it was';
      alter table student drop constraint student_document_index_key;
      create unique index student_document_index_key on student (document_index) where document_standing = 'own';
      create index student_by_document on student (document_index);
      create index student_by_name on student (name_index);

      create table former_document (
        student_id uuid not null references student,
        document_type text not null,
        document_cipher bytea not null,
        document_index bytea not null,
        until timestamptz not null,
        primary key (student_id, document_index)
      );
      create index former_document_by_index on former_document (document_index);
      comment on table former_document is
        'documents that a person had before; written by a trigger, so that no change of a document can forget it';
      create function keep_former_document() returns trigger language plpgsql as $$
        begin
          insert into former_document select old.id, old.document_type, old.document_cipher, old.document_index, new.changed_at
            on conflict do nothing;
          return null;
        end $$;
      create trigger student_keeps_former_document after update of document_index on student for each row
        when (old.document_index is distinct from new.document_index) execute function keep_former_document();

      create function refuse_contested_document() returns trigger language plpgsql as $$
        begin
          if exists (select 1 from enrolment e join student s on s.id = e.student_id
                     where s.id = (case when tg_table_name = 'student' then to_jsonb(new) ->> 'id'
                       else to_jsonb(new) ->> 'student_id' end)::uuid
                       and s.document_standing = 'contested' and e.state in ('active','suspended')) then
            raise exception 'nobody is registered with a document that is contested (R-10)';
          end if;
          return null;
        end $$;
      create constraint trigger enrolment_document_uncontested after insert or update of state on enrolment
        deferrable initially deferred for each row execute function refuse_contested_document();
      create constraint trigger student_document_uncontested after update of document_standing on student
        deferrable initially deferred for each row execute function refuse_contested_document();

      create sequence student_number_issue start with 1000001 maxvalue 9999999;

      create table registration (
        id uuid primary key,
        student_id uuid not null references student,
        enrolment_id uuid not null references enrolment,
        school_id uuid not null references organisation,
        findings text[] not null,
        reported_on date not null,
        late boolean not null,
        registered_by uuid references person,
        recorded_at timestamptz not null
      );
      create unique index registration_of_enrolment on registration (enrolment_id);
      create index registration_at_school on registration (school_id, recorded_at, id);
      comment on column registration.findings is 'types of duplicate found before registration; empty when it was clean';

      create table duplicate (
        id uuid primary key,
        registration_id uuid not null references registration,
        held_student_id uuid not null references student,
        other_student_id uuid not null references student,
        other_school_id uuid not null references organisation,
        types text[] not null,
        state text not null check (state in ('open','settled')),
        outcome text,
        ruling_request_id uuid unique references change_request,
        settled_by uuid references change_request,
        settled_at timestamptz,
        unique (registration_id, other_student_id),
        check ((state = 'settled') = (outcome is not null))
      );
      comment on column duplicate.other_school_id is 'where the record stood when it was found';
      create index duplicate_of_held on duplicate (held_student_id);
      create index duplicate_of_other on duplicate (other_student_id);

      alter table change_request alter column filer_id drop not null;
      comment on column change_request.filer_id is 'null when the process itself opened it: a counter-claim or a ruling';
      drop index change_request_one_open;
      create unique index change_request_one_open on change_request (student_id) where state = 'open'
        and kind not in ('death','duplicateRuling');

      create index change_request_claims on change_request ((details ->> 'registrationId')) where kind = 'registrationException';

      grant select, insert, update on registration, duplicate to xueji_app;
      grant select, insert on former_document to xueji_app;
      grant usage on sequence student_number_issue to xueji_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table duplicate, registration;
      drop sequence student_number_issue;
      drop trigger student_document_uncontested on student;
      drop trigger enrolment_document_uncontested on enrolment;
      drop function refuse_contested_document();
      drop trigger student_keeps_former_document on student;
      drop function keep_former_document();
      drop table former_document;
      drop index student_by_document, student_by_name, student_document_index_key, change_request_one_open, change_request_claims;
      alter table student add constraint student_document_index_key unique (document_index);
      create unique index change_request_one_open on change_request (student_id) where state = 'open' and kind <> 'death';
      alter table change_request alter column filer_id set not null;
      alter table student drop column document_standing, drop column merged_into;
    `);
  }
}
