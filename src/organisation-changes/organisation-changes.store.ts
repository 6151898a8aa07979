import type { Clock } from '../platform/clock.js';
import { beyond, type Transaction } from '../platform/database/in-scope.js';
import type { FieldCipher } from '../platform/database/field-cipher.js';
import { STUDENTS_LEFT, type ChangeProgressState, type OrganisationChangeKind } from '../domain/organisation-change.js';
import { instantOf } from '../domain/working-days.js';
import { appendNext, type By } from '../platform/ledger/streams.js';

export interface ChangeRow {
  readonly id: string;
  readonly kind: OrganisationChangeKind;
  readonly state: ChangeProgressState['state'];
  readonly schoolId: string;
  readonly intoSchoolId: string | null;
  readonly effectiveOn: string;
  readonly authorityId: string;
  readonly startedBy: string;
  readonly closedAt: Date | null;
  readonly casesMoved: number;
  readonly ordersMoved: number;
  readonly dossiersMoved: number;
}

const COLUMNS = `id, kind, state, school_id as "schoolId", into_school_id as "intoSchoolId",
  to_char(effective_on, 'YYYY-MM-DD') as "effectiveOn",
  authority_id as "authorityId", started_by as "startedBy", closed_at as "closedAt", cases_moved as "casesMoved",
  orders_moved as "ordersMoved",
  dossiers_moved as "dossiersMoved"`;

/** Locks the change; whoever moves a batch holds it, so that two runs of one activity follow one another. */
export async function lockChange(tx: Transaction, id: string): Promise<ChangeRow> {
  const [row] = await tx.query<ChangeRow[]>(`select ${COLUMNS} from organisation_change where id = $1 for update`, [id]);
  if (!row) throw new Error(`no organisation change ${id}`);
  return row;
}

/** Key of the act by which a case learns of a change. */
export const reroutedKey = (changeId: string): string => `rerouted:${changeId}`;

/**
 * Open cases that have not been told, and closed ones that the successor does not see. `r` is the request, `c` the change, `s` its school.
 */
export const CASES_LEFT = `r.id = any(array(select requests_shown_to(c.school_id))) and case when r.state = 'open'
    then not exists (select 1 from act a where a.stream_id = r.id and a.key = 'rerouted:' || c.id)
    else not r.seen_by @> array[coalesce(s.successor_id, s.acting_id)] end`;

/** Unanswered orders to the school whose place nobody has taken, and closed ones that the successor does not see. `o` is the order. */
export const ORDERS_LEFT = `o.school_id = c.school_id and case when o.state in ('open','replied')
    then o.acting_id is null
    else not o.seen_by @> array[coalesce(s.successor_id, s.acting_id)] end`;

/** Dossiers still to move: of a merger all of the school's, of a closure its leavers' that nobody keeps. `e` is the enrolment. */
export const DOSSIERS_LEFT = `e.school_id = c.school_id and (c.kind = 'merger'
    or e.custodian_id is null and e.state not in ('active','suspended','pending','heldDuplicate','transferredOut'))`;

const STANDING = `
  select c.id, c.state, to_char(c.effective_on, 'YYYY-MM-DD') as "effectiveOn", c.closed_at as "closedAt", c.cases_moved as "casesMoved",
    c.dossiers_moved as "dossiersMoved",
    (select count(*)::int from change_request r where c.state = 'running' and ${CASES_LEFT}) as "casesLeft",
    c.orders_moved as "ordersMoved", (select count(*)::int from supervision_order o where c.state = 'running'
      and ${ORDERS_LEFT}) as "ordersLeft",
    (select count(*)::int from enrolment e where c.state <> 'done' and ${DOSSIERS_LEFT}) as "dossiersLeft",
    (select coalesce(jsonb_object_agg(l.state, l.n), '{}') from (select e.state, count(*)::int as n from enrolment e
       where c.state <> 'done' and c.kind = 'closure' and e.school_id = c.school_id and e.state = any($2)
         group by e.state) l) as "studentsBy"
  from organisation_change c join organisation s on s.id = c.school_id where c.id = any($1::uuid[])`;

interface Counted extends Omit<ChangeProgressState, 'effectiveAt' | 'closedAt' | 'studentsLeft' | 'studentsBy'> {
  id: string;
  effectiveOn: string;
  closedAt: Date | null;
  studentsBy: ChangeProgressState['studentsBy'];
}

/** Where the change stands now, counted from what is. */
export async function changeProgressOf(tx: Transaction, id: string): Promise<ChangeProgressState> {
  const progress = (await changesProgressOf(tx, [id])).get(id);
  if (!progress) throw new Error(`no organisation change ${id}`);
  return progress;
}

/** The same of many, by their ids. */
export async function changesProgressOf(tx: Transaction, ids: readonly string[]): Promise<Map<string, ChangeProgressState>> {
  const rows = await beyond(tx, 'schoolEnding', () => tx.query<Counted[]>(STANDING, [ids, STUDENTS_LEFT]));
  return new Map(rows.map(({ id, ...row }) => [id, progressOf(row)]));
}

function progressOf({ effectiveOn, closedAt, ...counts }: Omit<Counted, 'id'>): ChangeProgressState {
  const studentsLeft = Object.values(counts.studentsBy).reduce((sum, n) => sum + n, 0);
  return { ...counts, studentsLeft, effectiveAt: instantOf(effectiveOn), ...(closedAt ? { closedAt: closedAt.getTime() } : {}) };
}

/** Appends to an organisation's stream, whose lock is its row. */
export async function recordAt(
  tx: Transaction,
  deps: { readonly clock: Clock; readonly cipher: FieldCipher },
  organisationId: string,
  act: { kind: string; key?: string; by?: By; body: object },
): Promise<void> {
  await tx.query('select 1 from organisation where id = $1 for update', [organisationId]);
  await appendNext(tx, deps, 'organisation', organisationId, act);
}
