create function refuse_text_change() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    if new.salt is null and new.cipher is null and (new.stream_id, new.seq, new.field) = (old.stream_id, old.seq, old.field)
      and exists (select 1 from act where stream_id = '0f4d2c1e-7a35-5b60-8c1d-3e9a5b7f2d11' and stream = 'erasure'
        and key = concat_ws('/', old.stream_id, old.seq, old.field)) then
      return new;
    end if;
    raise exception 'the ledger is append-only';
  end
$$;
comment on function refuse_text_change is 'a text is erased after an act of erasure that names it, and never changed otherwise';
create trigger act_text_erased_by_act before update on act_text for each row execute function refuse_text_change();
