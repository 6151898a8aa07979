-- A document under which nobody was ever registered is no former one: it was entered wrongly.
create function keep_former_document() returns trigger language plpgsql as $$
  begin
    insert into former_document select old.id, old.document_type, old.document_cipher, old.document_index, new.changed_at
      where exists (select 1 from enrolment e where e.student_id = old.id and e.state not in ('pending', 'heldDuplicate'))
      on conflict do nothing;
    return null;
  end
$$;
create trigger student_keeps_former_document after update of document_index on student
  for each row when (old.document_index is distinct from new.document_index) execute function keep_former_document();
