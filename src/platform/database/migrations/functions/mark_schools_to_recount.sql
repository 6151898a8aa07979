create function mark_enrolled() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    insert into term_recount (school_id) select distinct school_id from became;
    return null;
  end
$$;
create trigger mark_enrolled after insert on enrolment referencing new table as became
  for each statement execute function mark_enrolled();

create function mark_changed_enrolments() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    insert into term_recount (school_id) select school_id from was union select school_id from became;
    return null;
  end
$$;
create trigger mark_changed_enrolments after update on enrolment referencing old table as was new table as became
  for each statement execute function mark_changed_enrolments();

create function mark_registered() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    insert into term_recount (school_id)
      select distinct e.school_id from became r join enrolment e on e.student_id = r.student_id;
    return null;
  end
$$;
create trigger mark_registered after insert on term_registration referencing new table as became
  for each statement execute function mark_registered();

create function mark_retracted() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
  begin
    insert into term_recount (school_id)
      select distinct e.school_id from became r join enrolment e on e.student_id = r.student_id;
    return null;
  end
$$;
create trigger mark_retracted after update on term_registration referencing new table as became
  for each statement execute function mark_retracted();
