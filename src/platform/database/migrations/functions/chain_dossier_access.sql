create function chain_dossier_access() returns trigger language plpgsql security definer set search_path = public, pg_temp
  set timezone = 'UTC' as $$
  declare head reader_head;
  begin
    insert into reader_head (person_id) values (new.person_id) on conflict do nothing;
    select * into head from reader_head where person_id = new.person_id for update;
    new.seq := head.seq + 1;
    new.hash := sha256(head.hash || convert_to(text_of_access(new), 'UTF8'));
    update reader_head set seq = new.seq, hash = new.hash where person_id = new.person_id;
    return new;
  end
$$;
create function text_of_access(a dossier_access) returns text language sql stable as $$
  select concat_ws(' ', a.person_id, a.seq, to_char(a.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US'), a.what,
    coalesce(a.student_id::text, '-'), coalesce(a.evidence_id::text, '-'), a.offices)
$$;
comment on function text_of_access is 'what the hash of a read covers beside the hash before it';
create trigger dossier_access_chained before insert on dossier_access for each row execute function chain_dossier_access();
