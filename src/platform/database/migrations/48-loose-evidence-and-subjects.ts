import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Evidence that nothing holds can be removed, and is counted; who comes with a token of the issuer is bound to its lasting subject. */
export class LooseEvidenceAndSubjects1700000000048 implements MigrationInterface {
  name = 'LooseEvidenceAndSubjects1700000000048';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create index evidence_age on evidence (uploaded_at, id);
      create index evidence_content on evidence (sha256);
      create index dossier_evidence_of on dossier_evidence (evidence_id);
      create function loose_evidence(ids uuid[]) returns setof uuid language sql stable security definer set search_path = public,
        pg_temp as $$
        select e from unnest($1) e where not exists (select 1 from change_request r where r.evidence_ids @> array[e])
          and not exists (select 1 from dossier_evidence d where d.evidence_id = e)
          and not exists (select 1 from organisation_change c where e = any(c.evidence_ids))
      $$;
      comment on function loose_evidence is 'those that no request, no dossier and no change of an organisation holds';
      create function remove_loose_evidence(ids uuid[], before timestamptz) returns setof text language sql security definer
        set search_path = public, pg_temp as $$
        delete from evidence where id in (select loose_evidence($1)) and uploaded_at < $2 returning sha256
      $$;
      comment on function remove_loose_evidence is 'removes those of them that were uploaded before an instant; the digests of their files';
      revoke execute on function loose_evidence, remove_loose_evidence from public;
      grant execute on function loose_evidence, remove_loose_evidence to xueji_app;
      create table evidence_removed (
        one boolean primary key default true check (one),
        uploads bigint not null default 0,
        files bigint not null default 0
      );
      comment on table evidence_removed is 'how many so far';
      insert into evidence_removed default values;
      grant select, update on evidence_removed to xueji_app;

      create table issuer_subject (
        subject_hash bytea primary key,
        issuer text not null,
        person_id uuid not null references person,
        bound_at timestamptz not null,
        unique (person_id, issuer)
      );
      comment on table issuer_subject is
        'whose account a subject of the outside issuer is, from its first token on, whatever user name later tokens say';
      comment on column issuer_subject.subject_hash is 'keyed digest of issuer and subject';
      grant select, insert, delete on issuer_subject to xueji_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop table issuer_subject, evidence_removed;
      drop function remove_loose_evidence, loose_evidence;
      drop index dossier_evidence_of, evidence_content, evidence_age`);
  }
}
