import { WorkflowNotFoundError, type WorkflowHandle } from '@temporalio/client';
import pino, { type Logger } from 'pino';
import { configOrExit } from '../platform/config.js';
import { applicationOptions, connected } from '../platform/database/data-source.js';
import { inScope } from '../platform/database/in-scope.js';
import { isMain } from './is-main.js';
import { systemClock } from '../platform/clock.js';
import { lazyClient } from '../platform/temporal/connection.js';
import { describedRun, noteIncident } from '../cases/incidents.js';
import { wakeOne, workflowIdOf, type WakeDeps } from '../cases/wakes.js';

/** The open cases to restart: all, some by their numbers, or those that another build of the worker carried on last. */
export type Which = { readonly all: true } | { readonly numbers: readonly string[] } | { readonly otherThanBuild: string };

export interface Restarted {
  /** Numbers of the requests whose run was ended, where there was one, and started anew. */
  readonly restarted: readonly string[];
  readonly left: number;
}

interface OpenCase {
  readonly id: string;
  readonly kind: string;
  readonly number: string;
}

const FIRST = '00000000-0000-0000-0000-000000000000';
const AT_ONCE = 16;

/**
 * Ends the runs of open cases and starts new ones from the ledger, where each case stands as before. The ledger's keys and the fence make
 * harmless what an old run still does. Three uses:
 * 1. Builds whose runs do not replay.
 * 2. Runs that somebody reset.
 * 3. The loss of Temporal's database.
 */
export async function restartCases(deps: WakeDeps & { readonly log: Logger }, which: Which): Promise<Restarted> {
  const restarted: string[] = [];
  let left = 0;
  for (let after = FIRST; ;) {
    const cases = await openCases(deps, which, after);
    for (let i = 0; i < cases.length; i += AT_ONCE)
      await Promise.all(
        cases.slice(i, i + AT_ONCE).map(async (one) => {
          if (await restart(deps, one, which)) restarted.push(one.number);
          else left += 1;
        }),
      );
    const last = cases.at(-1);
    if (!last) return { restarted, left };
    after = last.id;
  }
}

const openCases = ({ db }: WakeDeps, which: Which, after: string): Promise<OpenCase[]> =>
  inScope(db, 'process', (tx) =>
    tx.query<OpenCase[]>(
      `select id, kind, number from change_request where state = 'open' and id > $1 and ($2::text[] is null or number = any($2)) order by id
        limit 500`,
      [after, 'numbers' in which ? which.numbers : null],
    ),
  );

async function restart(deps: WakeDeps & { readonly log: Logger }, { id, kind, number }: OpenCase, which: Which): Promise<boolean> {
  const workflowId = workflowIdOf(kind, number);
  const run = await describedRun(deps.client, workflowId);
  if (run?.status.name === 'RUNNING') {
    const build = run.raw.workflowExecutionInfo?.mostRecentWorkerVersionStamp?.buildId;
    if ('otherThanBuild' in which && build === which.otherThanBuild) return false;
    await noteIncident(deps.db, { requestId: id, runId: run.runId, found: 'restarted', at: systemClock.now() });
    await ended(deps.client.workflow.getHandle(workflowId, run.runId));
  }
  await wakeOne(deps, { requestId: id, kind: 'restarted' }, 'ALLOW_DUPLICATE');
  deps.log.info({ request: number }, 'restarted from the ledger');
  return true;
}

/** A run that has ended by itself meanwhile is as good. */
async function ended(run: WorkflowHandle): Promise<void> {
  try {
    await run.terminate('restarted from the ledger');
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}

/** `--all`, `--older-than BUILD`, or numbers. */
export function whichFrom(args: readonly string[]): Which | undefined {
  const [first, second] = args;
  if (first === '--all' && args.length === 1) return { all: true };
  if (first === '--older-than' && second && args.length === 2) return { otherThanBuild: second };
  return args.length > 0 && args.every((arg) => /^\d{4}-\d+$/.test(arg)) ? { numbers: args } : undefined;
}

const USAGE = `npm run cases:restart -- --all | --older-than BUILD | NUMBER …
Ends the runs of open cases and starts them anew from the ledger.
BUILD is the present worker's build id: cases of every other build restart.
`;

if (isMain(import.meta.url)) {
  const which = whichFrom(process.argv.slice(2));
  if (!which) {
    process.stderr.write(USAGE);
    process.exit(2);
  }
  const config = configOrExit();
  const db = await connected(applicationOptions(config.databaseUrl, 4, 'xueji-restart'));
  const client = await lazyClient(config);
  const deps = { db, client, taskQueue: config.temporal.taskQueue, log: pino({ level: 'silent' }) };
  const { restarted, left } = await restartCases(deps, which);
  process.stdout.write(`${restarted.length} cases restarted from the ledger, ${left} left as they are\n`);
  const missing = 'numbers' in which ? which.numbers.filter((number) => !restarted.includes(number)) : [];
  if (missing.length > 0) process.stdout.write(`not open: ${missing.join(' ')}\n`);
  await Promise.all([db.destroy(), client.connection.close()]);
  process.exitCode = missing.length === 0 ? 0 : 1;
}
