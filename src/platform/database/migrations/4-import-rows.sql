-- Rows of imports. What a row says is kept, encrypted, until it is applied.

create table import_row (
  import_id uuid not null references import,
  row int not null,
  identity bytea not null,
  content bytea not null,
  says_cipher bytea,
  masked_name text not null,
  school_id uuid references organisation,
  state text not null check (state in ('waiting', 'held', 'faulty', 'known', 'applied')),
  cause text,
  student_id uuid references student,
  primary key (import_id, row)
);
create index import_row_left on import_row (import_id, row) where state = 'waiting';
create unique index import_row_once on import_row (identity) where state = 'applied';
