import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Runs of a case's workflow that ended or were replaced other than by its own process: what the reconciler found and mended. */
export class ProcessIncidents1700000000025 implements MigrationInterface {
  name = 'ProcessIncidents1700000000025';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table process_cursor add column former_run_id text;
      comment on column process_cursor.former_run_id is
        'the run that read before this one, until the reconciler has looked why it does no longer';

      create table process_incident (
        request_id uuid not null references change_request,
        run_id text not null,
        found text not null check (found in ('missing','terminated','reset','failed','timedOut','cancelled','completed','restarted')),
        at timestamptz not null,
        primary key (request_id, run_id)
      );
      create index process_incident_at on process_incident (at, request_id, run_id);
      comment on column process_incident.run_id is 'the run that did not go on; empty when none was known';
      grant select, insert on process_incident to xueji_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table process_incident; alter table process_cursor drop column former_run_id');
  }
}
