import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The province whose policy a case was filed under: the school's own, of a transfer the one of the school that files it (Art 14). */
const PROVINCE = `coalesce(route->'parties'->>'province',
  case kind when 'crossTrackTransfer' then route->'parties'->>'destinationProvince' else route->'parties'->>'sourceProvince' end)`;

/** A province's latest cases are read from an index: those of a year are more than a preview looks at. */
export class LatestCases1700000000034 implements MigrationInterface {
  name = 'LatestCases1700000000034';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create index change_request_under_policy on change_request ((${PROVINCE}), filed_at, id) where kind <> 'duplicateRuling';
      comment on index change_request_under_policy is 'by the province under whose policy it was filed; nobody files a ruling';

      create function latest_requests_under(province uuid, most int) returns setof uuid
      language sql stable security definer set search_path = public, pg_temp as $$
        select id from change_request
        where ${PROVINCE} = $1::text and kind <> 'duplicateRuling'
          and (coalesce(current_setting('xueji.reach', true), '') <> '' or $1 = any (coalesce(nullif(current_setting('xueji.organisations',
            true), ''), '{}')::uuid[]))
        order by filed_at desc, id desc limit $2
      $$;
      comment on function latest_requests_under is
        'the latest requests under a province''s policy, for processes and for who acts in its office';
      revoke execute on function latest_requests_under from public;
      grant execute on function latest_requests_under to xueji_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query('drop function latest_requests_under; drop index change_request_under_policy');
  }
}
