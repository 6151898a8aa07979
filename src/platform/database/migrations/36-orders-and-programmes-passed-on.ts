import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a merger or closure passes on besides cases and dossiers: orders 责令, and the place in a joint programme. */
export class OrdersAndProgrammesPassedOn1700000000036 implements MigrationInterface {
  name = 'OrdersAndProgrammesPassedOn1700000000036';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table supervision_order add column acting_id uuid references organisation;
      comment on column supervision_order.acting_id is 'the authority that answers for the school since its closure (A25)';
      create index supervision_order_of_school on supervision_order (school_id);
      alter table organisation_change add column orders_moved int not null default 0;
      grant update (school_ids, seen_by) on joint_programme to xueji_app;
      create index joint_programme_schools on joint_programme using gin (school_ids);
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop index joint_programme_schools;
      revoke update (school_ids, seen_by) on joint_programme from xueji_app;
      alter table organisation_change drop column orders_moved;
      drop index supervision_order_of_school;
      alter table supervision_order drop column acting_id;
    `);
  }
}
