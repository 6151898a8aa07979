-- The role that the application takes: it owns nothing, and can neither change nor remove an act.

do $$ begin
  if not exists (select 1 from pg_roles where rolname = 'xueji_app') then create role xueji_app nologin; end if;
exception when duplicate_object or unique_violation then null;
end $$;

do $$ begin
  if not pg_has_role(current_user, 'xueji_app', 'member') then grant xueji_app to current_user; end if;
end $$;
