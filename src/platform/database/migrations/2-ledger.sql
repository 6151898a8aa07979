-- The append-only ledger: acts in hash-chained streams, their free text beside them and erasable, checkpoints over all.

create table act (
  stream_id uuid not null,
  seq int not null,
  stream text not null,
  kind text not null,
  process boolean not null,
  key text,
  at timestamptz not null,
  person_id uuid,
  office text,
  organisation_id uuid,
  body jsonb not null,
  text_digests jsonb,
  hash bytea not null,
  position bigint generated always as identity,
  head_id uuid,
  derived jsonb,
  seal bytea not null,
  primary key (stream_id, seq)
);
create unique index act_key on act (stream_id, key) where key is not null;
create unique index act_position on act (position);

create table act_text (
  stream_id uuid not null,
  seq int not null,
  field text not null,
  salt bytea,
  cipher bytea,
  primary key (stream_id, seq, field),
  foreign key (stream_id, seq) references act
);

create table stream_head (
  stream_id uuid primary key,
  stream text not null,
  seq int not null,
  hash bytea not null
) with (fillfactor = 50);

create table ledger_checkpoint (
  position bigint primary key,
  number int not null unique,
  acts bigint not null,
  digest bytea not null,
  at timestamptz not null
);

create trigger act_append_only before update or delete on act for each row execute function refuse_change();
create trigger act_no_truncate before truncate on act for each statement execute function refuse_change();
create trigger act_text_no_delete before delete on act_text for each row execute function refuse_change();
create trigger act_text_no_truncate before truncate on act_text for each statement execute function refuse_change();
create trigger checkpoint_append_only before update or delete on ledger_checkpoint for each row execute function refuse_change();
create trigger checkpoint_no_truncate before truncate on ledger_checkpoint for each statement execute function refuse_change();
create trigger stream_head_no_delete before delete on stream_head for each row execute function refuse_change();
create trigger stream_head_no_truncate before truncate on stream_head for each statement execute function refuse_change();
