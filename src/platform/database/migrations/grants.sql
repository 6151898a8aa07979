-- What the application's role may do, table by table: no more than it needs, and on the ledger never `update` or `delete`.

grant usage on schema public to xueji_app;

grant select, insert on act, act_text, ledger_checkpoint, dossier_access, dossier_evidence, enrolment_version, student_fact,
  former_document, unmasking, admission, evidence, event, filing_notice, joint_programme, policy, population_register, process_incident,
  code_set_version to xueji_app;
grant update (salt, cipher) on act_text to xueji_app;
grant select on stream_head, reader_head to xueji_app;
grant update (received_seq, received_at, queried_seq, queried_at, answered_seq, answered_at) on filing_notice to xueji_app;
grant update (since, ended_by, reason, acknowledged_by, acknowledged_at, note) on process_incident to xueji_app;
grant update (school_ids, seen_by) on joint_programme to xueji_app;
grant update (state, activated_by, activated_at, withdrawn_by, withdrawn_at) on code_set_version to xueji_app;
grant update (based_on, in_place_of, state, effective_from, activated_by, activated_at, revoked_by, revoked_at, whole) on policy to
  xueji_app;

grant select, insert, update on register_check to xueji_app;
grant select, insert, update, delete on other_register to xueji_app;
grant select, insert, update on doubt_answer, data_statement to xueji_app;
grant select, insert, update on graduation, graduation_member, import, import_row to xueji_app;
grant select, insert, update on service_account to xueji_app;
grant select, insert, update on organisation, person, office, office_grant, head, proxy, organisation_change, student, enrolment,
  registration, duplicate, admission_list, school_class, school_term, term_registration, term_count, intake, change_request, task,
  consultation, urge, stale_case, process_cursor, calendar, calendar_version, working_day, deadline_move, policy_pack, supervision_order,
  irregularity, late_window, suspension_term, webhook, notification_preference, phrase_list to xueji_app;
grant select, insert, update on background_round, ledger_verification to xueji_app;
grant maintain on working_day to xueji_app;

grant select, insert on job_part to xueji_app;
grant select, insert, delete on session, student_session, verification_use, ended_token, school_major, term_recount, overdue_day,
  overdue_counted, webhook_delivery to xueji_app;
grant select, insert, update, delete on draft, job, student_sign_in, verification_code, sign_in_failure, usage, idempotency, identity_check,
  registration_check, deadline_note, notification, mail, statutory_day to xueji_app;
grant select, update on code_set, event_relay, evidence_removed, notification_cursor, read_model_check to xueji_app;
grant select on open_task_count, open_task_change, task_due to xueji_app;
grant update (used_at) on session to xueji_app;
grant select, insert on certificate to xueji_app;
grant update (state, handed_over_on, ended_at) on certificate to xueji_app;
grant select, insert, update on certificate_number to xueji_app;
grant usage on sequence change_request_number, supervision_order_number, student_number_issue to xueji_app;

revoke execute on function count_opened_tasks, count_moved_tasks, count_removed_tasks, mark_enrolled, mark_changed_enrolments,
  mark_registered, mark_retracted, keep_stream_head, keep_checkpoint_head, refuse_text_change, chain_dossier_access from public;
revoke execute on function fold_open_task_changes, latest_requests_under, student_until, shows_evidence, found_requests, found_tasks,
  escalated_tasks, requests_shown_to, forget_dossier_access, derived_rows, students_of_evidence, loose_evidence, remove_loose_evidence from
  public;
grant execute on function fold_open_task_changes, latest_requests_under, student_until, shows_evidence, found_requests, found_tasks,
  escalated_tasks, requests_shown_to, forget_dossier_access, derived_rows, students_of_evidence, loose_evidence, remove_loose_evidence to
  xueji_app;
