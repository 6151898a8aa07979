import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Keyed digests of identity documents and of the names on them, for authentication on one machine; no personal data in the clear. */
export class PopulationRegister1700000000009 implements MigrationInterface {
  name = 'PopulationRegister1700000000009';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table population_register (
        document_index bytea primary key,
        name_index bytea not null
      );
      grant select, insert on population_register to xueji_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table population_register');
  }
}
