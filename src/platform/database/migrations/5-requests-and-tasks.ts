import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The read model of requests and tasks, the process's cursor, idempotency keys and the notices of filing 备案. */
export class RequestsAndTasks1700000000005 implements MigrationInterface {
  name = 'RequestsAndTasks1700000000005';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create sequence change_request_number;
      create table change_request (
        id uuid primary key,
        number text not null unique,
        kind text not null,
        student_id uuid not null references student,
        masked_name text not null,
        state text not null check (state in ('open','approved','rejected','recalled','superseded','cancelled')),
        hold jsonb,
        processing boolean not null,
        version int not null,
        route jsonb not null,
        steps jsonb not null,
        details jsonb not null,
        application jsonb not null,
        evidence_ids uuid[] not null,
        external_id text,
        filer_id uuid not null references person,
        filer_organisation_id uuid not null references organisation,
        source_school_id uuid not null references organisation,
        destination_school_id uuid not null references organisation,
        seen_by uuid[] not null,
        filed_at timestamptz not null,
        closed_at timestamptz,
        last_seq int not null,
        last_process_seq int not null
      );
      create unique index change_request_one_open on change_request (student_id) where state = 'open' and kind <> 'death';
      create index change_request_seen_by on change_request using gin (seen_by);
      create index change_request_open on change_request (filed_at, id) where state = 'open';
      create index change_request_of_student on change_request (student_id, filed_at);
      comment on column change_request.seen_by is 'the parties and all their superiors: who may read the request';

      create table task (
        id uuid primary key,
        request_id uuid not null references change_request,
        step text not null,
        visit int not null,
        supplement boolean not null,
        capacities text[] not null,
        holder_id uuid not null references organisation,
        on_behalf_of_id uuid references organisation,
        office text not null,
        state text not null check (state in ('open','decided','void')),
        version int not null,
        assignee_id uuid references person,
        claimant_id uuid references person,
        escalated_to uuid[] not null default '{}',
        returns int not null,
        opened_at timestamptz not null,
        arrived_on date not null,
        working_days int not null,
        due_date date not null,
        due_at timestamptz not null,
        provisional boolean not null,
        verdict text,
        decided_at timestamptz,
        decided_by uuid references person,
        decided_late boolean,
        unique (request_id, step, visit, supplement)
      );
      create index task_inbox on task (holder_id, office, due_at, id) where state = 'open';
      create index task_escalated on task using gin (escalated_to) where state = 'open';
      create index task_deadlines on task (due_at) where state = 'open';

      create table process_cursor (
        request_id uuid primary key references change_request,
        seq int not null,
        hash text not null,
        run_id text not null,
        next_wake_at timestamptz,
        read_at timestamptz not null
      );
      create index process_cursor_wake on process_cursor (next_wake_at);

      create table idempotency (
        person_id uuid not null,
        key text not null,
        request_hash bytea not null,
        status int,
        answer jsonb,
        created_at timestamptz not null,
        primary key (person_id, key)
      );
      create index idempotency_age on idempotency (created_at);

      create table filing_notice (
        request_id uuid not null references change_request,
        from_school_id uuid not null references organisation,
        to_province_id uuid not null references organisation,
        recorded_at timestamptz not null,
        primary key (request_id, from_school_id, to_province_id)
      );
      comment on table filing_notice is '备案: the schools'' reports of a cross-province transfer to both provinces (R-17)';

      grant usage on sequence change_request_number to xueji_app;
      grant select, insert, update on change_request, task, process_cursor to xueji_app;
      grant select, insert, update, delete on idempotency to xueji_app;
      grant select, insert on filing_notice to xueji_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table filing_notice, idempotency, process_cursor, task, change_request; drop sequence change_request_number');
  }
}
