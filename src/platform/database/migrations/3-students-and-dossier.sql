-- Students with encrypted personal fields, enrolments of which at most one is held, facts from a day on, evidence, terms.

create table student (
  id uuid primary key,
  number_cipher bytea not null,
  number_index bytea not null unique,
  document_type text not null,
  document_cipher bytea not null,
  document_index bytea not null,
  name_cipher bytea not null,
  name_index bytea not null,
  masked_name text not null,
  sex text not null,
  birth_date_cipher bytea not null,
  birth_year int not null,
  changed_at timestamptz not null,
  document_standing text not null default 'own' check (document_standing in ('own', 'contested', 'shared')),
  merged_into uuid references student,
  finding_keys bytea[] not null default '{}',
  authentication text not null default 'pending' check (authentication in ('pending', 'confirmed', 'attested'))
);
create index student_by_document on student (document_index);
create index student_by_name on student (name_index);
create unique index student_document_index_key on student (document_index) where document_standing = 'own';
create index student_merged_into on student (merged_into) where merged_into is not null;

create table enrolment (
  id uuid primary key,
  student_id uuid not null references student,
  school_id uuid not null references organisation,
  state text not null check (state in (
    'heldDuplicate', 'pending', 'active', 'suspended', 'transferredOut', 'withdrawn', 'deregistered', 'deceased', 'completed', 'graduated',
    'advanced')),
  major_code text,
  grade text not null,
  class_name text,
  study_mode text not null,
  length_years numeric(2, 1) not null,
  enrolled_on date not null,
  expected_leaving_on date not null,
  valid_from date not null,
  valid_to date,
  recorded_at timestamptz not null,
  opened_by uuid,
  closed_by uuid,
  since date not null,
  suspended_until date,
  changed_at timestamptz not null,
  changed_by uuid,
  custodian_id uuid references organisation,
  class_since date,
  major_direction text,
  admission_kind text,
  origin text,
  cross_stage text,
  teaching_site text,
  number_at_school text,
  import_id uuid references import
);
create index enrolment_at_school on enrolment (school_id, student_id);
create index enrolment_changed on enrolment (school_id, changed_at, id);
create index enrolment_ended on enrolment (school_id, since) where state not in ('active', 'suspended', 'pending', 'heldDuplicate');
create index enrolment_by_class on enrolment (
  school_id, grade, (case when class_name is null then '' else class_name end), student_id);
create unique index enrolment_held_once on enrolment (student_id) where state in ('active', 'suspended');
create index enrolment_in_study on enrolment (school_id, student_id) where state in ('active', 'suspended', 'pending', 'heldDuplicate');
create index enrolment_of_student on enrolment (student_id, valid_from);
create index enrolment_suspended on enrolment (suspended_until) where state = 'suspended';

create table enrolment_version (
  enrolment_id uuid not null references enrolment,
  seq int not null,
  school_id uuid not null references organisation,
  state text not null,
  major_code text,
  grade text not null,
  class_name text,
  study_mode text not null,
  length_years numeric(2, 1) not null,
  expected_leaving_on date not null,
  suspended_until date,
  since date not null,
  recorded_at timestamptz not null,
  request_id uuid,
  valid_to date,
  class_since date,
  enrolled_on date not null,
  major_direction text,
  admission_kind text,
  origin text,
  cross_stage text,
  teaching_site text,
  number_at_school text,
  primary key (enrolment_id, seq)
);

create table student_fact (
  student_id uuid not null references student,
  fact text not null,
  value_cipher bytea not null,
  valid_from date not null,
  recorded_at timestamptz not null,
  seq bigint generated always as identity,
  request_id uuid,
  day date,
  primary key (student_id, fact, seq)
);

create table former_document (
  student_id uuid not null references student,
  document_type text not null,
  document_cipher bytea not null,
  document_index bytea not null,
  until timestamptz not null,
  primary key (student_id, document_index)
);
create index former_document_by_index on former_document (document_index);

create table population_register (
  document_index bytea primary key,
  name_index bytea not null
);

