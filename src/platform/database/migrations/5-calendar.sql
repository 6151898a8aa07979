-- The working-day calendar by version, and how deadlines follow it.

create table calendar (
  id uuid primary key,
  organisation_id uuid unique references organisation,
  version int not null default 0,
  published_through date not null default '1900-12-31'
);
comment on table calendar is
  'the nation''s (of no organisation) and one for each province that adds days of its own; its row is the lock of its stream';
comment on column calendar.version is 'moves when working_day is numbered anew; 0 while nothing is in force';

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
comment on column calendar_version.based_on is 'the version in force when this one was drafted; 0 when there was none';
comment on column calendar_version.days is
  '[{date, kind, name}]: only the days that differ from Monday to Friday, in a province from the nation''s calendar';
create index calendar_version_drafts on calendar_version (drafted_at desc, id desc);

create table working_day (
  calendar_id uuid not null references calendar,
  date date not null,
  ordinal int not null,
  worked boolean not null,
  primary key (calendar_id, date)
);
comment on table working_day is
  'every date of the calendars in force; ordinal is the number of days worked up to and with the date, so that the n-th working day is '
  'a look-up';
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
comment on table deadline_move is
  'an approved version on its way to the open tasks; after_id is how far it has come, so that whoever comes next goes on from there, '
  'and skipped how many tasks were held by somebody on the way';
comment on column deadline_move.telling is
  'processes whose deadline moved later have still to be told, slowly, so that the Temporal UI says the present date';
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
comment on table deadline_note is
  'moves of escalated tasks that are still to be noted beside their escalations (A8); emptied as they are';

insert into calendar (id) values ('0f4d2c1e-7a35-5b60-8c1d-3e9a5b7f2d10');
