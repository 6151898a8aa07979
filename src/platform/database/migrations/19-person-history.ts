import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Every value of a person's facts stays, in the order of recording; proposed identities wait to be authenticated. */
export class PersonHistory1700000000019 implements MigrationInterface {
  name = 'PersonHistory1700000000019';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      alter table student_fact add column seq bigint generated always as identity, add column request_id uuid references change_request;
      alter table student_fact drop constraint student_fact_pkey, add primary key (student_id, fact, seq);
      alter table student_fact drop column valid_to;
      comment on table student_fact is
        'statements, never changed: from valid_from on the fact has this value, until one recorded later says otherwise from its day on. A fact of the identity (name, sex, birthDate, documentType, documentNumber) has statements only once it was corrected; before, the student row says what held ever';
      create trigger student_fact_append_only before update or delete on student_fact for each row execute function refuse_change();
      create trigger student_fact_no_truncate before truncate on student_fact for each statement execute function refuse_change();
      revoke update on student_fact from xueji_app;

      create table identity_check (
        request_id uuid primary key references change_request,
        due_at timestamptz not null,
        attempts int not null default 0
      );
      create index identity_check_due on identity_check (due_at);
      comment on table identity_check is
        'requests whose proposed identity is to be put to the population service, and when next; the answers are acts';
      grant select, insert, update, delete on identity_check to xueji_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table identity_check;
      drop trigger student_fact_append_only on student_fact;
      drop trigger student_fact_no_truncate on student_fact;
      alter table student_fact drop constraint student_fact_pkey, add primary key (student_id, fact, valid_from, recorded_at);
      alter table student_fact drop column seq, drop column request_id, add column valid_to date;
      grant update on student_fact to xueji_app;
    `);
  }
}
