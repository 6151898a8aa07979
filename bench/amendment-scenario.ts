import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import pino from 'pino';
import { CalendarStore } from '../src/calendar/calendar.store.js';
import { DeadlineMoves } from '../src/deadlines/deadline-moves.js';
import { systemClock } from '../src/platform/clock.js';
import { parseConfig } from '../src/platform/config.js';
import { applicationOptions, connected } from '../src/platform/database/data-source.js';
import { FieldCipher } from '../src/platform/database/field-cipher.js';
import { DEMO_PASSWORD } from '../src/demo/people.js';
import { lazyClient } from '../src/platform/temporal/connection.js';
import { recount, type PlainDays } from '../test/fixtures/recount.js';
import { A_LOOK_MS } from './closed-loop.js';
import { cpuSeconds } from './cpu.js';
import { HttpClient } from './http.js';
import { filled } from './inbox-scenario.js';
import { distribution, timed, type Distribution } from './measurements.js';
import { LOAD, populate } from './population.js';
import { productDatabase, productEnvironment, startApi, type Engines } from './system.js';

const OPEN = 100_000;
const DATABASE = 'amendment';
/** Reviewers who decide at the same time, each one task after another, with a look at it before. */
const REVIEWERS = 2;
/** How often it is looked who waits for a lock. */
const EVERY_MS = 20;
/** No decision that began before the approval's answer is made later than this. */
const A_DECISION = 1000;
/** Every tenth task was escalated, and its move is to be noted; one in five has the acts that deciding it needs. */
const ESCALATED = 10;
const DECIDABLE = 5;

export interface AmendmentResults {
  readonly openTasks: number;
  /** Tasks whose deadline moved: the worst case, all. */
  readonly moved: number;
  /** Moves of escalated tasks that were noted beside their escalations. */
  readonly noted: number;
  readonly approvalMs: number;
  /** From the approval's answer until every open task has its deadline. */
  readonly moveMs: number;
  /** CPU seconds meanwhile, by process; `load` is the mover and the reviewers. A busy machine takes longer, but not more of these. */
  readonly moveCpuSeconds: Readonly<Record<string, number>>;
  /** From then on until the last note is written. */
  readonly notesMs: number;
  /** POST /tasks/:id/decision by real accounts: before, while the deadlines move, and while the notes are written. */
  readonly decisionMs: Readonly<Record<'before' | 'moving' | 'noting', Distribution & { readonly max: number }>>;
  /**
   * The longest that a statement of the API was seen to wait for somebody's lock since the approval, whatever else keeps the machine busy.
   */
  readonly longestLockWaitMs: number;
  /** By a plain recount of every task, day by day; none may be wrong. */
  readonly wrongDeadlines: number;
}

/**
 * The acts of some of the generated requests: filed, opened, and of every tenth task escalated to the holder's superior. No chain is
 * computed: nothing here verifies one.
 */
const ACTS = `
  with chosen as (
    select r.id, r.route, r.filed_at, r.filer_id, r.filer_organisation_id, t.id as task_id, t.holder_id, o.ancestors, t.arrived_on,
      right(r.number, -2)::int % ${ESCALATED} = 3 as escalated
    from change_request r join task t on t.request_id = r.id join organisation o on o.id = t.holder_id
    where right(r.number, -2)::int % ${ESCALATED} = 3 or right(r.number, -2)::int % ${DECIDABLE} = 1),
  told as (
    select c.id, a.seq, a.kind, a.body, c.filed_at, case a.seq when 1 then c.filer_id end as person_id, case a.seq
      when 1 then 'schoolClerk' end as office,
      case a.seq when 1 then c.filer_organisation_id end as organisation_id
    from chosen c cross join lateral (values
      (1, 'filed', jsonb_build_object('route', c.route)),
      (2, 'opened', jsonb_build_object('taskId', c.task_id, 'step', 'sourceSchool', 'visit', 1, 'capacities', array['sourceSchool'],
        'holder', c.holder_id,
        'office', 'schoolReviewer', 'workingDays', 10, 'arrivedOn', c.arrived_on, 'ladder', c.ancestors)),
      (3, 'escalated', jsonb_build_object('taskId', c.task_id, 'step', 'sourceSchool', 'visit', 1, 'level', 1, 'to',
        c.ancestors[1]))) a (seq, kind, body)
    where a.seq < 3 or c.escalated),
  climbed as (
    update task t set escalated_to = c.ancestors[1:1] from chosen c where t.id = c.task_id and c.escalated returning t.request_id),
  counted as (
    update change_request r set last_seq = 3, last_process_seq = 3 from climbed where r.id = climbed.request_id)
  insert into act (stream_id, seq, stream, kind, process, at, person_id, office, organisation_id, body, hash, seal)
  select id, seq, 'request', kind, true, filed_at, person_id, office, organisation_id, body, sha256(convert_to(id::text || seq, 'UTF8')), ''
    from told`;

