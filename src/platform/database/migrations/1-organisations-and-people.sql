-- The authority tree, people, their offices from-to and their sign-ins; joint programmes and changes of schools.

create table organisation (
  id uuid primary key,
  code text not null unique,
  name text not null,
  level text not null check (level in ('national', 'province', 'city', 'county', 'school')),
  type text,
  parent_id uuid references organisation,
  ancestors uuid[] not null default '{}',
  province_id uuid references organisation,
  division_code text not null,
  answers_outside boolean not null default false,
  closed_on date,
  successor_id uuid references organisation,
  acting_id uuid references organisation,
  check (level <> 'school' or (type is not null and parent_id is not null))
);
create index organisation_ancestors on organisation using gin (ancestors);
create index organisation_of_province on organisation (province_id) where level = 'school';
create index organisation_parent on organisation (parent_id);

create table person (
  id uuid primary key,
  username text not null unique,
  display_name text not null,
  password_hash text,
  disabled_at timestamptz,
  email_cipher bytea,
  entered_in uuid references organisation,
  entered_at timestamptz,
  password_once_until timestamptz,
  issued_hash text,
  subject_hash bytea,
  constraint person_subject unique (subject_hash),
  constraint person_signs_in_by_one_way check (subject_hash is null or password_hash is null)
);
create index person_at on person (entered_in, username);

create table office (
  id uuid primary key,
  person_id uuid not null references person,
  organisation_id uuid not null references organisation,
  office text not null,
  held_from timestamptz not null,
  held_until timestamptz,
  granted_by uuid references person,
  constraint office_ends_after_it_begins check (held_until is null or held_until >= held_from)
);
create index office_at on office (organisation_id, office) include (person_id, held_from, held_until);
create index office_of_person on office (person_id);
comment on constraint office_ends_after_it_begins on office is 'at the same instant: granted for later, and ended before it began';

create table office_grant (
  id uuid primary key,
  organisation_id uuid not null references organisation,
  person_id uuid not null references person,
  office text not null,
  held_from timestamptz not null,
  held_until timestamptz,
  proposed_by uuid not null references person,
  proposed_at timestamptz not null,
  lapses_at timestamptz not null,
  state text not null check (state in ('pending', 'confirmed', 'refused')),
  settled_by uuid references person,
  settled_at timestamptz,
  check (held_until is null or held_until > held_from),
  constraint office_grant_is_settled_by_somebody check ((state = 'pending') = (settled_by is null)),
  constraint office_grant_needs_a_second check (state <> 'confirmed' or settled_by not in (proposed_by, person_id)),
  constraint office_grant_is_for_another check (proposed_by <> person_id)
);
create index office_grant_at on office_grant (organisation_id, id);
create index office_grant_of on office_grant (person_id, office) where state = 'pending';

create table service_account (
  person_id uuid primary key references person,
  organisation_id uuid not null references organisation,
  purpose text not null,
  areas text[] not null,
  kinds text[],
  per_minute int not null,
  expires_at timestamptz not null,
  key_prefix text,
  key_hash bytea,
  issued_by uuid not null references person,
  issued_at timestamptz not null,
  revoked_by uuid references person,
  revoked_at timestamptz,
  constraint service_account_prefix unique (key_prefix),
  constraint service_account_key_is_whole check ((key_prefix is null) = (key_hash is null)),
  constraint service_account_is_revoked_by_somebody check ((revoked_by is null) = (revoked_at is null))
);
create index service_account_at on service_account (organisation_id, person_id);

create table session (
  token_hash bytea primary key,
  id uuid not null,
  person_id uuid not null references person,
  browser text check (browser in ('chrome', 'edge', 'firefox', 'qq', 'safari', 'other')),
  subject_hash bytea,
  created_at timestamptz not null,
  used_at timestamptz not null,
  expires_at timestamptz not null
);
create index session_expiry on session (expires_at);
create index session_of on session (person_id, created_at);

create table head (
  id uuid primary key,
  organisation_id uuid not null references organisation,
  display_name text not null,
  held_from date not null,
  held_to date,
  set_by uuid references person,
  check (held_to is null or held_to >= held_from)
);
create unique index head_of_organisation on head (organisation_id, held_from);

