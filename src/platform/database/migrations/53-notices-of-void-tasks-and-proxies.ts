import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People are told of a task in hand that is void, and of standing in for somebody: of a proxy a notification may be too. */
export class NoticesOfVoidTasksAndProxies1700000000053 implements MigrationInterface {
  name = 'NoticesOfVoidTasksAndProxies1700000000053';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table task add column void_seq int;
      comment on column task.void_seq is
        'the act that made it void, by which who had it in hand is told; null of those that former versions made void';
      alter table notification add column proxy_id uuid references proxy,
        drop constraint notification_about,
        add constraint notification_about check (num_nonnulls(request_id, order_id, student_id, proxy_id) = 1);
      comment on table event is
        'acts that somebody is told of, in an order that every reader sees alike: those of requests, which are the feed, of orders, of the ends of suspensions and of proxies; written by the relay alone, one transaction after the other, so that no later one appears before an earlier';
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      delete from notification where proxy_id is not null;
      alter table notification drop constraint notification_about, drop column proxy_id,
        add constraint notification_about check (num_nonnulls(request_id, order_id, student_id) = 1);
      alter table task drop column void_seq;
    `);
  }
}
