-- The read model of requests and tasks, the processes' cursors, and what waits for a case.

create sequence change_request_number;

create table change_request (
  id uuid primary key,
  number text not null unique,
  kind text not null,
  student_id uuid references student,
  masked_name text,
  state text not null check (state in ('open', 'approved', 'rejected', 'recalled', 'superseded', 'cancelled')),
  hold jsonb,
  processing boolean not null,
  version int not null,
  route jsonb not null,
  steps jsonb not null,
  details jsonb not null,
  application jsonb,
  evidence_ids uuid[] not null,
  external_id text,
  filer_id uuid references person,
  filer_organisation_id uuid not null references organisation,
  source_school_id uuid not null references organisation,
  destination_school_id uuid references organisation,
  seen_by uuid[] not null,
  filed_at timestamptz not null,
  closed_at timestamptz,
  last_seq int not null,
  last_process_seq int not null,
  objected boolean not null default false,
  constraint change_request_subject check ((kind in ('intake', 'graduation')) = (student_id is null)
    and (student_id is null) = (masked_name is null))
);
create index change_request_claims on change_request ((details ->> 'registrationId')) where kind = 'registrationException';
create index change_request_closed on change_request (closed_at) include (source_school_id, state) where closed_at is not null;
create index change_request_evidence on change_request using gin (evidence_ids);
create index change_request_filed_by on change_request (filer_id, filed_at, id) where filer_id is not null;
create index change_request_filed on change_request (filed_at) include (source_school_id);
create index change_request_of_student on change_request (student_id, filed_at) where student_id is not null;
create index change_request_on_hold on change_request (filed_at desc, id desc) where hold is not null;
create unique index change_request_one_correction on change_request (student_id) where state = 'open' and kind = 'infoCorrection';
create unique index change_request_one_death on change_request (student_id) where state = 'open' and kind = 'death';
create unique index change_request_one_open on change_request
  (student_id) where state = 'open' and kind not in ('death', 'duplicateRuling', 'infoCorrection');
create index change_request_open on change_request (filed_at, id) where state = 'open';
create index change_request_open_by_number on change_request (number) where state = 'open';
create index change_request_repeats on change_request (source_school_id, filed_at) where kind = 'repeatYear';
create index change_request_seen_by on change_request using gin (seen_by);
create index change_request_under_policy on change_request (
  (coalesce(route -> 'parties' ->> 'province',
    case kind when 'crossTrackTransfer' then route -> 'parties' ->> 'destinationProvince'
      else route -> 'parties' ->> 'sourceProvince' end)),
  filed_at, id) where kind not in ('duplicateRuling', 'intake', 'graduation');
comment on index change_request_under_policy is 'by the province under whose policy it was filed; nobody files a ruling or a batch';

create table task (
  id uuid primary key,
  request_id uuid not null references change_request,
  step text not null,
  visit int not null,
  supplement boolean not null,
  capacities text[] not null,
  holder_id uuid not null references organisation,
  on_behalf_of_id uuid references organisation,
  office text not null,
  state text not null check (state in ('open', 'decided', 'void')),
  version int not null,
  assignee_id uuid references person,
  claimant_id uuid references person,
  escalated_to uuid[] not null default '{}',
  returns int not null,
  opened_at timestamptz not null,
  arrived_on date not null,
  working_days int not null,
  due_date date not null,
  due_at timestamptz not null,
  provisional boolean not null,
  verdict text,
  decided_at timestamptz,
  decided_by uuid references person,
  decided_late boolean,
  delegate_id uuid references person,
  kind text not null,
  claimed_on date,
  claim_working_days int,
  budget jsonb,
  void_seq int,
  unique (request_id, step, visit, supplement)
);
create index task_assignee on task (assignee_id) where state = 'open' and assignee_id is not null;
create index task_claimant on task (claimant_id) where state = 'open' and claimant_id is not null;
create index task_delegate on task (delegate_id) where state = 'open' and delegate_id is not null;
create index task_deadlines on task (due_at, id) include (holder_id, kind) where state = 'open';
create index task_decided_at on task (decided_at) include (holder_id) where decided_late;
create index task_decided_by on task (decided_by, decided_at desc, id desc) where state = 'decided';
create index task_escalated on task using gin (escalated_to) where state = 'open';
create index task_escalated_first on task (due_at, id) include (kind, escalated_to) where state = 'open' and escalated_to <> '{}';
create index task_inbox on task (holder_id, office, due_at, id) include (kind, step, request_id, escalated_to) where state = 'open';
create index task_open on task (id) where state = 'open';
create index task_overdue on task (holder_id, due_at, id) include (kind, request_id, escalated_to) where state = 'open';
comment on index task_overdue is
  'with the columns of the policy, so that overdue tasks are counted from the index alone; as task_inbox is read';

create table consultation (
  id uuid primary key,
  request_id uuid not null references change_request,
  task_id uuid not null references task,
  asking_id uuid not null references organisation,
  asked_id uuid not null references organisation,
  due_date date not null,
  asked_seq int not null,
  asked_at timestamptz not null,
  answered_seq int,
  answered_at timestamptz
);
create index consultation_asked on consultation (asked_id, due_date, id);
create index consultation_asking on consultation (asking_id, due_date, id);
create index consultation_of_request on consultation (request_id);
create index consultation_unanswered on consultation (due_date, id) where answered_at is null;

