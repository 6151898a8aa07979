import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowIdConflictPolicy,
  WorkflowIdReusePolicy,
  WorkflowNotFoundError,
  type Client,
} from '@temporalio/client';
import type { DataSource } from 'typeorm';
import { inScope } from '../platform/database/in-scope.js';
import { isProcessAct } from '../domain/case/act-kinds.js';
import type { ActBody } from '../domain/case/acts.js';
import { provincesOf, schoolsOf } from '../domain/procedure/procedure.js';
import { procedureOf } from '../domain/procedure/procedures.js';
import type { Route } from '../domain/procedure/procedure.js';
import { wakeOrder } from './order-wakes.js';
import { PROVINCE, wake, type CaseInput } from '../../workflows/messages.js';

export const workflowIdOf = (kind: string, number: string): string => `${kind}/${number}`;

/** The content of a wake: codes for the operator's eye. */
export interface Wake {
  readonly requestId: string;
  readonly kind: string;
  readonly step?: string;
  /** Of a case that has been started already, as far as the waker knows: then a signal is enough while it runs. */
  readonly workflowId?: string;
  /** What `requestId` names when it is not a request. */
  readonly of?: 'order';
}

export interface WakeDeps {
  readonly client: Client;
  readonly db: DataSource;
  readonly taskQueue: string;
}

/** Signals a request's workflow, starting it if it does not run. "Already completed" counts as success. */
export async function wakeOne(
  deps: WakeDeps,
  { requestId, kind, step, workflowId, of }: Wake,
  reuse: WorkflowIdReusePolicy = 'ALLOW_DUPLICATE_FAILED_ONLY',
): Promise<void> {
  if (of === 'order') return wakeOrder(deps, requestId, kind);
  const { client, db, taskQueue } = deps;
  const said = { kind, ...(step ? { step } : {}) };
  if (workflowId && (await signalled(client, workflowId, said))) return;
  const input = await caseInput(db, requestId);
  if (!input) return;
  const { route, number, organisations } = input;
  const name = (id: string) => organisations[id]?.name ?? id;
  const province = provincesOf(route.parties).map((id) => organisations[id]?.code ?? id);
  try {
    await client.workflow.signalWithStart(route.kind, {
      workflowId: workflowIdOf(route.kind, number),
      taskQueue,
      args: [input],
      signal: wake,
      signalArgs: [said],
      workflowIdReusePolicy: reuse,
      workflowIdConflictPolicy: WorkflowIdConflictPolicy.USE_EXISTING,
      typedSearchAttributes: [{ key: PROVINCE, value: province }],
      staticSummary: [procedureOf(route.kind).title.zh, schoolsOf(route.parties).map(name).join(' → '), route.batch]
        .filter(Boolean)
        .join(' '),
    });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
  }
}

/** Signals a running case; false when none runs. Saves reading its input and sending it again with each wake. */
async function signalled(client: Client, workflowId: string, said: { kind: string; step?: string }): Promise<boolean> {
  try {
    await client.workflow.getHandle(workflowId).signal(wake, said);
    return true;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return false;
    throw error;
  }
}

/** A workflow's input, from the ledger's own copy. */
async function caseInput(db: DataSource, requestId: string): Promise<CaseInput | undefined> {
  const [row] = await inScope(db, 'process', async (tx) => {
    const rows: { number: string; route: Route; organisations: CaseInput['organisations'] }[] = await tx.query(
      `select r.number, r.route,
         (select jsonb_object_agg(o.id, jsonb_build_object('code', o.code, 'name', o.name)) from organisation o
           where o.id = any(r.seen_by)) as organisations
       from change_request r where r.id = $1`,
      [requestId],
    );
    return rows;
  });
  return row && { requestId, ...row };
}

const MOST_WAITING = 10_000;

/**
 * Wakes after commits: a bounded queue in memory that coalesces by request. It may drop; the reconciler wakes whom it missed. Nobody
 * who files or decides ever waits for Temporal.
 */
export class Wakes {
  private readonly waiting = new Map<string, Wake>();
  private running = 0;
  dropped = 0;

  constructor(
    private readonly send: (wake: Wake) => Promise<void>,
    private readonly atOnce = 16,
  ) {}

  /** Wakes a case after an act was committed; a note moves nothing and wakes nobody. */
  after({ id, kind, number }: { readonly id: string; readonly kind: string; readonly number: string }, act: ActBody): void {
    if (!isProcessAct(act.kind)) return;
    const step = 'step' in act ? act.step : undefined;
    this.wake({ requestId: id, kind: act.kind, step, workflowId: workflowIdOf(kind, number) });
  }

  wake(one: Wake): void {
    if (this.waiting.size >= MOST_WAITING && !this.waiting.has(one.requestId)) {
      this.dropped += 1;
      return;
    }
    this.waiting.set(one.requestId, one);
    this.drain();
  }

  private drain(): void {
    while (this.running < this.atOnce) {
      const [first] = this.waiting;
      if (!first) return;
      this.waiting.delete(first[0]);
      this.running += 1;
      this.send(first[1])
        .catch(() => (this.dropped += 1))
        .finally(() => {
          this.running -= 1;
          this.drain();
        });
    }
  }

  get size(): number {
    return this.waiting.size + this.running;
  }
}
