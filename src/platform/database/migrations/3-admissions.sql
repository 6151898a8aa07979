-- Who was admitted, list by list, and how many a school planned to admit by major.

create table admission_list (
  id uuid primary key,
  school_id uuid not null references organisation,
  year int not null,
  season text not null check (season in ('spring', 'autumn')),
  reports_on date not null,
  plans jsonb not null,
  people int not null,
  handed_in_by uuid not null references person,
  office text not null,
  organisation_id uuid not null references organisation,
  recorded_at timestamptz not null,
  withdrawn_at timestamptz,
  missing_told_at timestamptz
);
create index admission_list_untold on admission_list (reports_on, id) where missing_told_at is null and withdrawn_at is null;
create index admission_list_of on admission_list (school_id, year, season);

create table admission (
  list_id uuid not null references admission_list,
  row int not null,
  major_code text not null,
  masked_name text not null,
  name_cipher bytea not null,
  document_type text not null,
  document_cipher bytea not null,
  document_index bytea not null,
  primary key (list_id, row),
  unique (list_id, document_index)
);
create index admission_by_document on admission (document_index);
