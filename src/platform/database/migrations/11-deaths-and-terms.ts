import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * One open death a student, beside at most one other open request (A16); the majors that a school offers and the study modes of its
 * licence.
 */
export class DeathsAndTerms1700000000011 implements MigrationInterface {
  name = 'DeathsAndTerms1700000000011';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create unique index change_request_one_death on change_request (student_id) where state = 'open' and kind = 'death';

      create table suspension_term (
        enrolment_id uuid not null references enrolment,
        until date not null,
        reminded_at timestamptz,
        expired_at timestamptz,
        order_id uuid references supervision_order,
        primary key (enrolment_id, until)
      );
      comment on table suspension_term is
        'when the school was told of a suspension''s end, and of its expiry: a copy of the acts in the student''s stream';

      create table school_major (
        school_id uuid not null references organisation,
        major_code text not null,
        primary key (school_id, major_code)
      );
      create table school_study_mode (
        school_id uuid not null references organisation,
        study_mode text not null,
        primary key (school_id, study_mode)
      );
      comment on table school_major is 'the majors that a school offers';
      comment on table school_study_mode is 'the study modes of a school''s licence';

      grant select, insert, update on suspension_term to xueji_app;
      grant select, insert, delete on school_major, school_study_mode to xueji_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table school_study_mode, school_major, suspension_term; drop index change_request_one_death');
  }
}