create table process_cursor (
  request_id uuid primary key references change_request,
  seq int not null,
  hash text not null,
  run_id text not null,
  next_wake_at timestamptz,
  read_at timestamptz not null,
  former_run_id text
);
create index process_cursor_wake on process_cursor (next_wake_at);

create table process_incident (
  about text not null,
  run_id text not null,
  request_id uuid references change_request,
  found text not null check (found in (
    'missing', 'terminated', 'reset', 'failed', 'timedOut', 'cancelled', 'completed', 'restarted', 'internalError', 'readModelDiffers',
    'foreign', 'unknown', 'evidenceMissing', 'evidenceChanged')),
  at timestamptz not null,
  since timestamptz,
  ended_by text,
  reason text,
  acknowledged_by uuid references person,
  acknowledged_at timestamptz,
  note text,
  primary key (about, run_id)
);
create index process_incident_acknowledged on process_incident (acknowledged_by) where acknowledged_by is not null;
create index process_incident_at on process_incident (at, about, run_id);
create index process_incident_of on process_incident (request_id, at) where request_id is not null;

create table read_model_check (
  one boolean primary key default true check (one),
  after_id uuid,
  began_at timestamptz not null default '-infinity',
  checked bigint not null default 0
);

create table open_task_count (
  holder_id uuid not null references organisation,
  due_at timestamptz not null,
  kind text not null,
  n int not null,
  primary key (holder_id, due_at, kind) include (n)
);
create index open_task_count_none on open_task_count (holder_id) where n = 0;

create table open_task_change (
  id bigint generated always as identity primary key,
  holder_id uuid not null,
  due_at timestamptz not null,
  kind text not null,
  n int not null
);

create table stale_case (
  request_id uuid primary key references change_request,
  moved_seq int not null,
  moved_at timestamptz not null,
  noted_at timestamptz not null
);
create index stale_case_since on stale_case (moved_at, request_id);

create table urge (
  request_id uuid not null references change_request,
  seq int not null,
  task_id uuid not null references task,
  organisation_id uuid not null references organisation,
  person_id uuid not null references person,
  answer_by date not null,
  urged_at timestamptz not null,
  answered_at timestamptz,
  primary key (request_id, seq)
);
create index urge_awaited on urge (answer_by, request_id, seq) where answered_at is null;
create index urge_of on urge (organisation_id, answer_by, request_id, seq);
create index urge_open on urge (task_id) where answered_at is null;

create table overdue_day (
  day date not null,
  holder_id uuid not null references organisation,
  kind text not null,
  age text not null,
  overdue int not null,
  primary key (holder_id, day, kind, age) include (overdue)
);

create table overdue_counted (
  day date primary key,
  at timestamptz not null
);

create table filing_notice (
  request_id uuid not null references change_request,
  from_school_id uuid not null references organisation,
  to_province_id uuid not null references organisation,
  recorded_at timestamptz not null,
  id uuid not null default gen_random_uuid(),
  received_seq int,
  received_at timestamptz,
  queried_seq int,
  queried_at timestamptz,
  answered_seq int,
  answered_at timestamptz,
  primary key (request_id, from_school_id, to_province_id)
);
create index filing_notice_from on filing_notice (from_school_id, id);
create unique index filing_notice_id on filing_notice (id);
create index filing_notice_to on filing_notice (to_province_id, id);

create table identity_check (
  request_id uuid primary key references change_request,
  due_at timestamptz not null,
  attempts int not null default 0
);
create index identity_check_due on identity_check (due_at);

create table registration (
  id uuid primary key,
  student_id uuid not null references student,
  enrolment_id uuid not null references enrolment,
  school_id uuid not null references organisation,
  findings text[] not null,
  reported_on date not null,
  late boolean not null,
  registered_by uuid references person,
  recorded_at timestamptz not null,
  intake_id uuid not null references intake,
  request_id uuid references change_request,
  review text check (review in ('approved', 'returned', 'heldBack')),
  review_step text,
  review_reason bytea,
  cause text,
  registered_at timestamptz,
  photograph_id uuid references evidence,
  check (review is null or request_id is not null)
);
create index registration_approved on registration (id) where review = 'approved' and registered_at is null;
create index registration_of_intake on registration (intake_id, id);
create index registration_under_review on registration (request_id, id) where request_id is not null;
create index registration_photograph on registration (photograph_id) where photograph_id is not null;
create index registration_at_school on registration (school_id, recorded_at, id);
create unique index registration_of_enrolment on registration (enrolment_id);

create table duplicate (
  id uuid primary key,
  registration_id uuid not null references registration,
  held_student_id uuid not null references student,
  other_student_id uuid not null references student,
  other_school_id uuid not null references organisation,
  types text[] not null,
  state text not null check (state in ('open', 'settled')),
  outcome text,
  ruling_request_id uuid unique references change_request,
  settled_by uuid references change_request,
  settled_at timestamptz,
  unique (registration_id, other_student_id),
  check ((state = 'settled') = (outcome is not null))
);
create index duplicate_of_held on duplicate (held_student_id);
create index duplicate_of_other on duplicate (other_student_id);

create table registration_check (
  registration_id uuid primary key references registration,
  due_at timestamptz not null,
  attempts int not null default 0
);
create index registration_check_due on registration_check (due_at);

alter table student_fact add foreign key (request_id) references change_request;

insert into read_model_check default values;
