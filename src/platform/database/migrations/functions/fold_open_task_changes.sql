create function fold_open_task_changes(most int) returns int language plpgsql security definer set search_path = public, pg_temp as $$
  declare folded int;
  begin
    if not pg_try_advisory_xact_lock(7240224) then return 0; end if;
    with gone as (
      delete from open_task_change where id in (select id from open_task_change order by id limit most)
      returning holder_id, kind, due_at, n),
    added as (
      insert into open_task_count as c (holder_id, kind, due_at, n)
        select holder_id, kind, due_at, sum(n)::int as n from (select * from gone) moved
        group by 1, 2, 3 having sum(n) <> 0
      on conflict (holder_id, due_at, kind) do update set n = c.n + excluded.n)
    select count(*) into folded from gone;
    delete from open_task_count where n = 0;
    return folded;
  end
$$;
comment on function fold_open_task_changes is 'adds the oldest changes, so many at most, to the counts; how many it added';
