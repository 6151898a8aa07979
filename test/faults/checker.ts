import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/client';
import type { DataSource } from 'typeorm';
import { CalendarStore } from '../../src/calendar/calendar.store.js';
import type { Config } from '../../src/platform/config.js';
import { FieldCipher } from '../../src/platform/database/field-cipher.js';
import { inScope, type Transaction } from '../../src/platform/database/in-scope.js';
import { holdOf, openTasks } from '../../src/domain/case/case.js';
import { isProcessing } from '../../src/domain/case/next.js';
import { textPlace } from '../../src/platform/ledger/streams.js';
import { asAct, readCase } from '../../src/cases/cases.store.js';
import { findDiffering, expectedOf, type Differing } from '../../src/cases/drift.js';
import { historyOf, stepsView } from '../../src/cases/rows.js';
import { workflowIdOf } from '../../src/cases/wakes.js';
import { audited } from '../fixtures/audit.js';
import type { Program } from '../fixtures/program.js';
import { until } from '../fixtures/story.js';
import type { Journal } from './journal.js';

/** The students' numbers before any fault. */
export type Baseline = string;

interface Checked {
  readonly db: DataSource;
  readonly config: Config;
  readonly temporal: Client;
  readonly baseline: Baseline;
}

const ask = <T>(db: DataSource, sql: string, values: unknown[] = []): Promise<T[]> =>
  inScope(db, 'system', (tx) => tx.query<T[]>(sql, values));

export async function baselineOf(db: DataSource): Promise<Baseline> {
  const sql = `select md5(string_agg(id::text || encode(number_index, 'hex') || encode(number_cipher, 'hex'), ',' order by id)) as numbers
    from student`;
  return (await ask<{ numbers: string }>(db, sql))[0]?.numbers ?? '';
}

/**
 * Waits until the process has read every act of every request and has nothing to do but wait. After a fault several limits may add up: a
 * stopped worker's open transaction (20 s), its tasks (10 s), and up to a minute until the next attempt.
 */
export async function quiescent(
  { db, running }: Pick<Checked, 'db'> & { readonly running: readonly Program[] },
  milliseconds = 150_000,
): Promise<void> {
  const behind = () =>
    ask<object>(
      db,
      `select r.number, r.state, r.processing, r.last_process_seq, c.seq from change_request r left join process_cursor c
        on c.request_id = r.id
       where (r.processing and r.state = 'open') or c.seq is distinct from r.last_process_seq`,
    ).catch((error: unknown) => [error]);
  try {
    await until(behind, (rows) => rows.length === 0, 'the processes to catch up', milliseconds);
  } catch (error) {
    throw new Error([(error as Error).message, ...running.map((program) => program.lastWords())].join('\n\n'), { cause: error });
  }
}

/**
 * Every invariant of the fault matrix that does not hold, in words; none after any fault. The machine must be quiescent.
 * @param byHand tables whose rows the test itself wrote, so that no act answers for them
 */
export async function violations(machine: Checked, journal: Journal, byHand: readonly string[] = []): Promise<string[]> {
  const { db, config } = machine;
  const cipher = new FieldCipher(config.fieldKey, config.indexKey);
  const { problems } = await audited(machine, byHand);
  return [
    ...(await oneEach(db)),
    ...(await asTold(db, cipher, journal)),
    ...(await effects(db)),
    ...((await baselineOf(db)) === machine.baseline ? [] : ['I6: a student number changed']),
    ...problems.map((problem) => `I7: ${problem}`),
    ...(await agreement(machine)),
  ];
}

/** I1, I7: what may be there once is there once. */
async function oneEach(db: DataSource): Promise<string[]> {
  const twice: [string, string][] = [
    ['I1: a student has two open changes', `select student_id from change_request where state = 'open' group by 1 having count(*) > 1`],
    ['I1: a student is held twice', `select student_id from enrolment where state in ('active','suspended') group by 1
      having count(*) > 1`],
    ['I2: a task was decided twice', `select body->>'taskId' from act where kind = 'decided' group by 1 having count(*) > 1`],
    ['I7: a task was opened twice', `select stream_id from act where kind = 'opened' group by stream_id, body->>'step', body->>'visit',
      body->>'supplement' having count(*) > 1`],
    ['I7: a request ended or took effect twice', `select stream_id from act where kind in ('filed','effected','closed','recalled')
      and stream = 'request' group by stream_id, kind having count(*) > 1`],
    ['I7: a request goes on after its end', `select stream_id from act a where process and exists (select 1 from act c
      where c.stream_id = a.stream_id and c.kind = 'closed' and c.seq < a.seq)`],
  ]; // prettier-ignore
  const found = await Promise.all(twice.map(async ([what, sql]) => ((await ask(db, sql)).length > 0 ? [what] : [])));
  return found.flat();
}

