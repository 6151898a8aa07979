-- The feed of events, webhooks, notifications and mail.

create table event (
  id bigint generated always as identity primary key,
  stream_id uuid not null,
  seq int not null,
  position bigint not null,
  unique (stream_id, seq)
);

create table event_relay (
  one boolean primary key default true check (one),
  settled bigint not null,
  candidate bigint not null,
  candidate_xid xid8 not null
);

create table webhook (
  id uuid primary key,
  organisation_id uuid not null references organisation,
  url text not null,
  secret_cipher bytea not null,
  kinds text[],
  state text not null check (state in ('active', 'paused', 'suspended', 'removed')),
  delivered_to bigint not null,
  attempts int not null default 0,
  next_attempt_at timestamptz not null,
  created_by uuid not null references person,
  created_at timestamptz not null,
  lease uuid,
  leased_until timestamptz,
  former_secret_cipher bytea,
  former_until timestamptz,
  constraint webhook_former_secret_ends check ((former_secret_cipher is null) = (former_until is null))
);
create index webhook_due on webhook (next_attempt_at) where state = 'active';
create index webhook_of on webhook (organisation_id);

create table webhook_delivery (
  webhook_id uuid not null references webhook,
  at timestamptz not null,
  event_id bigint not null,
  attempt int not null,
  status int,
  failure text,
  milliseconds int not null,
  id bigint generated always as identity primary key
);
create index webhook_delivery_age on webhook_delivery (at);
create index webhook_delivery_log on webhook_delivery (webhook_id, id desc);

create table notification (
  id bigint generated always as identity primary key,
  person_id uuid not null references person,
  event_id bigint not null references event,
  kind text not null,
  request_id uuid references change_request,
  task_id uuid,
  office text,
  organisation_id uuid references organisation,
  at timestamptz not null,
  read_at timestamptz,
  mail text check (mail in ('now', 'digest')),
  mail_id uuid,
  order_id uuid references supervision_order,
  student_id uuid references student,
  proxy_id uuid references proxy,
  term_id uuid references school_term,
  account_id uuid references person,
  graduation_id uuid references graduation,
  intake_id uuid references intake,
  admission_list_id uuid references admission_list,
  unique (event_id, person_id),
  constraint notification_about check (num_nonnulls(request_id, order_id, student_id, proxy_id, term_id, account_id,
    graduation_id, intake_id, admission_list_id) = 1)
);
create index notification_mailed on notification (mail_id) where mail_id is not null;
create index notification_of on notification (person_id, id desc);
create index notification_to_mail on notification (mail, person_id, id) where mail is not null and mail_id is null;
create index notification_read on notification (read_at) where read_at is not null;
create index notification_unread on notification (person_id, id desc) where read_at is null;

create table notification_cursor (
  one boolean primary key default true check (one),
  told_to bigint not null
);

create table notification_preference (
  person_id uuid primary key references person,
  kinds text[] not null,
  mail text not null check (mail in ('none', 'now', 'digest')),
  changed_at timestamptz not null
);

create table mail (
  id uuid primary key,
  person_id uuid not null references person,
  purpose text not null check (purpose in ('now', 'digest')),
  state text not null check (state in ('pending', 'sent', 'failed')),
  attempts int not null default 0,
  next_attempt_at timestamptz not null,
  failure text,
  created_at timestamptz not null,
  sent_at timestamptz
);
create index mail_due on mail (next_attempt_at, id) where state = 'pending';
create index mail_ended on mail (created_at) where state <> 'pending';

insert into event_relay (settled, candidate, candidate_xid) values (0, 0, pg_current_xact_id());
insert into notification_cursor (told_to) values (0);
