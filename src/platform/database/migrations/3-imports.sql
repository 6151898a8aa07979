-- What authorities bring in from before this system, list by list; the rows stand in import_row.

create table import (
  id uuid primary key,
  kind text not null check (kind in ('students', 'graduates', 'changes', 'certificates')),
  authority_id uuid not null references organisation,
  handed_in_by uuid not null references person,
  handed_in_at timestamptz not null,
  verdict text check (verdict in ('approve', 'reject')),
  decided_by uuid references person,
  decided_at timestamptz,
  finished_at timestamptz,
  last_seq int not null default 0,
  check ((verdict is null) = (decided_by is null) and (verdict is null) = (decided_at is null)),
  check (decided_by <> handed_in_by)
);
create index import_of_authority on import (authority_id, id);
create index import_to_apply on import (decided_at) where verdict = 'approve' and finished_at is null;
