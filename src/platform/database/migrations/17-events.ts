import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The feed of events in an order that every reader sees alike, webhooks and the log of their deliveries. */
export class Events1700000000017 implements MigrationInterface {
  name = 'Events1700000000017';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table event (
        id bigint generated always as identity primary key,
        stream_id uuid not null,
        seq int not null,
        position bigint not null,
        unique (stream_id, seq)
      );
      comment on table event is
        'acts of requests in the order of the feed; written by the relay alone, one transaction after the other, so that no later one appears before an earlier';
      create table event_relay (
        one boolean primary key default true check (one),
        settled bigint not null,
        candidate bigint not null,
        candidate_xid xid8 not null
      );
      comment on column event_relay.settled is 'no act up to this position is still to come';
      insert into event_relay (settled, candidate, candidate_xid) values (0, 0, pg_current_xact_id());

      create table webhook (
        id uuid primary key,
        organisation_id uuid not null references organisation,
        url text not null,
        secret_cipher bytea not null,
        kinds text[],
        state text not null check (state in ('active','suspended','removed')),
        delivered_to bigint not null,
        attempts int not null default 0,
        next_attempt_at timestamptz not null,
        created_by uuid not null references person,
        created_at timestamptz not null
      );
      create index webhook_due on webhook (next_attempt_at) where state = 'active';
      create index webhook_of on webhook (organisation_id);
      create table webhook_delivery (
        webhook_id uuid not null references webhook,
        at timestamptz not null,
        event_id bigint not null,
        attempt int not null,
        status int,
        failure text,
        milliseconds int not null,
        id bigint generated always as identity primary key
      );
      create index webhook_delivery_log on webhook_delivery (webhook_id, id desc);

      grant select, insert on event, webhook_delivery to xueji_app;
      grant select, update on event_relay to xueji_app;
      grant select, insert, update on webhook to xueji_app;
      grant delete on webhook_delivery to xueji_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop table webhook_delivery, webhook, event_relay, event');
  }
}
