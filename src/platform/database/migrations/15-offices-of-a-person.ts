import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The offices of a person are found without reading everybody's: every signed-in request asks for them. */
export class OfficesOfAPerson1700000000015 implements MigrationInterface {
  name = 'OfficesOfAPerson1700000000015';

  async up(db: QueryRunner): Promise<void> {
    await db.query('create index office_of_person on office (person_id)');
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop index office_of_person');
  }
}
