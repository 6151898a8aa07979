create function refuse_contested_document() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    if exists (
      select 1 from enrolment e join student s on s.id = e.student_id
      where s.id = (case when tg_table_name = 'student' then to_jsonb(new) ->> 'id' else to_jsonb(new) ->> 'student_id' end)::uuid
        and s.document_standing = 'contested' and e.state in ('active','suspended')) then
      raise exception 'nobody is registered with a document that is contested (R-10)';
    end if;
    return null;
  end
$$;
comment on function refuse_contested_document is
  'runs as the owner, at the commit: what the scope cannot see must be refused all the same';
create constraint trigger enrolment_document_uncontested after insert or update of state on enrolment
  deferrable initially deferred for each row execute function refuse_contested_document();
create constraint trigger student_document_uncontested after update of document_standing on student
  deferrable initially deferred for each row execute function refuse_contested_document();
