import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a province does with a notice of filing 备案: a receipt, and a query that the school answers. Nothing waits for either. */
export class AnswersToFilingNotices1700000000037 implements MigrationInterface {
  name = 'AnswersToFilingNotices1700000000037';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table filing_notice add column id uuid not null default gen_random_uuid(), add column received_seq int,
        add column received_at timestamptz,
        add column queried_seq int, add column queried_at timestamptz, add column answered_seq int, add column answered_at timestamptz;
      comment on column filing_notice.queried_seq is
        'the act of the last query, and answered_seq that of its answer: their texts stand beside them';
      create unique index filing_notice_id on filing_notice (id);
      create index filing_notice_to on filing_notice (to_province_id, id);
      create index filing_notice_from on filing_notice (from_school_id, id);
      grant update (received_seq, received_at, queried_seq, queried_at, answered_seq, answered_at) on filing_notice to xueji_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      revoke update (received_seq, received_at, queried_seq, queried_at, answered_seq, answered_at) on filing_notice from xueji_app;
      drop index filing_notice_from, filing_notice_to, filing_notice_id;
      alter table filing_notice drop column id, drop column received_seq, drop column received_at, drop column queried_seq,
        drop column queried_at, drop column answered_seq,
        drop column answered_at;
    `);
  }
}
