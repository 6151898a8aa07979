create function students_of_evidence(evidence uuid) returns setof uuid language sql stable security definer
  set search_path = public, pg_temp as $$
  select student_id from change_request where evidence_ids @> array[$1]
  union select student_id from dossier_evidence where evidence_id = $1
  union select student_id from certificate where photograph_id = $1
$$;
comment on function students_of_evidence is
  'the students whose requests, dossiers or certificates hold it: for the record of who has read it, and for no answer';
