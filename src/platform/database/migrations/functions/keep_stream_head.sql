create function keep_stream_head() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    insert into stream_head (stream_id, stream, seq, hash)
      select distinct on (stream_id) stream_id, stream, seq, hash from appended order by stream_id, seq desc
      on conflict (stream_id) do update set seq = excluded.seq, hash = excluded.hash;
    return null;
  end
$$;
create trigger act_keeps_head after insert on act referencing new table as appended
  for each statement execute function keep_stream_head();

create function keep_checkpoint_head() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    insert into stream_head (stream_id, stream, seq, hash)
      select '00000000-0000-0000-0000-000000000000', 'checkpoint', number, digest from appended order by number desc limit 1
      on conflict (stream_id) do update set seq = excluded.seq, hash = excluded.hash;
    return null;
  end
$$;
create trigger checkpoint_keeps_head after insert on ledger_checkpoint referencing new table as appended
  for each statement execute function keep_checkpoint_head();
