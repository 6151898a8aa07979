import {
  WorkflowNotFoundError,
  type Client,
  type WorkflowExecutionDescription,
  type WorkflowExecutionStatusName,
} from '@temporalio/client';
import type { DataSource } from 'typeorm';
import { inScope, type Transaction } from '../platform/database/in-scope.js';

/**
 * What happened from outside; of most, why a run of an open case does not go on:
 * 1. `missing`: Temporal knows no run.
 * 2. `reset`: somebody went back in its history, and another run goes on from there.
 * 3. `restarted`: by `npm run cases:restart`.
 * 4. `internalError`: the run goes on, but its change fails by a fault of this product and is parked.
 * 5. `readModelDiffers`: no run is concerned; the rows of the case were not what its acts say.
 * 6. `foreign`: a run under the case's id that this product did not start: of another type, on another queue, or after the case's end.
 * 7. `unknown`: a workflow runs on our queue that no case knows.
 * 8. `evidenceMissing`, `evidenceChanged`: a file of evidence is gone, or is not what was uploaded.
 * 9. Any other: how the run ended.
 */
export const INCIDENTS = [
  'missing',
  'terminated',
  'reset',
  'failed',
  'timedOut',
  'cancelled',
  'completed',
  'restarted',
  'internalError',
  'readModelDiffers',
  'foreign',
  'unknown',
  'evidenceMissing',
  'evidenceChanged',
] as const;
export type FoundIncident = (typeof INCIDENTS)[number];

export interface Incident {
  /** Absent where no request is concerned. */
  readonly requestId?: string;
  /** What it is about; the request when left out. */
  readonly about?: string;
  /** Of a read model that differed: the last act, and when it was made anew. */
  readonly runId: string;
  readonly found: FoundIncident;
  /** Epoch milliseconds. */
  readonly at: number;
}

const ENDED: Partial<Record<WorkflowExecutionStatusName, FoundIncident>> = {
  TERMINATED: 'terminated',
  FAILED: 'failed',
  TIMED_OUT: 'timedOut',
  CANCELLED: 'cancelled',
  COMPLETED: 'completed',
};

/** Puts an incident on record, once for each run; true when it was not there. */
export const noteIncident = (db: DataSource, incident: Incident): Promise<boolean> =>
  inScope(db, 'process', (tx) => noteIncidentIn(tx, incident));

export async function noteIncidentIn(tx: Transaction, { requestId, about = requestId, runId, found, at }: Incident): Promise<boolean> {
  const rows = await tx.query<unknown[]>(
    'insert into process_incident (about, request_id, run_id, found, at) values ($1,$2,$3,$4,$5) on conflict do nothing returning 1',
    [about, requestId ?? null, runId, found, new Date(at)],
  );
  return rows.length > 0;
}

/** Longer words of an operator are cut. */
const MOST_WORDS = 500;
/** `HISTORY_EVENT_FILTER_TYPE_CLOSE_EVENT` of Temporal's API. */
const CLOSE_EVENT = 2;

/** Adds to an incident who ended the run, why and when, as far as Temporal's history says. */
export async function explainIncident(
  { db, client }: { readonly db: DataSource; readonly client: Client },
  workflowId: string,
  { about, runId }: { readonly about: string; readonly runId: string },
): Promise<void> {
  if (runId === '') return;
  const { history } = await client.workflowService
    .getWorkflowExecutionHistory({
      namespace: client.options.namespace,
      execution: { workflowId, runId },
      historyEventFilterType: CLOSE_EVENT,
    })
    .catch(() => ({ history: undefined }));
  const last = history?.events?.at(-1);
  const ended = last?.workflowExecutionTerminatedEventAttributes;
  if (!last?.eventTime) return;
  const since = new Date(Number(last.eventTime.seconds ?? 0) * 1000);
  const words = (text: string | null | undefined) => text?.slice(0, MOST_WORDS) || null;
  await inScope(db, 'process', (tx) =>
    tx.query('update process_incident set since = $3, ended_by = $4, reason = $5 where about = $1 and run_id = $2 and since is null', [
      about,
      runId,
      since,
      words(ended?.identity),
      words(ended?.reason),
    ]),
  );
}

/** What befell the runs of one request, the latest first. */
export const incidentsOf = (tx: Transaction, requestId: string): Promise<Pick<Incident, 'found' | 'runId' | 'at'>[]> =>
  tx.query(
    `select found, run_id as "runId", (extract(epoch from at) * 1000)::float8 as at from process_incident
       where request_id = $1 order by at desc, run_id`,
    [requestId],
  );

/** A run as Temporal describes it, the latest of the workflow when none is named; undefined when it knows none. */
export async function describedRun(client: Client, workflowId: string, runId?: string): Promise<WorkflowExecutionDescription | undefined> {
  try {
    return await client.workflow.getHandle(workflowId, runId).describe();
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}

export const howItEnded = (run: WorkflowExecutionDescription | undefined): FoundIncident => (run && ENDED[run.status.name]) ?? 'missing';

/** Why a run was replaced by the one that goes on now; undefined when that was the process's own doing. */
export async function whyReplaced(client: Client, workflowId: string, former: string, now: string): Promise<FoundIncident | undefined> {
  if ((await describedRun(client, workflowId, former))?.status.name !== 'TERMINATED') return undefined;
  const first = (await describedRun(client, workflowId, now))?.raw.workflowExecutionInfo?.firstRunId;
  return first && first !== now ? 'reset' : 'terminated';
}
