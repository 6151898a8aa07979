-- What registers of other stages and kinds of school say of students, and how far each has been asked (Art 8, 10).

create table other_register (
  register text primary key,
  failures int not null default 0,
  quiet_until timestamptz,
  round_began_at timestamptz,
  round_after uuid
);

create table register_check (
  student_id uuid not null references student,
  register text not null,
  due_at timestamptz,
  attempts int not null default 0,
  answer text check (answer in ('none', 'held')),
  holding text,
  answered_at timestamptz,
  settled_by uuid,
  primary key (student_id, register),
  check ((answer is not distinct from 'held') = (holding is not null))
);
create index register_check_due on register_check (register, due_at) where due_at is not null;
