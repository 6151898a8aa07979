import type { MigrationInterface, QueryRunner } from 'typeorm';

const FOUND = ['missing', 'terminated', 'reset', 'failed', 'timedOut', 'cancelled', 'completed', 'restarted'];
const among = (found: readonly string[]): string => `
  alter table process_incident drop constraint process_incident_found_check;
  alter table process_incident add constraint process_incident_found_check check (found in (${found.map((one) => `'${one}'`).join(',')}));`;

/** A change that fails by our own fault is an incident too: its case is parked. */
export class InternalErrors1700000000039 implements MigrationInterface {
  name = 'InternalErrors1700000000039';

  async up(db: QueryRunner): Promise<void> {
    await db.query(among([...FOUND, 'internalError']));
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`delete from process_incident where found = 'internalError'; ${among(FOUND)}`);
  }
}
