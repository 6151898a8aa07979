-- Intakes of schools; their rows are registrations.

create table intake (
  id uuid primary key,
  school_id uuid not null references organisation,
  year int not null,
  season text not null check (season in ('spring', 'autumn')),
  nth int not null check (nth > 0),
  opened_by uuid references person,
  opened_at timestamptz not null,
  warned_at timestamptz,
  last_seq int not null default 0,
  unique (school_id, year, season, nth)
);
