import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether somebody objected stands beside the request: every inbox shows it, and asking the ledger for it cost a third of the inbox. */
export class Objections1700000000041 implements MigrationInterface {
  name = 'Objections1700000000041';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table change_request add column objected boolean not null default false;
      comment on column change_request.objected is 'student or guardian have objected (A21)';
      update change_request r set objected = true where exists (select 1 from act a where a.stream_id = r.id and a.kind = 'objected');
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('alter table change_request drop column objected');
  }
}
