-- Certificates of enrolments, and the counters of their numbers.

create table certificate (
  id uuid primary key,
  kind text not null check (kind in ('graduation', 'completion', 'attestation', 'studying', 'partialStudy')),
  state text not null check (state in ('issued', 'void', 'superseded', 'revoked')),
  number text not null unique,
  student_id uuid not null references student,
  enrolment_id uuid not null references enrolment,
  school_id uuid not null references organisation,
  issuer_id uuid not null references organisation,
  issued_on date not null,
  says_cipher bytea not null,
  says_sha256 text not null,
  photograph_id uuid references evidence,
  issued_by uuid not null references person,
  office text not null,
  issued_at timestamptz not null,
  handed_over_on date,
  ended_at timestamptz,
  import_id uuid references import,
  check (state <> 'void' or handed_over_on is null)
);
create unique index certificate_once on certificate (enrolment_id, kind) where state not in ('void', 'revoked') and kind <> 'studying';
create index certificate_of_school on certificate (school_id, id);
create index certificate_of_student on certificate (student_id);
create index certificate_photograph on certificate (photograph_id) where photograph_id is not null;

create table certificate_number (
  series text primary key,
  last int not null
);
