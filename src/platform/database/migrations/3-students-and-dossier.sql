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
  changed_at timestamptz not null,
  document_standing text not null default 'own' check (document_standing in ('own', 'contested', 'shared')),
  merged_into uuid references student
);
comment on column student.number_index is 'keyed digest (HMAC) for exact look-ups; the number itself is encrypted';
comment on column student.document_standing is
  'own: the one row to which the document belongs; contested: a duplicate that is held or was not kept; shared: two persons by a '
  'ruling, the document still to be put right';
comment on column student.merged_into is 'the dossier of the same person that a ruling kept; this one stays as it was';
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
  custodian_id uuid references organisation
);
comment on column enrolment.since is 'first day on which it stands as it does now';
comment on column enrolment.custodian_id is 'who keeps the dossier of a leaver since the school closed (Art 12)';
create index enrolment_at_school on enrolment (school_id, student_id);
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
  primary key (enrolment_id, seq)
);
comment on table enrolment_version is
  'each state of an enrolment from a day on, as it was recorded: valid time and recorded time; written by a trigger, so that no writer '
  'can forget it';
comment on column enrolment_version.valid_to is
  'last day of the enrolment, as this version has it; a later version of a leaver says another school, not another day';

create table student_fact (
  student_id uuid not null references student,
  fact text not null,
  value_cipher bytea not null,
  valid_from date not null,
  recorded_at timestamptz not null,
  seq bigint generated always as identity,
  request_id uuid,
  primary key (student_id, fact, seq)
);
comment on table student_fact is
  'statements, never changed: from valid_from on the fact has this value, until one recorded later says otherwise from its day on. A '
  'fact of the identity (name, sex, birthDate, documentType, documentNumber) has statements only once it was corrected; before, the '
  'student row says what held ever';

create table former_document (
  student_id uuid not null references student,
  document_type text not null,
  document_cipher bytea not null,
  document_index bytea not null,
  until timestamptz not null,
  primary key (student_id, document_index)
);
comment on table former_document is
  'documents that a person had before; written by a trigger, so that no change of a document can forget it';
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
  uploaded_at timestamptz not null
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
comment on table evidence_removed is 'how many so far';

create table dossier_access (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  what text not null check (what in ('lookup', 'student', 'dossier', 'evidence')),
  student_id uuid,
  evidence_id uuid,
  person_id uuid not null,
  offices jsonb not null,
  check (student_id is not null or evidence_id is not null)
);
comment on table dossier_access is 'reads of what names a student: ids alone. No foreign key, for a read should lock no row of a student';
comment on column dossier_access.student_id is 'null of evidence that no request names';
comment on column dossier_access.offices is 'offices that the person held in that moment, as [{office, organisationId}]';
create index dossier_access_age on dossier_access using brin (at);
create index dossier_access_of on dossier_access (student_id, id) where student_id is not null;

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
comment on table school_term is 'a school''s term of which something is on record; its row is the lock of its stream';
comment on column school_term.year is 'in which the school year begins';
comment on column school_term.first_day is 'as the school declared it; null where the province''s day holds';

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
comment on table term_registration is 'who is registered in which term: a copy of the acts in the term''s stream';
comment on column term_registration.seq is 'of the act, which says by whom';
comment on column term_registration.due_date is 'the last day to register as it stood then, so many working days after the first day';
create unique index term_registration_once on term_registration (student_id, year, nth) where retracted_at is null;

create table term_count (
  school_id uuid not null references organisation,
  year int not null,
  nth int not null,
  to_register int not null,
  registered int not null,
  late int not null,
  suspended int not null,
  pending int not null,
  counted_at timestamptz not null,
  primary key (school_id, year, nth)
);
comment on table term_count is 'how the students of a school stood in a term when they were counted';

create table term_recount (
  id bigint generated always as identity primary key,
  school_id uuid not null
);
comment on table term_recount is
  'schools whose students have changed since they were counted; appended only, so that no change waits for another';

create trigger enrolment_version_append_only before update or delete on enrolment_version
  for each row execute function refuse_change();
create trigger student_fact_append_only before update or delete on student_fact for each row execute function refuse_change();
create trigger student_fact_no_truncate before truncate on student_fact for each statement execute function refuse_change();
create trigger dossier_access_no_update before update on dossier_access for each row execute function refuse_change();
create trigger dossier_access_no_truncate before truncate on dossier_access for each statement execute function refuse_change();

create sequence student_number_issue start with 1000001 maxvalue 9999999;

insert into evidence_removed default values;
