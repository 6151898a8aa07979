-- What a person keeps for the own work: drafts of filings for thirty days, and phrases of opinions.

create table draft (
  person_id uuid not null references person,
  id uuid not null,
  kind text,
  version int not null,
  saved_at timestamptz not null,
  title_cipher bytea not null,
  content_cipher bytea not null,
  primary key (person_id, id)
);
create index draft_saved on draft (saved_at);

create table phrase_list (
  person_id uuid primary key references person,
  phrases_cipher bytea not null,
  changed_at timestamptz not null
);
