import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import type { MessageCode } from '../domain/messages/messages.js';
import type { Clock } from '../platform/clock.js';
import type { FieldCipher } from '../platform/database/field-cipher.js';
import { inScope, isOutage, type Transaction } from '../platform/database/in-scope.js';
import { Problem } from '../platform/http/problem.js';
import { partPlace } from './job-file.js';
import type { FilePart, JobFault, JobKind, JobPageDone, RunningJob } from './job-kind.js';

export interface JobDeps {
  readonly db: DataSource;
  readonly clock: Clock;
  readonly cipher: FieldCipher;
  readonly log: Logger;
  readonly kinds: readonly JobKind[];
}

/** Milliseconds of a lease on a job, renewed by each page. After it another worker goes on, because the first may have died. */
const LEASE = 120_000;
/** Pages of one job in a row: then the others have their turn. */
const TURN = 20;
/** Failures of one page in a row, after which a job ends as failed. */
const MOST_FAILURES = 10;
/** Milliseconds until a page is tried again: 2, 4, 8 … seconds, at most five minutes. */
const pauseAfter = (failures: number): number => Math.min(300_000, 1000 * 2 ** failures);

interface Claimed extends RunningJob {
  readonly kind: string;
  readonly claims: number;
  readonly failures: number;
  /** Of its file, kept so far. */
  readonly parts: number;
}

const COLUMNS = `id, kind, organisation_id as "organisationId", started_by as "startedBy", params, cursor, claims, failures, parts`;

const CLAIM = `
  update job set claims = claims + 1, due_at = $2
  where id = (select id from job where state = 'running' and due_at <= $1 order by due_at limit 1 for update skip locked)
  returning ${COLUMNS}`;

/** Holds when nobody else has taken the job since. */
const MINE = `state = 'running' and claims = $2`;

const ADVANCE = `
  update job set cursor = $3, progress = greatest(progress, $4), faults = jsonb_path_query_array(faults || $5, '$[0 to 999]'),
    result = $6, parts = parts + $7, state = $8, ended_at = $9, due_at = $10, failures = 0, file_name = $11,
    file_type = $12
  where id = $1 and ${MINE}`;

const PART = 'insert into job_part (job_id, part, name, cipher) values ($1, $2, $3, $4)';

/** Takes one job that is due and does some pages of it; true when a job was found, so that there may be more. */
export async function runJobs(deps: JobDeps): Promise<boolean> {
  const now = deps.clock.now();
  const [[job]] = await inScope(deps.db, 'process', (tx) => tx.query<[Claimed[], number]>(CLAIM, [new Date(now), new Date(now + LEASE)]));
  if (!job) return false;
  await turnOf(deps, job);
  return true;
}

async function turnOf(deps: JobDeps, claimed: Claimed): Promise<void> {
  const kind = deps.kinds.find(({ name }) => name === claimed.kind);
  let job: Claimed | undefined = claimed;
  try {
    if (!kind) throw new Error('no worker of this version knows the kind');
    for (let nth = 0; job && nth < TURN; nth += 1) job = await pageOf(deps, kind, job);
    if (job) await release(deps, job);
  } catch (error) {
    await failed(deps, job ?? claimed, error);
  }
}

/** One page. The job as the next page finds it; nothing when it has ended, or another worker has it. */
async function pageOf(deps: JobDeps, kind: JobKind, job: Claimed): Promise<Claimed | undefined> {
  const prepared = await kind.prepare?.(job);
  return inScope(deps.db, 'process', async (tx) => {
    const [held] = await tx.query<Claimed[]>(`select ${COLUMNS} from job where id = $1 and ${MINE} for update`, [job.id, job.claims]);
    if (!held) return undefined;
    const done = await kind.page(tx, held, prepared);
    await advance(tx, deps, kind, held, done);
    return done.next !== undefined ? { ...held, cursor: done.next, failures: 0 } : undefined;
  });
}

async function advance(tx: Transaction, deps: JobDeps, kind: JobKind, job: Claimed, done: JobPageDone): Promise<void> {
  const { next = null, parts = [], faults = [], result } = done;
  const goesOn = done.next !== undefined;
  const now = deps.clock.now();
  await keepParts(tx, deps, job, parts);
  await tx.query(ADVANCE, [
    job.id,
    job.claims,
    JSON.stringify(next),
    goesOn ? (done.progress ?? 0) : 1,
    JSON.stringify(faults),
    result ? JSON.stringify(result) : null,
    parts.length,
    goesOn ? 'running' : 'done',
    goesOn ? null : new Date(now),
    new Date(now + LEASE),
    kind.file?.name ?? null,
    kind.file?.type ?? null,
  ]);
}

async function keepParts(tx: Transaction, { cipher }: JobDeps, { id, parts: before }: Claimed, parts: readonly FilePart[]): Promise<void> {
  const keep = ({ name, content }: FilePart, nth: number) => {
    const part = before + nth + 1;
    return tx.query(PART, [id, part, name ?? null, cipher.seal(content, partPlace(id, part))]);
  };
  await Promise.all(parts.map(keep));
}

/** Its turn is over: another job may have the worker, or another worker the job. */
async function release({ db, clock }: JobDeps, { id, claims }: Claimed): Promise<void> {
  await inScope(db, 'process', (tx) =>
    tx.query(`update job set due_at = $3 where id = $1 and ${MINE}`, [id, claims, new Date(clock.now())]),
  );
}

/** A refusal ends the job. Another failure is tried again; one of the database itself is not counted. */
async function failed(deps: JobDeps, job: Claimed, error: unknown): Promise<void> {
  deps.log.warn({ err: error, job: job.id, kind: job.kind }, 'a page of a job failed');
  const failures = isOutage(error) ? job.failures : job.failures + 1;
  const code = error instanceof Problem ? error.code : failures >= MOST_FAILURES ? 'internal' : undefined;
  if (code) return end(deps, job, code);
  await inScope(deps.db, 'process', (tx) =>
    tx.query(`update job set failures = $3, due_at = $4 where id = $1 and ${MINE}`, [
      job.id,
      job.claims,
      failures,
      new Date(deps.clock.now() + pauseAfter(failures)),
    ]),
  );
}

async function end({ db, clock }: JobDeps, { id, claims }: Claimed, code: MessageCode): Promise<void> {
  const fault: JobFault = { pointer: '', code };
  await inScope(db, 'process', (tx) =>
    tx.query(`update job set state = 'failed', ended_at = $3, faults = $4 || faults where id = $1 and ${MINE}`, [
      id,
      claims,
      new Date(clock.now()),
      JSON.stringify([fault]),
    ]),
  );
}
