-- The policies of nation and provinces, by version.

create table policy_pack (
  id uuid primary key,
  organisation_id uuid not null unique references organisation
);

create table policy (
  id text not null,
  version int not null,
  organisation_id uuid references organisation,
  effective_from date,
  content jsonb not null,
  state text not null default 'activated' check (state in ('draft', 'activated', 'revoked')),
  document jsonb,
  based_on jsonb,
  in_place_of jsonb,
  drafted_by uuid references person,
  drafted_at timestamptz,
  activated_by uuid references person,
  activated_at timestamptz,
  revoked_by uuid references person,
  revoked_at timestamptz,
  whole jsonb,
  primary key (id, version),
  check (state <> 'activated' or effective_from is not null)
);
create unique index policy_of_province on policy (organisation_id, effective_from) nulls not distinct where state = 'activated';

create table late_window (
  id uuid primary key,
  province_id uuid not null references organisation,
  intake text not null,
  opens_on date not null,
  closes_on date not null,
  document jsonb not null,
  opened_by uuid not null references person,
  opened_at timestamptz not null,
  closed_by uuid references person,
  closed_at timestamptz,
  check (closes_on >= opens_on),
  check ((closed_at is null) = (closed_by is null))
);
create index late_window_of on late_window (province_id, intake);
