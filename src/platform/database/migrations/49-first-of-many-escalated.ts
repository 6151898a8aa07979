import type { MigrationInterface, QueryRunner } from 'typeorm';

const MINE = `(select coalesce(nullif(current_setting('xueji.organisations', true), ''), '{}')::uuid[])::uuid[]`;
/** How many of the most urgent escalated tasks are looked through before those of an organisation are sought by themselves. */
const LOOKED_THROUGH = 5000;

const WANTED = `t.state = 'open' and ($2 is null or $2 = (t.due_at <= $3)) and ($5 is null or (t.due_at, t.id) > ($5, $6))`;
const THEIRS = `t.escalated_to && $1 and t.escalated_to && ${MINE} and ($4 is null or t.kind = $4)`;
const SOUGHT = `select t.id from task t where ${WANTED} and ${THEIRS} order by t.due_at, t.id limit $7`;

/**
 * Whose escalated tasks are many has a page of them among the most urgent of all: those are read in their order, and no further. Only
 * where they do not fill a page are all sought that were escalated to the organisation, and sorted; then they are few.
 */
export class FirstOfManyEscalated1700000000049 implements MigrationInterface {
  name = 'FirstOfManyEscalated1700000000049';

  async up(db: QueryRunner): Promise<void> {
    // Planned anew each time, for the page's beginning to be a place in the index.
    await db.query(`
      create index task_escalated_first on task (due_at, id) include (kind, escalated_to) where state = 'open' and escalated_to <> '{}';

      create or replace function escalated_tasks(organisations uuid[], overdue boolean, now timestamptz, kind text, after_at timestamptz,
        after_id uuid, most int)
      returns setof uuid language plpgsql stable security definer set search_path = public, pg_temp
        set plan_cache_mode = force_custom_plan as $$
        declare page uuid[];
        begin
          page := array(
            select t.id from (
              select t.id, t.due_at, t.kind, t.escalated_to from task t where ${WANTED} and t.escalated_to <> '{}' order by t.due_at, t.id
                limit ${LOOKED_THROUGH}) t
            where ${THEIRS} order by t.due_at, t.id limit $7);
          if cardinality(page) < $7 then
            page := array(${SOUGHT});
          end if;
          return query select unnest(page);
        end
      $$;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      create or replace function escalated_tasks(organisations uuid[], overdue boolean, now timestamptz, kind text, after_at timestamptz, after_id uuid, most int)
      returns setof uuid language sql stable security definer set search_path = public, pg_temp as $$ ${SOUGHT} $$;
      drop index task_escalated_first;
    `);
  }
}
