-- What the processes say of themselves.

create table background_round (
  loop text primary key,
  ended_at timestamptz not null,
  failed_at timestamptz
);

create table ledger_verification (
  one boolean primary key default true check (one),
  verified_at timestamptz not null,
  acts bigint not null,
  faults int not null
);
