import type { Act } from '../src/domain/case/acts.js';
import { agendaOf, deadlineOf, type AgendaItem } from '../src/domain/case/agenda.js';
import { openTasks, type CaseState } from '../src/domain/case/case.js';
import { isProcessing, restsUntil } from '../src/domain/case/next.js';
import { calendarFor } from '../src/domain/working-days.js';
import type { Transaction } from '../src/platform/database/in-scope.js';
import type { CaseDeps, LoadedCase } from '../src/cases/cases.store.js';
import type { StoredAct } from '../src/platform/ledger/streams.js';

/** The last process act that a run of the workflow has read, with its hash. */
export interface Seen {
  readonly seq: number;
  readonly hash: string;
}

/** What a run learns from the ledger: codes and ids only, never an opinion or a reason. */
export interface Reading {
  /** Process acts after the cursor, in order. */
  readonly acts: readonly Act[];
  readonly seen: Seen;
  readonly agenda: readonly AgendaItem[];
  /** When the open tasks are due, for the operator's eye. */
  readonly due: readonly { readonly taskId: string; readonly dueDate: string; readonly dueAt: number }[];
  /** Code and name of organisations that no filing could foresee, of which the run may not know: successors, and whom an operator named. */
  readonly organisations?: OrganisationNames;
  /** Nothing was written; look again after this many milliseconds, or when woken. */
  readonly retryAfter?: number;
  /** The ledger was restored to an earlier time: what this run has seen never happened, or its request was never filed. */
  readonly diverged?: true;
}

export type OrganisationNames = Readonly<Record<string, { readonly code: string; readonly name: string }>>;

export const NOTHING_SEEN: Seen = { seq: 0, hash: '' };
const short = (hash: Buffer): string => hash.toString('hex', 0, 8);

export function diverged(loaded: LoadedCase, seen: Seen): boolean {
  if (seen.seq === 0) return false;
  const act = loaded.acts[seen.seq - 1];
  return act === undefined || short(act.hash) !== seen.hash;
}

/**
 * The answer to a run whose ledger was restored to an earlier time. The run ends, which frees its workflow id for the case that has the
 * number now.
 */
export const divergedFrom = (seen: Seen): Reading => ({ acts: [], seen, agenda: [], due: [], diverged: true });

/** Makes the answer to a run and writes the cursor by which the reconciler knows how far the run is. */
export async function reading(
  tx: Transaction,
  deps: CaseDeps,
  loaded: LoadedCase,
  seen: Seen,
  runId: string,
  retryAfter?: number,
): Promise<Reading> {
  if (diverged(loaded, seen)) return divergedFrom(seen);
  const { state, acts, request } = loaded;
  const calendars = await deps.calendar.current(tx);
  const agenda = agendaOf(state, calendars, request.id);
  const head = acts[state.seen - 1];
  const upTo = head ? { seq: head.seq, hash: short(head.hash) } : NOTHING_SEEN;
  const wakeAt = retryAfter === undefined ? restsUntil(state, agenda) : deps.clock.now() + retryAfter;
  // A run that goes on at once writes the cursor when it rests. If it dies before, the ledger is ahead, and the reconciler wakes the case.
  if (retryAfter !== undefined || !isProcessing(state))
    await tx.query(
      `insert into process_cursor (request_id, seq, hash, run_id, next_wake_at, read_at) values ($1,$2,$3,$4,$5,$6)
       on conflict (request_id) do update set seq = $2, hash = $3, run_id = $4, next_wake_at = $5, read_at = $6,
         former_run_id = case when process_cursor.run_id = $4 then process_cursor.former_run_id else process_cursor.run_id end`,
      [request.id, upTo.seq, upTo.hash, runId, state.closed || wakeAt === undefined ? null : new Date(wakeAt), new Date(deps.clock.now())],
    );
  const organisations = await namesOf(tx, unforeseen(state));
  return {
    acts: acts.filter(({ seq, process }) => process && seq > seen.seq).map(forTheRun),
    seen: upTo,
    agenda,
    due: openTasks(state).map((task) => ({ taskId: task.taskId, ...pick(deadlineOf(calendarFor(calendars, task), task)) })),
    ...(organisations ? { organisations } : {}),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  };
}

/**
 * Who stands in another's place, to whom an operator redirected a step, and who holds a task that was to be another's, with its superiors.
 */
function unforeseen(state: CaseState): string[] {
  const { route, inPlaceOf, steps } = state;
  const foreseen = new Set([route.filer.organisationId, ...route.steps.map(({ organisationId }) => organisationId)]);
  const elsewhere = openTasks(state).filter(({ holder }) => !foreseen.has(holder));
  return [
    ...Object.values(inPlaceOf),
    ...Object.values(steps).flatMap(({ redirectedTo }) => redirectedTo ?? []),
    ...elsewhere.flatMap(({ holder, ladder }) => [holder, ...ladder]),
  ];
}

/** Code and name of organisations, for the operator's eye; undefined when none is asked for. */
export async function namesOf(tx: Transaction, ids: readonly string[]): Promise<OrganisationNames | undefined> {
  if (ids.length === 0) return undefined;
  const [row] = await tx.query<[{ names: OrganisationNames }]>(
    `select jsonb_object_agg(id, jsonb_build_object('code', code, 'name', name)) as names from organisation where id = any($1::uuid[])`,
    [ids],
  );
  return row.names;
}

const pick = ({ dueDate, dueAt }: { dueDate: string; dueAt: number }) => ({ dueDate, dueAt });

/** An act as the run may see it: the run has the route already, counts no days, and needs neither details, evidence nor decision data. */
function forTheRun({ seq, at, kind, by, body }: StoredAct): Act {
  const {
    route: _route,
    details: _details,
    application: _application,
    evidenceIds: _evidence,
    data: _data,
    studentId: _student,
    budget: _budget,
    ...codes
  } = body as Record<string, unknown>;
  return { ...codes, kind, seq, at, ...(by ? { by } : {}) } as unknown as Act;
}
