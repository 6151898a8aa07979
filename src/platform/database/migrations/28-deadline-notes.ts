import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is still to be noted of escalated tasks that an amended calendar moved, and which processes have still to be told of it. */
export class DeadlineNotes1700000000028 implements MigrationInterface {
  name = 'DeadlineNotes1700000000028';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table deadline_note (
        move_id uuid not null references deadline_move,
        task_id uuid not null references task,
        request_id uuid not null references change_request,
        due_from date not null,
        due_to date not null,
        calendar_version int not null,
        primary key (move_id, task_id)
      );
      comment on table deadline_note is
        'moves of escalated tasks that are still to be noted beside their escalations (A8); emptied as they are';
      grant select, insert, update, delete on deadline_note to xueji_app;

      alter table deadline_move drop constraint deadline_move_phase_check;
      alter table deadline_move add constraint deadline_move_phase_check check (phase in ('tasks','wakes','notes','done'));
      alter table deadline_move add column telling boolean not null default true, add column told_to uuid;
      update deadline_move set telling = false;
      comment on column deadline_move.telling is
        'processes whose deadline moved later have still to be told, slowly, so that the Temporal UI says the present date';
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      update deadline_move set phase = 'done' where phase = 'notes';
      alter table deadline_move drop column telling, drop column told_to;
      alter table deadline_move drop constraint deadline_move_phase_check;
      alter table deadline_move add constraint deadline_move_phase_check check (phase in ('tasks','wakes','done'));
      drop table deadline_note`);
  }
}
