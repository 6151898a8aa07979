import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Policies are drafted by one person of the province and put into force by another, with the document that settles them. */
export class PolicyPacks1700000000012 implements MigrationInterface {
  name = 'PolicyPacks1700000000012';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table policy_pack (
        id uuid primary key,
        organisation_id uuid not null unique references organisation
      );
      comment on table policy_pack is 'the pack of a province, whose versions are rows of policy; its row is the lock of its stream';

      alter table policy alter column effective_from drop not null,
        add column state text not null default 'activated' check (state in ('draft','activated','revoked')),
        add column document jsonb,
        add column drafted_by uuid references person,
        add column drafted_at timestamptz,
        add column activated_by uuid references person,
        add column activated_at timestamptz,
        add column revoked_by uuid references person,
        add column revoked_at timestamptz,
        add check (state <> 'activated' or effective_from is not null);
      comment on column policy.content is 'what it says; what it leaves out is the national default';
      comment on column policy.document is 'number, issuing body, date and filing number of the document that settles it (A17)';
      drop index policy_of_province;
      create unique index policy_of_province on policy (organisation_id, effective_from) nulls not distinct where state = 'activated';

      create index organisation_of_province on organisation (province_id) where level = 'school';

      grant select, insert, update on policy_pack to xueji_app;
      grant update (state, effective_from, activated_by, activated_at, revoked_by, revoked_at) on policy to xueji_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop index organisation_of_province;
      delete from policy where state <> 'activated';
      drop index policy_of_province;
      alter table policy drop column state, drop column document, drop column drafted_by, drop column drafted_at, drop column activated_by,
        drop column activated_at, drop column revoked_by, drop column revoked_at;
      alter table policy alter column effective_from set not null;
      create unique index policy_of_province on policy (organisation_id, effective_from) nulls not distinct;
      revoke update on policy from xueji_app;
      drop table policy_pack;
    `);
  }
}
