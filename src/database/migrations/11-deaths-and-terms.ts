import type { MigrationInterface, QueryRunner } from 'typeorm';

/** One open death a student, beside at most one other open request (A16); the majors that a school offers and the study modes of its licence. */
export class DeathsAndTerms1700000000011 implements MigrationInterface {
  name = 'DeathsAndTerms1700000000011';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create unique index change_request_one_death on change_request (student_id) where state = 'open' and kind = 'death';
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop index change_request_one_death');
  }
}
