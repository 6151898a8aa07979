import { createHash, randomUUID } from 'node:crypto';
import pg from 'pg';
import { STEPS } from '../transfers.js';

/** A statement that the server prepares once a connection. */
const prepared = (db: pg.Pool | pg.PoolClient, name: string, text: string, values: unknown[]) => db.query({ name, text, values });

async function transaction<T>(pool: pg.Pool, work: (tx: pg.PoolClient) => Promise<T>): Promise<T> {
  const tx = await pool.connect();
  try {
    await tx.query('begin');
    const result = await work(tx);
    await tx.query('commit');
    return result;
  } catch (error) {
    await tx.query('rollback');
    throw error;
  } finally {
    tx.release();
  }
}

export async function personOf(pool: pg.Pool, token: string): Promise<string | undefined> {
  const hash = createHash('sha256').update(token).digest();
  const { rows } = await prepared(pool, 'token', 'select person_id from session where token_hash = $1 and expires_at > now()', [hash]);
  return (rows[0] as { person_id: string } | undefined)?.person_id;
}

const IDEMPOTENCY = 'insert into idempotency (person_id, key, request_hash, answer, created_at) values ($1,$2,$3,$4,now())';
const ACT = `insert into act (stream_id, seq, stream, kind, process, key, at, person_id, office, organisation_id, body, text_digests, hash,
    seal)
  values ($1,$2,'request',$3,true,null,now(),$4,$5,$6,$7,$8,$9,'')`;
const TEXT = 'insert into act_text (stream_id, seq, field, salt, cipher) values ($1,$2,$3,$4,$5)';
const TASK = `insert into task (id, request_id, step, visit, supplement, capacities, holder_id, office, state, version, returns, opened_at,
  arrived_on, working_days, due_date, due_at, provisional, kind)
  values ($1,$2,$3,1,false,array[$3],$4,$5,'open',1,0,now(),current_date,10,current_date + 14,now() + interval '15 days',false,'transfer')`;

interface Act {
  readonly request: string;
  readonly seq: number;
  readonly kind: string;
  readonly person: string;
  readonly organisation: string;
  readonly field: string;
  readonly text: string;
  readonly body: object;
}

async function append(tx: pg.PoolClient, { request, seq, kind, person, organisation, field, text, body }: Act): Promise<void> {
  const digest = createHash('sha256').update(text).digest();
  const hash = createHash('sha256').update(JSON.stringify(body)).digest();
  await prepared(tx, 'act', ACT, [request, seq, kind, person, 'reviewer', organisation, body, { [field]: digest.toString('hex') }, hash]);
  await prepared(tx, 'text', TEXT, [request, seq, field, digest.subarray(0, 16), Buffer.from(text)]);
}

const office = (step: number): string => (step < 2 ? 'schoolReviewer' : 'authorityReviewer');
const openTask = (tx: pg.PoolClient, request: string, step: number, holder: string) =>
  prepared(tx, 'task', TASK, [randomUUID(), request, STEPS[step], holder, office(step)]);

export interface Filing {
  readonly studentId: string;
  readonly holders: readonly string[];
}

/** Files a case and opens its first task. */
export function file(pool: pg.Pool, person: string, key: string, { studentId, holders }: Filing): Promise<{ id: string }> {
  const id = randomUUID();
  const route = { holders, steps: STEPS };
  const request = `insert into change_request (id, number, kind, student_id, masked_name, state, processing, version, route, steps, details,
    application, evidence_ids, filer_id,
      filer_organisation_id, source_school_id, destination_school_id, seen_by, filed_at, last_seq, last_process_seq)
    values ($1, nextval('change_request_number')::text, 'transfer', $2, '压*', 'open', false, 1, $3, $4, '{}', '{}', '{}', $5, $6, $6, $7,
      $8, now(), 1, 1)`;
  return transaction(pool, async (tx) => {
    await prepared(tx, 'idempotency', IDEMPOTENCY, [person, key, createHash('sha256').update(studentId).digest(), { id }]);
    const steps = JSON.stringify(STEPS.map((step, i) => ({ id: step, organisationId: holders[i], state: 'waiting' })));
    await prepared(tx, 'request', request, [id, studentId, route, steps, person, holders[0], holders[1], holders]);
    await append(tx, {
      request: id,
      seq: 1,
      kind: 'filed',
      person,
      organisation: holders[0]!,
      field: 'reason',
      text: '家庭迁居',
      body: route,
    });
    await openTask(tx, id, 0, holders[0]!);
    return { id };
  });
}

