import type { MigrationInterface, QueryRunner } from 'typeorm';

const ABOUT = (columns: string): string => `
  drop constraint notification_about, add constraint notification_about check (num_nonnulls(request_id, order_id, student_id, ${columns}) = 1)`;

/** People are told of the registration of terms too: of a school's term a notification may be as well. */
export class NoticesOfTerms1700000000060 implements MigrationInterface {
  name = 'NoticesOfTerms1700000000060';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table notification add column term_id uuid references school_term, ${ABOUT('proxy_id, term_id')};
      comment on table event is
        'acts that somebody is told of, in an order that every reader sees alike: those of requests, which are the feed, of orders, of the ends of suspensions, of proxies and of the registration of terms; written by the relay alone, one transaction after the other, so that no later one appears before an earlier';
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      delete from notification where term_id is not null;
      alter table notification ${ABOUT('proxy_id')}, drop column term_id`);
  }
}
