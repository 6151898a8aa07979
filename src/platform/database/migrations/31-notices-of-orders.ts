import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People are told of orders 责令 and of the end of a suspension too: what a notification is about is a request, an order or a student. */
export class NoticesOfOrders1700000000031 implements MigrationInterface {
  name = 'NoticesOfOrders1700000000031';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table notification alter column request_id drop not null,
        add column order_id uuid references supervision_order, add column student_id uuid references student,
        add constraint notification_about check (num_nonnulls(request_id, order_id, student_id) = 1);
      comment on table event is
        'acts that somebody is told of, in an order that every reader sees alike: those of requests, which are the feed, of orders, and of the ends of suspensions; written by the relay alone, one transaction after the other, so that no later one appears before an earlier';
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      delete from notification where request_id is null;
      alter table notification drop constraint notification_about, drop column student_id, drop column order_id, alter column request_id
        set not null;
    `);
  }
}
