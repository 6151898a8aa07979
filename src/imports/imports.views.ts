import { ORGANISATION_NAME, PERSON_NAME } from '../organisations/organisations.store.js';
import { isoIfAny, isoInShanghai } from '../platform/clock.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import type { ImportRowState } from './import-row.entity.js';
import type { ImportCounts, ImportRowView, ImportView } from './imports.dto.js';

export interface ImportedRow extends Pick<ImportView, 'id' | 'kind' | 'authority' | 'handedInBy' | 'decidedBy'> {
  readonly authorityId: string;
  readonly handedInAt: Date;
  readonly verdict: 'approve' | 'reject' | null;
  readonly decidedAt: Date | null;
  readonly finishedAt: Date | null;
  readonly states: Readonly<Partial<Record<ImportRowState, number>>>;
}

/** Imports that the scope shows, with the counts of their rows. */
const IMPORTS = `
  select i.id, i.kind, i.authority_id as "authorityId", ${ORGANISATION_NAME('o')} as authority,
    ${PERSON_NAME('i.handed_in_by')} as "handedInBy", i.handed_in_at as "handedInAt", i.verdict,
    ${PERSON_NAME('i.decided_by')} as "decidedBy", i.decided_at as "decidedAt",
    i.finished_at as "finishedAt", coalesce((select jsonb_object_agg(r.state, r.n) from (
      select state, count(*)::int as n from import_row where import_id = i.id group by 1) r), '{}') as states
  from import i join organisation o on o.id = i.authority_id`;

/** Of a kind ($1) or any, before one of them ($2), the latest first. */
export const LIST_OF_IMPORTS = `${IMPORTS}
  where ($1::text is null or i.kind = $1) and ($2::uuid is null or i.id < $2) order by i.id desc limit $3`;
export const ONE_IMPORT = `${IMPORTS} where i.id = $1`;

/** Rows of an import ($1) after a row ($2), of a state ($3) or any. */
export const ROWS_OF_IMPORT = `
  select r.row, r.masked_name as "maskedName", case when o.id is not null then ${ORGANISATION_NAME('o')} end as school, r.state, r.cause,
    r.student_id as "studentId"
  from import_row r left join organisation o on o.id = r.school_id
  where r.import_id = $1 and r.row > $2 and ($3::text is null or r.state = $3) order by r.row limit $4`;

export const rowsOfImport = (tx: Transaction, values: readonly unknown[]): Promise<ImportRowView[]> =>
  tx.query<ImportRowView[]>(ROWS_OF_IMPORT, [...values]);

/** @throws Problem not-found */
export async function oneImport(tx: Transaction, id: string): Promise<ImportedRow> {
  const [row] = await tx.query<ImportedRow[]>(ONE_IMPORT, [id]);
  if (!row) throw new Problem('not-found');
  return row;
}

export function importView({ authorityId: _id, states, verdict, handedInAt, decidedAt, finishedAt, ...shown }: ImportedRow): ImportView {
  const counts = countsOf(states);
  const isOver = verdict === 'reject' || finishedAt !== null;
  return {
    ...shown,
    state: verdict === null ? 'awaitingSignOff' : verdict === 'reject' ? 'rejected' : finishedAt === null ? 'applying' : 'done',
    handedInAt: isoInShanghai(handedInAt.getTime()),
    decidedAt: isoIfAny(decidedAt),
    counts,
    progress: isOver || counts.rows === 0 ? 1 : (counts.applied + counts.known + counts.faulty) / counts.rows,
  };
}

function countsOf(states: ImportedRow['states']): ImportCounts {
  const { waiting = 0, held = 0, faulty = 0, known = 0, applied = 0 } = states;
  return { rows: waiting + held + faulty + known + applied, waiting, held, faulty, known, applied };
}
