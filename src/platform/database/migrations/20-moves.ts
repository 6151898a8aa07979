import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Claims that lapse, delegation, standing proxies 代理 and consultations 征求意见. */
export class Moves1700000000020 implements MigrationInterface {
  name = 'Moves1700000000020';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table task add column claim_lapses_at timestamptz, add column delegate_id uuid references person;

      create table proxy (
        id uuid primary key,
        principal_id uuid not null references person,
        proxy_id uuid not null references person,
        office text not null,
        organisation_id uuid not null references organisation,
        kinds text[],
        valid_from timestamptz not null,
        valid_until timestamptz not null,
        ended_at timestamptz,
        created_at timestamptz not null,
        check (valid_from < valid_until and principal_id <> proxy_id)
      );
      comment on table proxy is
        '代理: who acts on tasks in the office of an absent person, from–until; derived from the organisation''s acts';
      create index proxy_of on proxy (proxy_id, valid_until);
      create index proxy_for on proxy (principal_id, valid_until);

      create table consultation (
        id uuid primary key,
        request_id uuid not null references change_request,
        task_id uuid not null references task,
        asking_id uuid not null references organisation,
        asked_id uuid not null references organisation,
        due_date date not null,
        asked_seq int not null,
        asked_at timestamptz not null,
        answered_seq int,
        answered_at timestamptz
      );
      comment on table consultation is '征求意见: read model; question and answer stand beside the acts of these sequences';
      create index consultation_asked on consultation (asked_id, due_date, id);
      create index consultation_asking on consultation (asking_id, due_date, id);

      grant select, insert, update on proxy, consultation to xueji_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table consultation, proxy; alter table task drop column claim_lapses_at, drop column delegate_id');
  }
}
