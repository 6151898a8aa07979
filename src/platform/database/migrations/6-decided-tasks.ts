import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a person has decided is found without reading every task; a replay's status is the route's own and was never kept. */
export class DecidedTasks1700000000006 implements MigrationInterface {
  name = 'DecidedTasks1700000000006';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create index task_decided_by on task (decided_by, decided_at desc, id desc) where state = 'decided';
      alter table idempotency drop column status;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('alter table idempotency add column status int; drop index task_decided_by');
  }
}