create table evidence (
  id uuid primary key,
  sha256 text not null,
  size bigint not null,
  type text not null,
  uploaded_by uuid not null references person,
  organisation_ids uuid[] not null,
  uploaded_at timestamptz not null,
  name_cipher bytea not null,
  pages integer,
  scan text not null default 'notScanned' check (scan in ('clean', 'notScanned')),
  offices jsonb not null default '[]'
);
create index evidence_age on evidence (uploaded_at, id);
create index evidence_content on evidence (sha256);

create table dossier_evidence (
  student_id uuid not null references student,
  evidence_id uuid not null references evidence,
  request_id uuid not null,
  joined_at timestamptz not null,
  primary key (student_id, evidence_id)
);
create index dossier_evidence_of on dossier_evidence (evidence_id);

create table evidence_removed (
  one boolean primary key default true check (one),
  uploads bigint not null default 0,
  files bigint not null default 0
);

create table dossier_access (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  what text not null check (what in (
    'lookup', 'student', 'dossier', 'evidence', 'unmasking', 'subject', 'export', 'certificate', 'signInCode')),
  student_id uuid,
  evidence_id uuid,
  person_id uuid not null,
  offices jsonb not null,
  seq int not null,
  hash bytea not null,
  check (student_id is not null or evidence_id is not null)
);
create unique index dossier_access_chain on dossier_access (person_id, seq);
create index dossier_access_age on dossier_access using brin (at);
create index dossier_access_of on dossier_access (student_id, id) where student_id is not null;

create table reader_head (
  person_id uuid primary key,
  seq int not null default 0,
  hash bytea not null default '',
  kept_after int not null default 0,
  kept_hash bytea not null default ''
) with (fillfactor = 50);

create table unmasking (
  id uuid primary key,
  student_id uuid not null references student,
  person_id uuid not null references person,
  office text not null,
  organisation_id uuid not null references organisation,
  seq int not null,
  at timestamptz not null
);
create index unmasking_latest on unmasking (at desc, id desc);

create table school_class (
  id uuid primary key,
  school_id uuid not null references organisation,
  name text not null,
  former_names text[] not null default '{}',
  grade text not null,
  major_code text,
  head_teacher text,
  size int,
  opened_on date not null,
  closed_on date,
  merged_into uuid references school_class
);
create index school_class_of_school on school_class (school_id, grade, name, id);
create unique index school_class_open_once on school_class (school_id, name) where closed_on is null;

create table school_term (
  id uuid primary key,
  school_id uuid not null references organisation,
  year int not null,
  nth int not null check (nth in (1, 2)),
  first_day date,
  reminded_at timestamptz,
  overdue_told_at timestamptz,
  last_seq int not null default 0,
  unique (school_id, year, nth)
);

create table term_registration (
  student_id uuid not null,
  year int not null,
  nth int not null,
  term_id uuid not null references school_term,
  seq int not null,
  school_id uuid not null,
  enrolment_id uuid not null references enrolment,
  registered_at timestamptz not null,
  first_day date not null,
  working_days int not null,
  due_date date not null,
  late boolean not null,
  retracted_seq int,
  retracted_at timestamptz,
  primary key (student_id, year, nth, term_id, seq)
);
create unique index term_registration_once on term_registration (student_id, year, nth) where retracted_at is null;

create table term_count (
  school_id uuid not null references organisation,
  year int not null,
  nth int not null,
  to_register int not null,
  registered int not null,
  late int not null,
  owed int not null,
  due_date date not null,
  suspended int not null,
  pending int not null,
  counted_at timestamptz not null,
  primary key (school_id, year, nth)
);

create table term_recount (
  id bigint generated always as identity primary key,
  school_id uuid not null
);

create trigger enrolment_version_append_only before update or delete on enrolment_version
  for each row execute function refuse_change();
create trigger student_fact_append_only before update or delete on student_fact for each row execute function refuse_change();
create trigger student_fact_no_truncate before truncate on student_fact for each statement execute function refuse_change();
create trigger dossier_access_no_update before update on dossier_access for each row execute function refuse_change();
create trigger dossier_access_no_truncate before truncate on dossier_access for each statement execute function refuse_change();

create sequence student_number_issue start with 1000001 maxvalue 9999999;

insert into evidence_removed default values;
