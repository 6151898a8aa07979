import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What is overdue is counted without reading every task, and day by day; stale cases, urges with an answer; notifications and their mail.
 */
export class Notifications1700000000022 implements MigrationInterface {
  name = 'Notifications1700000000022';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table task add column kind text;
      update task t set kind = r.kind from change_request r where r.id = t.request_id;
      alter table task alter column kind set not null;
      comment on column task.kind is 'of the request, so that overdue tasks are counted from an index alone';
      create index task_overdue on task (holder_id, due_at, id) include (kind) where state = 'open';
      drop index task_deadlines;
      create index task_deadlines on task (due_at, id) include (holder_id, kind) where state = 'open';
      create index change_request_filed on change_request (filed_at) include (source_school_id);
      create index change_request_closed on change_request (closed_at) include (source_school_id, state) where closed_at is not null;
      create index task_decided_at on task (decided_at) include (holder_id) where decided_late;

      create table overdue_day (
        day date not null,
        holder_id uuid not null references organisation,
        kind text not null,
        age text not null,
        overdue int not null,
        primary key (holder_id, day, kind, age) include (overdue)
      );
      create table overdue_counted (day date primary key, at timestamptz not null);
      comment on table overdue_day is 'how many tasks were overdue at the beginning of a day: the trend of the overdue table';

      create table stale_case (
        request_id uuid primary key references change_request,
        moved_seq int not null,
        moved_at timestamptz not null,
        noted_at timestamptz not null
      );
      create index stale_case_since on stale_case (moved_at, request_id);
      comment on column stale_case.moved_seq is 'the last act by a person; the case is stale no longer when there is a later one';

      create table urge (
        request_id uuid not null references change_request,
        seq int not null,
        task_id uuid not null references task,
        organisation_id uuid not null references organisation,
        person_id uuid not null references person,
        answer_by date not null,
        urged_at timestamptz not null,
        answered_at timestamptz,
        primary key (request_id, seq)
      );
      create index urge_of on urge (organisation_id, answer_by, request_id, seq);
      create index urge_open on urge (task_id) where answered_at is null;

      create table notification (
        id bigint generated always as identity primary key,
        person_id uuid not null references person,
        event_id bigint not null references event,
        kind text not null,
        request_id uuid not null references change_request,
        task_id uuid,
        office text,
        organisation_id uuid references organisation,
        at timestamptz not null,
        read_at timestamptz,
        mail text check (mail in ('now','digest')),
        mail_id uuid,
        unique (event_id, person_id)
      );
      create index notification_of on notification (person_id, id desc);
      create index notification_unread on notification (person_id, id desc) where read_at is null;
      create index notification_to_mail on notification (mail, person_id, id) where mail is not null and mail_id is null;
      create table notification_cursor (one boolean primary key default true check (one), told_to bigint not null);
      insert into notification_cursor (told_to) values (coalesce((select max(id) from event), 0));
      create table notification_preference (
        person_id uuid primary key references person,
        kinds text[] not null,
        mail text not null check (mail in ('none','now','digest')),
        changed_at timestamptz not null
      );
      alter table person add column email_cipher bytea;
      comment on column person.email_cipher is 'address for notifications, set by the person; encrypted';

      create table mail (
        id uuid primary key,
        person_id uuid not null references person,
        purpose text not null check (purpose in ('now','digest')),
        state text not null check (state in ('pending','sent','failed')),
        attempts int not null default 0,
        next_attempt_at timestamptz not null,
        failure text,
        created_at timestamptz not null,
        sent_at timestamptz
      );
      create index mail_due on mail (next_attempt_at, id) where state = 'pending';
      create index notification_mailed on notification (mail_id) where mail_id is not null;

      grant select, insert, delete on overdue_day, overdue_counted to xueji_app;
      grant select, insert, update on stale_case, urge, notification, notification_preference, mail to xueji_app;
      grant select, update on notification_cursor to xueji_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table mail, notification_preference, notification_cursor, notification, urge, stale_case, overdue_counted, overdue_day;
      drop index task_decided_at, change_request_closed, change_request_filed, task_overdue, task_deadlines;
      create index task_deadlines on task (due_at) where state = 'open';
      alter table task drop column kind;
      alter table person drop column email_cipher`);
  }
}
