import type { MigrationInterface, QueryRunner } from 'typeorm';

const SUMS = (from: string) => `select holder_id, kind, due_at, sum(n)::int as n from (${from}) moved group by 1, 2, 3 having sum(n) <> 0`;
const OPEN = (table: string, n: number) => `select holder_id, kind, due_at, ${n} as n from ${table} where state = 'open'`;
const FIRES = (name: string, event: string, tables: string, sums: string): string => `
  create function ${name}() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
    begin insert into open_task_change (holder_id, kind, due_at, n) ${SUMS(sums)}; return null; end $$;
  create trigger ${name} after ${event} on task referencing ${tables} for each statement execute function ${name}();`;

/**
 * Open tasks counted by holder, kind and deadline, kept by the database itself. A statement that opens, ends or moves tasks only appends
 * what it changed, so that no decision waits for another; \`fold_open_task_changes\` adds that up now and then. Counts and changes together
 * are right at every moment.
 */
export class OpenTaskCounts1700000000030 implements MigrationInterface {
  name = 'OpenTaskCounts1700000000030';

  async up(db: QueryRunner): Promise<void> {
    await db.query(`
      create table open_task_count (
        holder_id uuid not null references organisation,
        due_at timestamptz not null,
        kind text not null,
        n int not null,
        primary key (holder_id, due_at, kind) include (n)
      );
      create index open_task_count_none on open_task_count (holder_id) where n = 0;
      create table open_task_change (
        id bigint generated always as identity primary key,
        holder_id uuid not null,
        due_at timestamptz not null,
        kind text not null,
        n int not null
      );
      comment on table open_task_change is 'what is not in open_task_count yet; appended by triggers on task alone';

      ${FIRES('count_opened_tasks', 'insert', 'new table as opened', OPEN('opened', 1))}
      ${FIRES('count_moved_tasks', 'update', 'old table as was new table as became', `${OPEN('was', -1)} union all ${OPEN('became', 1)}`)}
      ${FIRES('count_removed_tasks', 'delete', 'old table as removed', OPEN('removed', -1))}
      insert into open_task_count (holder_id, kind, due_at, n) ${SUMS(OPEN('task', 1))};

      create function fold_open_task_changes(most int) returns int language plpgsql security definer set search_path = public, pg_temp as $$
        declare folded int;
        begin
          if not pg_try_advisory_xact_lock(7240224) then return 0; end if;
          with gone as (
            delete from open_task_change where id in (select id from open_task_change order by id limit most)
            returning holder_id, kind, due_at, n),
          added as (
            insert into open_task_count as c (holder_id, kind, due_at, n) ${SUMS('select * from gone')}
            on conflict (holder_id, due_at, kind) do update set n = c.n + excluded.n)
          select count(*) into folded from gone;
          delete from open_task_count where n = 0;
          return folded;
        end $$;
      comment on function fold_open_task_changes is 'adds the oldest changes, so many at most, to the counts; how many it added';

      revoke execute on function count_opened_tasks, count_moved_tasks, count_removed_tasks, fold_open_task_changes from public;
      grant execute on function fold_open_task_changes to xueji_app;
      grant select on open_task_count, open_task_change to xueji_app;
    `);
  }

  async down(db: QueryRunner): Promise<void> {
    await db.query(`
      drop trigger count_opened_tasks on task;
      drop trigger count_moved_tasks on task;
      drop trigger count_removed_tasks on task;
      drop function count_opened_tasks, count_moved_tasks, count_removed_tasks, fold_open_task_changes;
      drop table open_task_change, open_task_count;
    `);
  }
}
