-- The working-day calendar by version, and how deadlines follow it.

create table calendar (
  id uuid primary key,
  organisation_id uuid unique references organisation,
  version int not null default 0,
  published_through date not null default '1900-12-31'
);

create table calendar_version (
  id uuid primary key,
  calendar_id uuid not null references calendar,
  year int not null,
  version int not null,
  based_on int not null,
  state text not null check (state in ('draft', 'approved')),
  notice text,
  notice_url text,
  valid_through date not null,
  days jsonb not null,
  drafted_by uuid references person,
  drafted_at timestamptz,
  approved_by uuid references person,
  approved_at timestamptz,
  unique (calendar_id, year, version),
  check (drafted_by <> approved_by)
);
create index calendar_version_drafts on calendar_version (drafted_at desc, id desc);

create table statutory_day (
  date date primary key,
  name text not null
);

create table working_day (
  calendar_id uuid not null references calendar,
  date date not null,
  ordinal int not null,
  worked boolean not null,
  primary key (calendar_id, date)
);
create index working_day_ordinal on working_day (calendar_id, ordinal) where worked;

create table deadline_move (
  id uuid primary key references calendar_version,
  approved_at timestamptz not null,
  changed_from date,
  changed_through date,
  phase text not null check (phase in ('tasks', 'wakes', 'notes', 'done')),
  after_id uuid,
  skipped int not null default 0,
  moved int not null default 0,
  annotated int not null default 0,
  woken int not null default 0,
  telling boolean not null default true,
  told_to uuid
);
create index deadline_move_unfinished on deadline_move (approved_at, id) where phase <> 'done';

create table deadline_note (
  move_id uuid not null references deadline_move,
  task_id uuid not null references task,
  request_id uuid not null references change_request,
  due_from date not null,
  due_to date not null,
  calendar_version int not null,
  primary key (move_id, task_id)
);

insert into calendar (id) values ('0f4d2c1e-7a35-5b60-8c1d-3e9a5b7f2d10');
