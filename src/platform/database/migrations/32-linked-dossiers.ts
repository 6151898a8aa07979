import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Dossiers that a ruling linked are found from the one it kept; what a ruling held that ended without one is open again. */
export class LinkedDossiers1700000000032 implements MigrationInterface {
  name = 'LinkedDossiers1700000000032';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create index student_merged_into on student (merged_into) where merged_into is not null;
      update duplicate d set ruling_request_id = null from change_request r
        where r.id = d.ruling_request_id and r.state <> 'open' and d.state = 'open';
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop index student_merged_into');
  }
}
