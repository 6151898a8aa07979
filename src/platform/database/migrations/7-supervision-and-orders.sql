-- Orders, irregularities and the ends of suspensions.

create sequence supervision_order_number;

create table supervision_order (
  id uuid primary key,
  number text not null unique,
  authority_id uuid not null references organisation,
  school_id uuid not null references organisation,
  student_id uuid references student,
  kind text,
  state text not null check (state in ('open', 'replied', 'answered', 'withdrawn')),
  due_date date not null,
  escalated_to uuid[] not null default '{}',
  request_id uuid references change_request,
  seen_by uuid[] not null,
  ordered_at timestamptz not null,
  closed_at timestamptz,
  last_seq int not null,
  read_seq int not null default 0,
  run_id text,
  read_at timestamptz,
  next_wake_at timestamptz,
  acting_id uuid references organisation,
  check (kind is null or student_id is not null)
);
create index supervision_order_answered_by on supervision_order (request_id) where request_id is not null;
create index supervision_order_awaited on supervision_order (student_id, kind) where state in ('open', 'replied');
create index supervision_order_of_school on supervision_order (school_id);
create index supervision_order_running on supervision_order (ordered_at, id) where state in ('open', 'replied') or read_seq < last_seq;
create index supervision_order_running_by_number on supervision_order (number) where state in ('open', 'replied');
create index supervision_order_seen_by on supervision_order using gin (seen_by);

create table irregularity (
  id uuid primary key,
  authority_id uuid not null references organisation,
  organisation_id uuid not null references organisation,
  category text not null,
  request_id uuid references change_request,
  student_id uuid references student,
  order_id uuid references supervision_order,
  outcome text,
  seen_by uuid[] not null,
  registered_at timestamptz not null,
  outcome_at timestamptz,
  last_seq int not null
);
create index irregularity_open_about on irregularity (student_id) where outcome is null;
create index irregularity_seen_by on irregularity using gin (seen_by);

create table suspension_term (
  enrolment_id uuid not null references enrolment,
  until date not null,
  reminded_at timestamptz,
  expired_at timestamptz,
  order_id uuid references supervision_order,
  primary key (enrolment_id, until)
);
