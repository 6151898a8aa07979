import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Students with encrypted personal fields, enrolments of which at most one is held, effective-dated facts, evidence. */
export class Students1700000000002 implements MigrationInterface {
  name = 'Students1700000000002';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table student (
        id uuid primary key,
        number_cipher bytea not null,
        number_index bytea not null unique,
        document_type text not null,
        document_cipher bytea not null,
        document_index bytea not null unique,
        name_cipher bytea not null,
        name_index bytea not null,
        masked_name text not null,
        sex text not null,
        birth_date_cipher bytea not null,
        changed_at timestamptz not null
      );
      comment on column student.number_index is 'keyed digest (HMAC) for exact look-ups; the number itself is encrypted';

      create table enrolment (
        id uuid primary key,
        student_id uuid not null references student,
        school_id uuid not null references organisation,
        state text not null check (state in
          ('heldDuplicate','pending','active','suspended','transferredOut','withdrawn','deregistered','deceased','completed','graduated','advanced')),
        major_code text,
        grade text not null,
        class_name text,
        study_mode text not null,
        length_years numeric(2,1) not null,
        enrolled_on date not null,
        expected_leaving_on date not null,
        valid_from date not null,
        valid_to date,
        recorded_at timestamptz not null,
        opened_by uuid,
        closed_by uuid
      );
      create unique index enrolment_held_once on enrolment (student_id) where state in ('active','suspended');
      create index enrolment_of_student on enrolment (student_id, valid_from);
      create index enrolment_at_school on enrolment (school_id, student_id);

      create table student_fact (
        student_id uuid not null references student,
        fact text not null,
        value_cipher bytea not null,
        valid_from date not null,
        valid_to date,
        recorded_at timestamptz not null,
        primary key (student_id, fact, valid_from, recorded_at)
      );

      create table evidence (
        id uuid primary key,
        sha256 text not null,
        size bigint not null,
        type text not null,
        uploaded_by uuid not null references person,
        organisation_ids uuid[] not null,
        uploaded_at timestamptz not null
      );

      create table dossier_evidence (
        student_id uuid not null references student,
        evidence_id uuid not null references evidence,
        request_id uuid not null,
        joined_at timestamptz not null,
        primary key (student_id, evidence_id)
      );

      grant select, insert, update on student, enrolment, student_fact to xueji_app;
      grant select, insert on evidence, dossier_evidence to xueji_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table dossier_evidence, evidence, student_fact, enrolment, student');
  }
}
