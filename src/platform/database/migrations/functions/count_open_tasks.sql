create function count_opened_tasks() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    insert into open_task_change (holder_id, kind, due_at, n)
      select holder_id, kind, due_at, sum(n)::int as n
      from (select holder_id, kind, due_at, 1 as n from opened where state = 'open') moved
      group by 1, 2, 3 having sum(n) <> 0;
    return null;
  end
$$;
create trigger count_opened_tasks after insert on task referencing new table as opened
  for each statement execute function count_opened_tasks();

create function count_moved_tasks() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    insert into open_task_change (holder_id, kind, due_at, n)
      select holder_id, kind, due_at, sum(n)::int as n
      from (select holder_id, kind, due_at, -1 as n from was where state = 'open'
        union all select holder_id, kind, due_at, 1 as n from became where state = 'open') moved
      group by 1, 2, 3 having sum(n) <> 0;
    return null;
  end
$$;
create trigger count_moved_tasks after update on task referencing old table as was new table as became
  for each statement execute function count_moved_tasks();

create function count_removed_tasks() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    insert into open_task_change (holder_id, kind, due_at, n)
      select holder_id, kind, due_at, sum(n)::int as n
      from (select holder_id, kind, due_at, -1 as n from removed where state = 'open') moved
      group by 1, 2, 3 having sum(n) <> 0;
    return null;
  end
$$;
create trigger count_removed_tasks after delete on task referencing old table as removed
  for each statement execute function count_removed_tasks();