const DECIDED = `update task set state = 'decided', version = version + 1, verdict = $2, decided_at = now(), decided_by = $3,
  decided_late = false
  where id = $1 and state = 'open' returning request_id, step, holder_id`;
const MOVED = `update change_request set version = version + 1, last_seq = last_seq + 1, last_process_seq = last_seq + 1,
    steps = jsonb_set(steps, array[$2::text, 'state'], '"approved"'), state = case when $2 = '3' then 'approved' else state end, closed_at =
      case when $2 = '3' then now() end
  where id = $1 returning last_seq, route, student_id`;
const LEFT = `update enrolment set state = 'transferredOut', valid_to = current_date, since = current_date, changed_at = now()
  where student_id = $1 and state = 'active'`;
const ENTERED = `insert into enrolment (id, student_id, school_id, state, grade, study_mode, length_years, enrolled_on, expected_leaving_on,
  valid_from, since, recorded_at, changed_at)
  values ($1, $2, $3, 'active', '2025', 'fullTime', 3, current_date, current_date, current_date, current_date, now(), now())`;

/** Decides a task: one transaction that writes the key, the act with its text, the task, the request and the next task. */
export function decide(
  pool: pg.Pool,
  person: string,
  key: string,
  id: string,
  body: { verdict: string; opinion: string },
): Promise<object> {
  return transaction(pool, async (tx) => {
    const hash = createHash('sha256').update(JSON.stringify(body)).digest();
    await prepared(tx, 'idempotency', IDEMPOTENCY, [person, key, hash, { id, ...body }]);
    const decided = await prepared(tx, 'decided', DECIDED, [id, body.verdict, person]);
    const task = decided.rows[0] as { request_id: string; step: (typeof STEPS)[number]; holder_id: string } | undefined;
    if (!task) throw new Error('the task is not open');
    const step = STEPS.indexOf(task.step);
    const moved = await prepared(tx, 'moved', MOVED, [task.request_id, String(step)]);
    const request = moved.rows[0] as { last_seq: number; route: { holders: string[] }; student_id: string };
    const act = { kind: 'decided', person, organisation: task.holder_id, field: 'opinion', text: body.opinion };
    await append(tx, {
      ...act,
      request: task.request_id,
      seq: request.last_seq,
      body: { taskId: id, step: task.step, verdict: body.verdict },
    });
    if (step < 3) await openTask(tx, task.request_id, step + 1, request.route.holders[step + 1]!);
    else await effect(tx, request.student_id, request.route.holders[1]!);
    return { id, state: 'decided' };
  });
}

async function effect(tx: pg.PoolClient, student: string, school: string): Promise<void> {
  await prepared(tx, 'left', LEFT, [student]);
  await prepared(tx, 'entered', ENTERED, [randomUUID(), student, school]);
}

/** The twenty most urgent open tasks of an organisation. */
export async function inbox(pool: pg.Pool, organisation: string): Promise<object> {
  const { rows } = await prepared(
    pool,
    'inbox',
    `select id, request_id as "requestId", step, due_at from task where holder_id = $1
      and office = any('{schoolReviewer,authorityReviewer}') and state = 'open' order by due_at, id limit 20`,
    [organisation],
  );
  return { items: rows };
}