interface Decidable {
  id: string;
  holderId: string;
}

/** Tasks that nobody has decided yet, dealt out to whoever asks; in an order that has nothing to do with the mover's. */
const TO_DECIDE = `
  select t.id, t.holder_id as "holderId" from task t join change_request r on r.id = t.request_id
  where right(r.number, -2)::int % ${DECIDABLE} = 1 and r.last_seq = 2 order by sha256(t.id::text::bytea)`;

type Phase = keyof AmendmentResults['decisionMs'];

/** Reviewers who look and decide; the phase under which each decision counts is the one in which it was answered. */
class Reviewing {
  readonly times: Record<Phase, number[]> = { before: [], moving: [], noting: [] };
  phase: Phase = 'before';
  private stopped = false;
  private readonly reviewers: Promise<void>[];

  constructor(
    http: HttpClient,
    tasks: Iterator<Decidable>,
    private readonly tokens: ReadonlyMap<string, string>,
  ) {
    this.reviewers = Array.from({ length: REVIEWERS }, () => this.review(http, tasks));
  }

  private async review(http: HttpClient, tasks: Iterator<Decidable>): Promise<void> {
    while (!this.stopped) {
      const next = tasks.next();
      if (next.done) throw new Error('more decisions than tasks that can be decided');
      const { id, holderId } = next.value;
      await sleep(A_LOOK_MS);
      const began = performance.now();
      await http.post(`/tasks/${id}/decision`, this.tokens.get(holderId) ?? '', { verdict: 'approve', opinion: '同意', version: 1 });
      this.times[this.phase].push(performance.now() - began);
    }
  }

  async stop(): Promise<AmendmentResults['decisionMs']> {
    this.stopped = true;
    await Promise.all(this.reviewers);
    const of = (phase: Phase) => ({ ...distribution(this.times[phase]), max: Math.round(Math.max(0, ...this.times[phase]) * 100) / 100 });
    return { before: of('before'), moving: of('moving'), noting: of('noting') };
  }
}

/** Looks who waits until it is told to stop, and answers the longest wait that it saw, in milliseconds. */
async function longestLockWait(client: pg.Client, goesOn: () => boolean): Promise<number> {
  let longest = 0;
  for (; goesOn(); await sleep(EVERY_MS)) {
    const { rows } = await client.query<{ ms: number | null }>(
      `select max(extract(epoch from clock_timestamp() - l.waitstart) * 1000)::float8 as ms from pg_locks l join pg_stat_activity a
        using (pid)
       where not l.granted and a.datname = current_database() and a.application_name <> 'bench-moves'`,
    );
    longest = Math.max(longest, rows[0]?.ms ?? 0);
  }
  return Math.round(longest);
}

async function signedIn(http: HttpClient, username: string): Promise<string> {
  return (await http.post<{ token: string }>('/sessions', '-', { username, password: DEMO_PASSWORD })).token;
}

