import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Each organisation's head 负责人 from–to and the head's id on every act; orders 责令 with their process's cursor; the irregularity register.
 */
export class OrdersAndHeads1700000000008 implements MigrationInterface {
  name = 'OrdersAndHeads1700000000008';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table head (
        id uuid primary key,
        organisation_id uuid not null references organisation,
        display_name text not null,
        held_from date not null,
        held_to date,
        set_by uuid references person,
        check (held_to is null or held_to >= held_from)
      );
      create unique index head_of_organisation on head (organisation_id, held_from);
      comment on column head.held_to is 'the last day, inclusive; null while nobody follows';

      alter table act add column head_id uuid;
      comment on column act.head_id is 'the head of the acting organisation on that day (A18); the hash covers it where there is one';

      create sequence supervision_order_number;
      create table supervision_order (
        id uuid primary key,
        number text not null unique,
        authority_id uuid not null references organisation,
        school_id uuid not null references organisation,
        student_id uuid references student,
        kind text,
        state text not null check (state in ('open','replied','answered','withdrawn')),
        due_date date not null,
        escalated_to uuid[] not null default '{}',
        request_id uuid references change_request,
        seen_by uuid[] not null,
        ordered_at timestamptz not null,
        closed_at timestamptz,
        last_seq int not null,
        check (kind is null or student_id is not null)
      );
      create index supervision_order_seen_by on supervision_order using gin (seen_by);
      create index supervision_order_running on supervision_order (ordered_at, id) where state in ('open','replied');
      create index supervision_order_awaited on supervision_order (student_id, kind) where state in ('open','replied');
      create index supervision_order_answered_by on supervision_order (request_id) where request_id is not null;
      comment on column supervision_order.seen_by is 'the school and all its superiors: who may read the order';

      create table order_cursor (
        order_id uuid primary key references supervision_order,
        seq int not null,
        run_id text not null,
        next_wake_at timestamptz,
        read_at timestamptz not null
      );

      create table irregularity (
        id uuid primary key,
        authority_id uuid not null references organisation,
        organisation_id uuid not null references organisation,
        category text not null,
        request_id uuid references change_request,
        student_id uuid references student,
        order_id uuid references supervision_order,
        outcome text,
        seen_by uuid[] not null,
        registered_at timestamptz not null,
        outcome_at timestamptz,
        last_seq int not null
      );
      create index irregularity_seen_by on irregularity using gin (seen_by);

      grant usage on sequence supervision_order_number to xueji_app;
      grant select, insert, update on head, supervision_order, order_cursor, irregularity to xueji_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(
      'drop table irregularity, order_cursor, supervision_order; drop sequence supervision_order_number; alter table act drop column head_id; drop table head',
    );
  }
}
