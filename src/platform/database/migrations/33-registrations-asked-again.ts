import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Registrations whose identity the population service could not tell at intake wait to be asked again. */
export class RegistrationsAskedAgain1700000000033 implements MigrationInterface {
  name = 'RegistrationsAskedAgain1700000000033';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table registration_check (
        registration_id uuid primary key references registration,
        due_at timestamptz not null,
        attempts int not null default 0
      );
      create index registration_check_due on registration_check (due_at);
      comment on table registration_check is
        'registrations whose identity is to be put to the population service again, and when next; the answer is an act of the student';
      grant select, insert, update, delete on registration_check to xueji_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table registration_check');
  }
}
