import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The cursor of an order's process stands in the order's own row: an order that a person ended is still read once more. */
export class OrderCursor1700000000018 implements MigrationInterface {
  name = 'OrderCursor1700000000018';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table order_cursor;
      alter table supervision_order add column read_seq int not null default 0, add column run_id text,
        add column read_at timestamptz, add column next_wake_at timestamptz;
      comment on column supervision_order.read_seq is 'with run_id, read_at and next_wake_at the cursor of the order''s process';
      drop index supervision_order_running;
      create index supervision_order_running on supervision_order (ordered_at, id) where state in ('open','replied') or read_seq < last_seq;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop index supervision_order_running;
      alter table supervision_order drop column read_seq, drop column run_id, drop column read_at, drop column next_wake_at;
      create index supervision_order_running on supervision_order (ordered_at, id) where state in ('open','replied');
      create table order_cursor (
        order_id uuid primary key references supervision_order,
        seq int not null,
        run_id text not null,
        next_wake_at timestamptz,
        read_at timestamptz not null
      );
      grant select, insert, update on order_cursor to xueji_app;
    `);
  }
}
