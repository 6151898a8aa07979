-- What schools answer of the doubts that rules find, and what they and their authorities state of them each term.

create table doubt_answer (
  school_id uuid not null references organisation,
  student_id uuid not null references student,
  rule text not null,
  seen jsonb not null,
  answer text not null check (answer in ('explained', 'corrected', 'willCorrect')),
  correct_by date,
  text_cipher bytea,
  answered_by uuid not null references person,
  answered_at timestamptz not null,
  primary key (school_id, student_id, rule),
  check ((correct_by is null) = (answer = 'explained'))
);

create table data_statement (
  id uuid primary key,
  school_id uuid not null references organisation,
  year int not null,
  nth int not null check (nth in (1, 2)),
  state text not null check (state in ('signed', 'confirmed', 'returned')),
  students int not null,
  counts jsonb not null,
  signed_by uuid not null references person,
  signed_at timestamptz not null,
  settled_by uuid references person,
  settled_at timestamptz,
  unique (school_id, year, nth),
  check ((state = 'signed') = (settled_by is null))
);
