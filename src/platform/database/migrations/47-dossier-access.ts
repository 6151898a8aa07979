import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The transaction is a process's, or looks beyond its person's scope for a reason it gave. */
const BEYOND = `(select coalesce(current_setting('xueji.reach', true), '') <> '')`;
const MINE = `person_id::text = (select current_setting('xueji.person', true))`;

/** Who has looked at whose dossier, and when; appended only, and removed after three years by one function. */
export class DossierAccess1700000000047 implements MigrationInterface {
  name = 'DossierAccess1700000000047';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table dossier_access (
        id bigint generated always as identity primary key,
        at timestamptz not null,
        what text not null check (what in ('lookup','student','dossier','evidence')),
        student_id uuid,
        evidence_id uuid,
        person_id uuid not null,
        offices jsonb not null,
        check (student_id is not null or evidence_id is not null)
      );
      comment on table dossier_access is
        'reads of what names a student: ids alone. No foreign key, for a read should lock no row of a student';
      comment on column dossier_access.offices is 'offices that the person held in that moment, as [{office, organisationId}]';
      comment on column dossier_access.student_id is 'null of evidence that no request names';
      create index dossier_access_of on dossier_access (student_id, id) where student_id is not null;
      create index dossier_access_age on dossier_access using brin (at);

      create trigger dossier_access_no_update before update on dossier_access for each row execute function refuse_change();
      create trigger dossier_access_no_truncate before truncate on dossier_access for each statement execute function refuse_change();
      grant select, insert on dossier_access to xueji_app;
      alter table dossier_access enable row level security, force row level security;
      create policy owner_sees_all on dossier_access to current_user using (true) with check (true);
      create policy seen on dossier_access for select to xueji_app
        using (${BEYOND} or ${MINE} or coalesce((select true from student s where s.id = student_id), false));
      create policy entered on dossier_access for insert to xueji_app with check (${BEYOND} or ${MINE});

      create function forget_dossier_access(before timestamptz, most int) returns int language sql security definer
        set search_path = public, pg_temp as $$
        with gone as (
          delete from dossier_access where id in (select id from dossier_access where at < least($1, now() - interval '3 years') limit $2)
            returning 1)
        select count(*)::int from gone
      $$;
      comment on function forget_dossier_access is
        'removes so many records from before an instant, none younger than three years; how many it removed';

      create index change_request_evidence on change_request using gin (evidence_ids);
      create function students_of_evidence(evidence uuid) returns setof uuid language sql stable security definer set search_path = public,
        pg_temp as $$
        select student_id from change_request where evidence_ids @> array[$1] union select student_id from dossier_evidence
          where evidence_id = $1
      $$;
      comment on function students_of_evidence is
        'the students whose requests or dossiers hold it: for the record of who has read it, and for no answer';
      revoke execute on function forget_dossier_access, students_of_evidence from public;
      grant execute on function forget_dossier_access, students_of_evidence to xueji_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop function students_of_evidence, forget_dossier_access;
      drop index change_request_evidence;
      drop table dossier_access`);
  }
}