/** The deadlines of all open tasks move while others are decided (A8): generated rows without processes, the mover in this process. */
export async function amendmentScenario(engines: Engines, say: (line: string) => void): Promise<AmendmentResults> {
  await productDatabase(engines, DATABASE);
  say(`Generating ${OPEN.toLocaleString('en')} open tasks …`);
  const population = await populate(engines.url(DATABASE), { ...LOAD, students: OPEN });
  await filled(engines, DATABASE, population, OPEN);
  await engines.sql(
    DATABASE,
    'update task t set due_date = n.due_date, due_at = n.due_at, provisional = n.provisional from task_due n where n.id = t.id',
  );
  await engines.sql(DATABASE, ACTS);
  await engines.sql(DATABASE, 'vacuum full analyze task');
  await engines.sql(DATABASE, 'vacuum analyze');
  const tasks = (await engines.sql<Decidable>(DATABASE, TO_DECIDE)).values();
  const http = new HttpClient(`${await startApi(engines, DATABASE)}/api/v1`);
  const config = parseConfig(productEnvironment(engines, DATABASE));
  const db = await connected(applicationOptions(config.databaseUrl, 4, 'bench-moves'));
  engines.undo.push(async () => {
    http.close();
    await db.destroy();
  });
  const deps = { db, clock: systemClock, cipher: new FieldCipher(config.fieldKey, config.indexKey), calendar: new CalendarStore() };
  const moves = new DeadlineMoves({ ...deps, client: await lazyClient(config), taskQueue: 'nobody', log: pino({ level: 'silent' }) });

  const [drafter, approver] = [await signedIn(http, 'supervisor.000000'), await signedIn(http, 'operator')];
  const id = await drafted(engines, http, drafter);
  const reviewing = new Reviewing(http, tasks, new Map(population.schools.map(({ id: school, reviewer }) => [school, reviewer])));
  await sleep(3000);
  const approval: number[] = [];
  await timed(approval, () => http.post(`/calendar/amendments/${id}/approval`, approver, {}));
  const answered = Date.now();
  const began = performance.now();
  const usedBefore = cpuSeconds(engines.processes);
  reviewing.phase = 'moving';
  const watcher = new pg.Client({ connectionString: engines.url(DATABASE) });
  await watcher.connect();
  let over = false;
  const waiting = longestLockWait(watcher, () => !over);
  const moving = moves.pass();
  await entered(watcher, 'notes');
  const moved = performance.now();
  const moveCpuSeconds = usedSince(usedBefore, cpuSeconds(engines.processes));
  reviewing.phase = 'noting';
  await moving;
  const noted = performance.now();
  const decisionMs = await reviewing.stop();
  over = true;
  const longestLockWaitMs = await waiting;
  await watcher.end();
  const { move } = await http.get<{ move: { moved: number; annotated: number } }>(`/calendar/amendments/${id}`, drafter);
  return {
    openTasks: OPEN,
    moved: move.moved,
    noted: move.annotated,
    approvalMs: Math.round(approval[0]!),
    moveMs: Math.round(moved - began),
    moveCpuSeconds,
    notesMs: Math.round(noted - moved),
    decisionMs,
    longestLockWaitMs,
    wrongDeadlines: await wrongDeadlines(engines, new Date(answered + A_DECISION)),
  };
}

/** The first working day after the last arrival becomes a holiday, so that every deadline moves. */
async function drafted(engines: Engines, http: HttpClient, drafter: string): Promise<string> {
  const year = new Date().getFullYear();
  const { days } = await http.get<{ days: { date: string }[] }>(`/calendar/${year}`, drafter);
  const off = await engines.sql<{ date: string }>(
    DATABASE,
    `select to_char(d.date, 'YYYY-MM-DD') as date from working_day d where d.worked and d.date >= (select max(arrived_on) from task) + 1
      order by d.date limit 1`,
  );
  const notice = { notice: 'bench', noticeUrl: 'https://www.gov.cn/bench' };
  const draft = { year, days: [...days, { ...off[0], kind: 'holiday', name: 'bench' }], ...notice };
  return (await http.post<{ id: string }>('/calendar/amendments', drafter, draft)).id;
}

const usedSince = (before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): Record<string, number> =>
  Object.fromEntries([...after].map(([name, seconds]) => [name, Math.round((seconds - (before.get(name) ?? 0)) * 10) / 10]));

/** Until the move has come so far. */
async function entered(client: pg.Client, phase: 'notes'): Promise<void> {
  const reached = () => client.query(`select 1 from deadline_move where phase in ($1, 'done')`, [phase]);
  while ((await reached()).rows.length === 0) await sleep(20);
}

interface Counted {
  arrivedOn: string;
  workingDays: number;
  dueDate: string;
  dueAt: Date;
  n: number;
}

/** Of the open tasks, and of those decided since; what was decided before, or at that moment, may have been by the former calendar. */
async function wrongDeadlines(engines: Engines, since: Date): Promise<number> {
  const inForce = await engines.sql<{ date: string; kind: string }>(
    DATABASE,
    `select d.date, d.kind from (select distinct on (year) days from calendar_version where state = 'approved' order by year,
      version desc) v,
       jsonb_to_recordset(v.days) as d (date text, kind text)`,
  );
  const days: PlainDays = new Map(inForce.map(({ date, kind }) => [date, kind]));
  const counted = await engines.sql<Counted>(
    DATABASE,
    `select to_char(arrived_on, 'YYYY-MM-DD') as "arrivedOn", working_days as "workingDays", to_char(due_date, 'YYYY-MM-DD') as "dueDate",
      due_at as "dueAt", count(*)::int as n
     from task where state = 'open' or decided_at > $1 group by 1, 2, 3, 4`,
    [since],
  );
  const isWrong = ({ arrivedOn, workingDays, dueDate, dueAt }: Counted): boolean =>
    dueDate !== recount(days, arrivedOn, workingDays) || dueAt.getTime() !== Date.parse(`${dueDate}T00:00:00+08:00`) + 86_400_000;
  return counted.reduce((wrong, one) => wrong + (isWrong(one) ? one.n : 0), 0);
}
