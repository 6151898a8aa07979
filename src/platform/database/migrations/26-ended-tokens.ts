import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Tokens of an outside issuer with which somebody has logged out here before they expired. */
export class EndedTokens1700000000026 implements MigrationInterface {
  name = 'EndedTokens1700000000026';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table ended_token (token_hash bytea primary key, expires_at timestamptz not null);
      create index ended_token_expires on ended_token (expires_at);
      grant select, insert, delete on ended_token to xueji_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table ended_token');
  }
}
