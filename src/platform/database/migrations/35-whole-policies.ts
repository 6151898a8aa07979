import type { MigrationInterface, QueryRunner } from 'typeorm';
import { NATIONAL_DEFAULTS } from '../../../domain/policy/policy.js';
import { inherited, type PackContent, type PolicyContent } from '../../../domain/packs/policy-pack.js';

interface Row {
  id: string;
  version: number;
  content: PackContent;
}

/**
 * What was put into force is kept whole: a release that changes the national default changes no case that is under way. Versions from
 * before get what they inherited until now, the first default.
 */
export class WholePolicies1700000000035 implements MigrationInterface {
  name = 'WholePolicies1700000000035';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table policy add column whole jsonb;
      comment on column policy.content is 'what it says itself; of the national default, all of it';
      comment on column policy.whole is
        'of a province: what it says with what it inherited when it was put into force; cases are judged by this';
      grant update (whole) on policy to xueji_app;
    `);
    const [first] = NATIONAL_DEFAULTS;
    const { id: _id, version: _version, ...base } = first.policy;
    const rows = (await db.query(
      `select id, version, content from policy where organisation_id is not null and state <> 'draft'`,
    )) as Row[];
    for (const { id, version, content } of rows)
      await db.query('update policy set whole = $3 where id = $1 and version = $2', [id, version, inherited<PolicyContent>(base, content)]);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('alter table policy drop column whole');
  }
}