create table proxy (
  id uuid primary key,
  principal_id uuid not null references person,
  proxy_id uuid not null references person,
  office text not null,
  organisation_id uuid not null references organisation,
  kinds text[],
  valid_from timestamptz not null,
  valid_until timestamptz not null,
  ended_at timestamptz,
  created_at timestamptz not null,
  check (valid_from < valid_until and principal_id <> proxy_id)
);
create index proxy_at on proxy (organisation_id);
create index proxy_for on proxy (principal_id, valid_until);
create index proxy_of on proxy (proxy_id, valid_until);

create table joint_programme (
  id uuid primary key,
  name text not null,
  school_ids uuid[] not null,
  major_codes text[] not null,
  intake_year text not null,
  agreement jsonb not null,
  valid_from date not null,
  valid_to date not null,
  authority_id uuid not null references organisation,
  established_by uuid not null references person,
  established_at timestamptz not null,
  seen_by uuid[] not null,
  check (valid_to >= valid_from)
);
create index joint_programme_schools on joint_programme using gin (school_ids);
create index joint_programme_seen_by on joint_programme using gin (seen_by);

create table organisation_change (
  id uuid primary key,
  kind text not null check (kind in ('merger', 'closure')),
  state text not null check (state in ('planned', 'running', 'done')),
  school_id uuid not null references organisation,
  into_school_id uuid references organisation,
  effective_on date not null,
  document jsonb not null,
  evidence_ids uuid[] not null,
  authority_id uuid not null references organisation,
  started_by uuid not null references person,
  started_at timestamptz not null,
  closed_at timestamptz,
  completed_at timestamptz,
  cases_moved int not null default 0,
  dossiers_moved int not null default 0,
  offices_moved int not null default 0,
  seen_by uuid[] not null,
  orders_moved int not null default 0,
  check ((kind = 'merger') = (into_school_id is not null))
);
create unique index organisation_change_of_school on organisation_change (school_id) where state <> 'done';
create index organisation_change_seen_by on organisation_change using gin (seen_by);
create index organisation_change_unfinished on organisation_change (effective_on, id) where state <> 'done';

create table code_set (
  id uuid primary key,
  name text not null unique
);

create table code_set_version (
  id uuid primary key,
  code_set_id uuid not null references code_set,
  version int not null,
  based_on int not null,
  state text not null check (state in ('draft', 'activated', 'withdrawn')),
  document jsonb not null,
  first_intake text not null check (first_intake ~ '^20[0-9]{2}$'),
  entries jsonb not null,
  drafted_by uuid references person,
  drafted_at timestamptz,
  activated_by uuid references person,
  activated_at timestamptz,
  withdrawn_by uuid references person,
  withdrawn_at timestamptz,
  unique (code_set_id, version),
  check (drafted_by <> activated_by)
);

insert into code_set (id, name) values
  ('0c1d7a52-61f0-5e0a-9a3b-2021a5c0de01', 'majors-2021'),
  ('0c1d7a52-61f0-5e0a-9a3b-2010a5c0de02', 'majors-2010'),
  ('0c1d7a52-61f0-5e0a-9a3b-2018a5c0de03', 'majors-skilled-worker');

create table school_major (
  school_id uuid not null references organisation,
  intake text not null check (intake ~ '^20[0-9]{2}$'),
  major_code text not null,
  study_mode text not null,
  length_years numeric(2, 1) not null,
  entry text not null check (entry in ('juniorMiddle', 'seniorMiddle', 'other')),
  primary key (school_id, major_code, intake, study_mode, length_years)
);

create table sign_in_failure (
  attempt_hash bytea primary key,
  failures int not null,
  failed_at timestamptz not null,
  free_at timestamptz not null
);
create index sign_in_failure_age on sign_in_failure (failed_at);

create table ended_token (
  token_hash bytea primary key,
  expires_at timestamptz not null
);
create index ended_token_expires on ended_token (expires_at);

create table usage (
  holder_id uuid not null,
  what text not null,
  since timestamptz not null,
  n bigint not null,
  primary key (holder_id, what)
);

create table idempotency (
  person_id uuid not null,
  key text not null,
  request_hash bytea not null,
  answer bytea,
  standing jsonb,
  created_at timestamptz not null,
  primary key (person_id, key)
);
create index idempotency_age on idempotency (created_at);
