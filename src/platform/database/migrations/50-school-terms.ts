import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The transaction is a process's, or looks beyond its person's scope for a reason it gave. */
const BEYOND = `(select coalesce(current_setting('xueji.reach', true), '') <> '')`;
const MINE = `(select coalesce(nullif(current_setting('xueji.organisations', true), ''), '{}')::uuid[])::uuid[]`;
const BELOW = `(select o.id from organisation o where o.id = any(${MINE}) or o.ancestors && ${MINE})`;

/** A school writes of its own terms; they are seen there and above, and a student's registrations with the student. */
const protect = (table: string, seen: string): string => `
  alter table ${table} enable row level security, force row level security;
  create policy owner_sees_all on ${table} to current_user using (true) with check (true);
  create policy seen on ${table} for select to xueji_app using (${BEYOND} or ${seen});
  create policy entered on ${table} for insert to xueji_app with check (${BEYOND} or school_id = any(${MINE}));
  create policy moved on ${table} for update to xueji_app
    using (${BEYOND} or school_id = any(${MINE})) with check (${BEYOND} or school_id = any(${MINE}));`;

const MARKS = (name: string, event: string, table: string, transition: string, schools: string): string => `
  create function ${name}() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
    begin insert into term_recount (school_id) ${schools}; return null; end $$;
  create trigger ${name} after ${event} on ${table} referencing ${transition} for each statement execute function ${name}();
  revoke execute on function ${name} from public;`;
const OF_STUDENTS = `
  select distinct e.school_id from became r join enrolment e on e.student_id = r.student_id
    and e.state in ('active','suspended','pending','heldDuplicate')`;

/** Terms of schools and the registrations in them; counts by school, and which schools are to be counted anew. */
export class SchoolTerms1700000000050 implements MigrationInterface {
  name = 'SchoolTerms1700000000050';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table school_term (
        id uuid primary key,
        school_id uuid not null references organisation,
        year int not null,
        nth int not null check (nth in (1, 2)),
        first_day date,
        reminded_at timestamptz,
        overdue_told_at timestamptz,
        last_seq int not null default 0,
        unique (school_id, year, nth)
      );
      comment on table school_term is 'a school''s term of which something is on record; its row is the lock of its stream';
      comment on column school_term.year is 'in which the school year begins';
      comment on column school_term.first_day is 'as the school declared it; null where the province''s day holds';

      create table term_registration (
        student_id uuid not null,
        year int not null,
        nth int not null,
        term_id uuid not null references school_term,
        seq int not null,
        school_id uuid not null,
        enrolment_id uuid not null references enrolment,
        registered_at timestamptz not null,
        first_day date not null,
        working_days int not null,
        due_date date not null,
        late boolean not null,
        retracted_seq int,
        retracted_at timestamptz,
        primary key (student_id, year, nth, term_id, seq)
      );
      comment on table term_registration is 'who is registered in which term: a copy of the acts in the term''s stream';
      comment on column term_registration.seq is 'of the act, which says by whom';
      comment on column term_registration.due_date is 'the last day to register as it stood then, so many working days after the first day';
      create unique index term_registration_once on term_registration (student_id, year, nth) where retracted_at is null;

      create index enrolment_in_study on enrolment (school_id, student_id) where state in ('active','suspended','pending','heldDuplicate');

      create table term_count (
        school_id uuid not null references organisation,
        year int not null,
        nth int not null,
        to_register int not null,
        registered int not null,
        late int not null,
        suspended int not null,
        pending int not null,
        counted_at timestamptz not null,
        primary key (school_id, year, nth)
      );
      create table term_recount (id bigint generated always as identity primary key, school_id uuid not null);
      comment on table term_count is 'how the students of a school stood in a term when they were counted';
      comment on table term_recount is
        'schools whose students have changed since they were counted; appended only, so that no change waits for another';

      ${MARKS('mark_enrolled', 'insert', 'enrolment', 'new table as became', 'select distinct school_id from became')}
      ${MARKS('mark_changed_enrolments', 'update', 'enrolment', 'old table as was new table as became', 'select school_id from was union select school_id from became')}
      ${MARKS('mark_registered', 'insert', 'term_registration', 'new table as became', OF_STUDENTS)}
      ${MARKS('mark_retracted', 'update', 'term_registration', 'new table as became', OF_STUDENTS)}
      insert into term_recount (school_id) select id from organisation where level = 'school';

      ${protect('school_term', `school_id in ${BELOW}`)}
      ${protect('term_registration', `school_id in ${BELOW} or coalesce((select true from student s where s.id = student_id), false)`)}
      grant select, insert, update on school_term, term_registration, term_count to xueji_app;
      grant select, insert, delete on term_recount to xueji_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop trigger mark_enrolled on enrolment;
      drop trigger mark_changed_enrolments on enrolment;
      drop table term_recount, term_count, term_registration, school_term;
      drop function mark_enrolled, mark_changed_enrolments, mark_registered, mark_retracted;
      drop index enrolment_in_study`);
  }
}
