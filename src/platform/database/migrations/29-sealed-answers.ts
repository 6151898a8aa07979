import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What a replayed key is answered is sealed: it holds a webhook's secret, particulars and texts in clear. Leases of webhooks; urges by
 * their day. An answer from before cannot be sealed here, where no key is: it is dropped, and its key, which must not act a second time,
 * says so.
 */
export class SealedAnswers1700000000029 implements MigrationInterface {
  name = 'SealedAnswers1700000000029';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table idempotency alter column answer type bytea using case when answer is null then null else ''::bytea end;
      comment on column idempotency.answer is 'sealed for its person and key; empty when it was given before answers were sealed';

      alter table webhook add column lease uuid, add column leased_until timestamptz;
      comment on column webhook.lease is 'of who is sending to it; whoever finds another one here, or the place moved, stops';

      create index urge_awaited on urge (answer_by, request_id, seq) where answered_at is null;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop index urge_awaited;
      alter table webhook drop column leased_until, drop column lease;
      alter table idempotency alter column answer type jsonb using null;
    `);
  }
}
