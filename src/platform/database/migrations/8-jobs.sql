-- Jobs: what takes longer than an answer may, page by page, and the file that one of them makes. Kept for a week after their end.

create table job (
  id uuid primary key,
  kind text not null,
  organisation_id uuid not null references organisation,
  started_by uuid not null references person,
  started_at timestamptz not null,
  state text not null check (state in ('running', 'done', 'failed')),
  params jsonb not null,
  cursor jsonb,
  progress real not null default 0 check (progress between 0 and 1),
  result jsonb,
  faults jsonb not null default '[]',
  file_name text,
  file_type text,
  parts int not null default 0,
  claims int not null default 0,
  failures int not null default 0,
  due_at timestamptz not null,
  ended_at timestamptz
);
create index job_due on job (due_at) where state = 'running';
create index job_of_person on job (started_by, id);
create index job_ended on job (ended_at) where ended_at is not null;

create table job_part (
  job_id uuid not null references job on delete cascade,
  part int not null,
  name text,
  cipher bytea not null,
  primary key (job_id, part)
);
