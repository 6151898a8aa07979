-- What students and the public ask: codes to sign in with, sessions of students, verification codes, and each use.

create table student_sign_in (
  id uuid primary key,
  student_id uuid not null references student,
  holder text not null check (holder in ('student', 'guardian')),
  code_hash bytea not null,
  issued_by uuid not null references person,
  issued_in uuid not null references organisation,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  attempts int not null default 0,
  used_at timestamptz,
  replaced_at timestamptz
);
create index student_sign_in_of on student_sign_in (student_id, issued_at);

create table student_session (
  token_hash bytea primary key,
  student_id uuid not null references student,
  holder text not null check (holder in ('student', 'guardian')),
  created_at timestamptz not null,
  expires_at timestamptz not null
);

create table verification_code (
  id uuid primary key,
  student_id uuid not null references student,
  purpose text not null check (purpose in ('enrolment', 'graduation')),
  code_hash bytea not null unique,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  revoked_at timestamptz
);
create index verification_code_of on verification_code (student_id, issued_at);

create table verification_use (
  id bigint generated always as identity primary key,
  at timestamptz not null,
  student_id uuid not null,
  code_id uuid,
  purpose text not null check (purpose in ('enrolment', 'graduation'))
);
create index verification_use_age on verification_use using brin (at);
create index verification_use_of on verification_use (student_id, id);
