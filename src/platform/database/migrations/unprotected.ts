const OPEN = 'a directory that every signed-in person reads';
const OWN_QUERY = 'read before the caller is known, by a digest that the caller must hold';
const QUEUE = 'a queue of the process: ids and instants';
const PLACE = 'the place of a process: numbers and instants';
const COUNTS = 'counts and dates, of nobody in particular';
const SIDES = 'both sides read it, and its statements name them; who the persons are stands in student, which has a policy';
const BESIDE = 'ids and dates, read beside the case; its texts are in act_text, which has a policy';
const BEFORE_SCOPE = 'the guard reads it before a scope stands, and acts show it to all who see them; passwords are digests';

/** Tables without a policy of row-level security, each with the reason. A test holds that every table is here or has one. */
export const UNPROTECTED: Readonly<Record<string, string>> = {
  calendar: OPEN,
  calendar_version: OPEN,
  consultation: BESIDE,
  deadline_move: PLACE,
  deadline_note: QUEUE,
  duplicate: SIDES,
  ended_token: OWN_QUERY,
  event: 'places in the ledger, which has a policy',
  event_relay: PLACE,
  evidence_removed: COUNTS,
  filing_notice: BESIDE,
  head: OPEN,
  idempotency: 'answers are encrypted, bound to person and key',
  identity_check: QUEUE,
  irregularity: 'ids and categories; its statements ask its own seen_by, and its texts are in act_text, which has a policy',
  joint_programme: 'agreements of schools; its statements ask its own seen_by',
  late_window: OPEN,
  ledger_checkpoint: 'digests and counts',
  mail: QUEUE,
  notification_cursor: PLACE,
  office: BEFORE_SCOPE,
  office_grant: 'offices that wait, as ids and dates; its statements ask for the administrator’s organisations',
  open_task_change: COUNTS,
  open_task_count: COUNTS,
  organisation: OPEN,
  organisation_change: 'changes of schools; its statements ask its own seen_by',
  overdue_counted: COUNTS,
  overdue_day: COUNTS,
  person: BEFORE_SCOPE,
  policy: OPEN,
  policy_pack: OPEN,
  population_register: 'keyed digests of the demonstration’s invented people',
  process_cursor: PLACE,
  process_incident: 'run ids and instants; its statement asks for the operator’s organisations',
  proxy: BEFORE_SCOPE,
  read_model_check: PLACE,
  registration: SIDES,
  registration_check: QUEUE,
  school_major: OPEN,
  session: OWN_QUERY,
  sign_in_failure: 'digests of names and counts, asked before the caller is known',
  stale_case: BESIDE,
  statutory_day: OPEN,
  supervision_order: 'ids and dates; its statements ask its own seen_by, and its texts are in act_text, which has a policy',
  suspension_term: 'dates, read beside the enrolment',
  term_count: COUNTS,
  term_recount: QUEUE,
  urge: BESIDE,
  usage: COUNTS,
  webhook: 'addresses, with their secrets encrypted; its statements ask for the administrator’s organisations',
  webhook_delivery: 'instants and status codes, read beside the webhook',
  working_day: OPEN,
};
