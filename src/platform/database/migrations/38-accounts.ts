import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Accounts: at which organisation a person was entered, one-time passwords, failed sign-ins by user name; offices that ended before they
 * began.
 */
export class Accounts1700000000038 implements MigrationInterface {
  name = 'Accounts1700000000038';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table person
        add column entered_in uuid references organisation,
        add column entered_at timestamptz,
        add column password_once_until timestamptz;
      update person p set entered_in = (
        select o.organisation_id from office o where o.person_id = p.id order by (o.held_until is null) desc, o.held_from, o.id limit 1);
      create index person_at on person (entered_in, username);
      comment on column person.entered_in is 'where the person was entered: its administrators look after the account (A22)';
      comment on column person.password_once_until is 'until when a one-time password opens a session; null once the person has chosen one';

      alter table office drop constraint office_check;
      alter table office add constraint office_ends_after_it_begins check (held_until is null or held_until >= held_from);
      comment on constraint office_ends_after_it_begins on office is 'at the same instant: granted for later, and ended before it began';
      drop index office_held_once;

      create index session_of on session (person_id, created_at);

      create table sign_in_failure (
        username_hash bytea primary key,
        failures int not null,
        failed_at timestamptz not null,
        free_at timestamptz not null
      );
      create index sign_in_failure_age on sign_in_failure (failed_at);
      comment on table sign_in_failure is 'failed sign-ins in a row by the keyed digest of what was given as user name, known here or not';
      comment on column sign_in_failure.free_at is 'before this instant a further attempt is refused unread';

      create table person_rate (
        person_id uuid not null references person,
        what text not null,
        minute timestamptz not null,
        n int not null,
        primary key (person_id, what)
      );
      comment on table person_rate is 'how often a person did this in the present minute, over all processes of the API';
      grant select, insert, update, delete on sign_in_failure, person_rate to xueji_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table person_rate, sign_in_failure;
      drop index session_of, person_at;
      delete from office where held_until = held_from;
      create unique index office_held_once on office (person_id, organisation_id, office) where held_until is null;
      alter table office drop constraint office_ends_after_it_begins;
      alter table office add constraint office_check check (held_until is null or held_until > held_from);
      alter table person drop column entered_in, drop column entered_at, drop column password_once_until;
    `);
  }
}