/** I2, I3, I4: told 2xx means there exactly once, told 4xx means not there; nobody is left without an answer. */
async function asTold(db: DataSource, cipher: FieldCipher, journal: Journal): Promise<string[]> {
  const rows = await ask<{ stream_id: string; seq: number; field: string; cipher: Buffer }>(
    db,
    `select stream_id, seq, field, cipher from act_text where cipher is not null and field in ('reason', 'opinion')`,
  );
  const times = new Map<string, number>();
  for (const { stream_id, seq, field, cipher: sealed } of rows) {
    const text = cipher.decrypt(sealed, textPlace(stream_id, seq, field));
    times.set(text, (times.get(text) ?? 0) + 1);
  }
  return [...journal.entries.values()].flatMap(({ key, told, code }) => {
    const there = times.get(key) ?? 0;
    if (told === 'nothing' || told >= 500) return [`I4: a client still does not know (told ${told} ${code ?? ''}, there ${there} times)`];
    const due = told < 300 ? 1 : 0;
    return there === due ? [] : [`${due ? 'I2' : 'I3'}: a client was told ${told} ${code ?? ''}, and the act is there ${there} times`];
  });
}

/** I5: each effected request moved its student once, the others nobody; a student is where the last effect put them. */
async function effects(db: DataSource): Promise<string[]> {
  const wrong = await ask<{ number: string }>(
    db,
    `select r.number from change_request r where
       (select count(*) from act a where a.stream_id = r.id and a.kind = 'effected') <> (select count(*) from enrolment e
         where e.opened_by = r.id)
       or (select count(*) from act a where a.stream_id = r.id and a.kind = 'effected') <> (select count(*) from enrolment e
         where e.closed_by = r.id)
       or (select count(*) from act a where a.stream_id = r.id and a.kind = 'effected') <> (select count(*) from act a
         where a.stream_id = r.student_id and a.key = 'effected:' || r.id)
       or (r.state = 'approved') <> exists (select 1 from act a where a.stream_id = r.id and a.kind = 'effected')`,
  );
  const misplaced = await ask<{ number: string }>(
    db,
    `select r.number from change_request r join enrolment e on e.student_id = r.student_id and e.state in ('active','suspended')
     where r.state = 'approved' and e.school_id <> r.destination_school_id
       and not exists (select 1 from change_request n where n.student_id = r.student_id and n.state = 'approved'
         and n.filed_at > r.filed_at)`,
  );
  // prettier-ignore
  const disagreeing = wrong.map(({ number }) => `I5: ${number} and the dossier disagree`);
  return disagreeing.concat(misplaced.map(({ number }) => `I5: ${number} left its student elsewhere`));
}

/** I8: the read model is the fold of the acts, and what is open runs. */
async function agreement({ db, temporal }: Checked): Promise<string[]> {
  const requests = await ask<{ id: string; kind: string; number: string; state: string }>(
    db,
    'select id, kind, number, state from change_request',
  );
  const found: string[] = [];
  for (const { id, kind, number, state } of requests) {
    const [folded, read] = await inScope(db, 'system', async (tx) => [await foldOf(tx, id), await readOf(tx, id)]);
    if (folded !== read) found.push(`I8: the read model of ${number} is ${read}, the acts say ${folded}`);
    for (const { what } of await inScope(db, 'system', (tx) => driftOf(tx, id))) found.push(`I8: ${number} differs in ${what.join(', ')}`);
    const wanted = state === 'open' ? ['RUNNING'] : ['COMPLETED', 'absent'];
    const status = () => statusOf(temporal, workflowIdOf(kind, number));
    // prettier-ignore
    const ended = until(status, (one) => wanted.includes(one), `${number} to be ${wanted.join(' or ')}`);
    await ended.catch((error: Error) => found.push(`I8: ${error.message}`));
  }
  return found;
}

/** Every column that acts decide, of the request and of each of its tasks, as the worker compares them. */
async function driftOf(tx: Transaction, id: string): Promise<Differing[]> {
  const acts = ((await readCase(tx, id))?.acts ?? []).map(asAct);
  return findDiffering(tx, [expectedOf(id, historyOf(acts), await new CalendarStore().current(tx), true)]);
}

async function foldOf(tx: Transaction, id: string): Promise<string> {
  const loaded = await readCase(tx, id);
  if (!loaded) return 'absent';
  const { state, acts } = loaded;
  const row = { state: state.closed ?? 'open', version: state.version, processing: isProcessing(state), hold: holdOf(state) };
  const open = openTasks(state).map(({ taskId }) => taskId);
  return sorted({ ...row, seqs: [acts.length, state.seen], steps: stepsView(state), open: open.sort() });
}

async function readOf(tx: Transaction, id: string): Promise<string> {
  const [row] = await tx.query<object[]>(
    `select state, version, processing, hold, array[last_seq, last_process_seq] as seqs, steps,
       coalesce((select array_agg(t.id::text order by t.id) from task t where t.request_id = r.id and t.state = 'open'), '{}') as open
     from change_request r where id = $1`,
    [id],
  );
  return sorted(row);
}

/** JSON with sorted keys: PostgreSQL keeps the members of a jsonb in an order of its own. */
const sorted = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'object' && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  ); // prettier-ignore

async function statusOf(temporal: Client, workflowId: string): Promise<string> {
  try {
    return (await temporal.workflow.getHandle(workflowId).describe()).status.name;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'absent';
    return `unknown: ${(error as Error).message}`;
  }
}
