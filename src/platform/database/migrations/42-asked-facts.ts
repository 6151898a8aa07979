import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What rules that a policy switches on ask of a student and a school is found without reading every irregularity and every request. */
export class AskedFacts1700000000042 implements MigrationInterface {
  name = 'AskedFacts1700000000042';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create index irregularity_open_about on irregularity (student_id) where outcome is null;
      create index change_request_repeats on change_request (source_school_id, filed_at) where kind = 'repeatYear';
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop index irregularity_open_about, change_request_repeats');
  }
}
