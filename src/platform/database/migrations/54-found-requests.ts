import type { MigrationInterface, QueryRunner } from 'typeorm';

const MINE = `(select coalesce(nullif(current_setting('xueji.organisations', true), ''), '{}')::uuid[])::uuid[]`;

const page = (more = ''): string => `
  select r.id from change_request r
  where r.seen_by && ${MINE} and ($1 is null or r.state = $1) and ($2 is null or r.kind = $2)
    and ($3 is null or $3 = exists (select 1 from task t where t.request_id = r.id and t.state = 'open' and t.due_at <= $4))
    and ($5 is null or (r.filed_at, r.id) < ($5, $6)) ${more} order by r.filed_at desc, r.id desc limit $7`;

const FILTERS = 'state text, kind text, overdue boolean, now timestamptz, before_at timestamptz, before_id uuid, most int';

const granted = `
  comment on function newest_requests is 'a page of the requests that the scope sees';
  revoke execute on function newest_requests from public;
  grant execute on function newest_requests to xueji_app;`;

/**
 * A request is found by its number, and those that stand still by the reason; planned anew each time, for one filter has another index than
 * the next.
 */
export class FoundRequests1700000000054 implements MigrationInterface {
  name = 'FoundRequests1700000000054';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create index change_request_on_hold on change_request (filed_at desc, id desc) where hold is not null;
      drop function newest_requests;
      create function newest_requests(${FILTERS}, number text default null, hold text default null)
      returns setof uuid language plpgsql stable security definer set search_path = public, pg_temp
        set plan_cache_mode = force_custom_plan as $$
        begin
          return query ${page(`and ($8 is null or r.number = $8) and ($9 is null or r.hold ->> 'kind' = $9)`)};
        end
      $$;
      ${granted}
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop index change_request_on_hold;
      drop function newest_requests;
      create function newest_requests(${FILTERS}) returns setof uuid language sql stable security definer set search_path = public,
        pg_temp as $$
        ${page()}
      $$;
      ${granted}
    `);
  }
}
