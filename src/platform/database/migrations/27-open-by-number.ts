import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is open, by number: the reconciler compares it with Temporal's workflows window by window. */
export class OpenByNumber1700000000027 implements MigrationInterface {
  name = 'OpenByNumber1700000000027';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create index change_request_open_by_number on change_request (number) where state = 'open';
      create index supervision_order_running_by_number on supervision_order (number) where state in ('open','replied');

      alter table process_incident drop constraint process_incident_found_check;
      alter table process_incident add constraint process_incident_found_check
        check (found in ('missing','terminated','reset','failed','timedOut','cancelled','completed','restarted','readModelDiffers'));
      comment on column process_incident.run_id is
        'the run that did not go on, empty when none was known; of a read model that differed, the last act by which it was made anew';
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      delete from process_incident where found = 'readModelDiffers';
      alter table process_incident drop constraint process_incident_found_check;
      alter table process_incident add constraint process_incident_found_check
        check (found in ('missing','terminated','reset','failed','timedOut','cancelled','completed','restarted'));
      drop index change_request_open_by_number, supervision_order_running_by_number`);
  }
}
