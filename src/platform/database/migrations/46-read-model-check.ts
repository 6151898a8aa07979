import type { MigrationInterface, QueryRunner } from 'typeorm';

const FOUND = ['missing', 'terminated', 'reset', 'failed', 'timedOut', 'cancelled', 'completed', 'restarted', 'internalError'];
const among = (found: readonly string[]): string => `
  alter table process_incident drop constraint process_incident_found_check;
  alter table process_incident add constraint process_incident_found_check check (found in (${found.map((one) => `'${one}'`).join(',')}));`;

/** How far the comparison of the read model with the acts has come; a row that differed is an incident too. */
export class ReadModelCheck1700000000046 implements MigrationInterface {
  name = 'ReadModelCheck1700000000046';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table read_model_check (
        one boolean primary key default true check (one),
        after_id uuid,
        began_at timestamptz not null default '-infinity',
        checked bigint not null default 0
      );
      comment on table read_model_check is 'requests are compared with their acts in the order of their ids, round after round';
      comment on column read_model_check.after_id is 'the last one compared in this round; null between two rounds';
      insert into read_model_check default values;
      grant select, update on read_model_check to xueji_app;
      ${among([...FOUND, 'readModelDiffers'])}
      comment on column process_incident.run_id is
        'the run that did not go on, empty when none was known; of a read model that differed, the last act and when it was made anew';
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`drop table read_model_check; delete from process_incident where found = 'readModelDiffers'; ${among(FOUND)}`);
  }
}
