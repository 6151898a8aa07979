create function keep_enrolment_version() returns trigger language plpgsql as $$
  begin
    insert into enrolment_version
      select new.id, coalesce((select max(seq) from enrolment_version where enrolment_id = new.id), 0) + 1, new.school_id, new.state,
        new.major_code, new.grade, new.class_name, new.study_mode, new.length_years, new.expected_leaving_on, new.suspended_until,
        new.since, new.changed_at, new.changed_by, new.valid_to, new.class_since,
        new.enrolled_on, new.major_direction, new.admission_kind, new.origin, new.cross_stage, new.teaching_site, new.number_at_school;
    return null;
  end
$$;
create trigger enrolment_keeps_versions after insert or update on enrolment for each row execute function keep_enrolment_version();
