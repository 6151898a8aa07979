import pg from 'pg';
import pino from 'pino';
import { CalendarStore } from '../src/calendar/calendar-store.js';
import { DeadlineMoves } from '../src/calendar/deadline-moves.js';
import { systemClock } from '../src/clock.js';
import { parseConfig } from '../src/config.js';
import { applicationOptions, connected } from '../src/database/data-source.js';
import { FieldCipher } from '../src/database/field-cipher.js';
import { DEMO_PASSWORD } from '../src/demo/people.js';
import { lazyClient } from '../src/temporal/connection.js';
import { HttpClient } from './http.js';
import { filled } from './inbox-scenario.js';
import { distribution, timed, type Distribution } from './measurements.js';
import { LOAD, populate } from './population.js';
import { productDatabase, productEnvironment, startApi, type Engines } from './system.js';

const OPEN = 100_000;
const DATABASE = 'amendment';

export interface AmendmentResults {
  readonly openTasks: number;
  /** Tasks whose deadline moved: the worst case, all. */
  readonly moved: number;
  readonly approvalMs: number;
  /** From the approval's answer until every open task has its deadline. */
  readonly moveMs: number;
  /** What a decision writes, on random open tasks, one after another: before, and while the deadlines move. */
  readonly decisionMs: Readonly<Record<'before' | 'during', Distribution & { readonly max: number }>>;
}

/** The locks and the write of a decision: the request's row, then its task. */
async function decisions(client: pg.Client, tasks: readonly { id: string; requestId: string }[], goOn: () => boolean) {
  const times: number[] = [];
  for (let n = 0; goOn(); n += 1) {
    const { id, requestId } = tasks[(n * 7919) % tasks.length]!;
    await timed(times, async () => {
      await client.query('begin');
      await client.query('select 1 from change_request where id = $1 for update', [requestId]);
      await client.query('update task set version = version where id = $1', [id]);
      await client.query('commit');
    });
  }
  return { ...distribution(times), max: Math.round(Math.max(...times) * 100) / 100 };
}

async function signedIn(http: HttpClient, username: string): Promise<string> {
  return (await http.post<{ token: string }>('/sessions', '-', { username, password: DEMO_PASSWORD })).token;
}

/** The deadlines of all open tasks move while others are decided (A8): generated rows without processes, the mover in this process. */
export async function amendmentScenario(engines: Engines, say: (line: string) => void): Promise<AmendmentResults> {
  await productDatabase(engines, DATABASE);
  say(`Generating ${OPEN.toLocaleString('en')} open tasks …`);
  await filled(engines, DATABASE, await populate(engines.url(DATABASE), { ...LOAD, students: OPEN }), OPEN);
  await engines.sql(
    DATABASE,
    'update task t set due_date = n.due_date, due_at = n.due_at, provisional = n.provisional from task_due n where n.id = t.id',
  );
  await engines.sql(DATABASE, 'vacuum full analyze task');
  const tasks = await engines.sql<{ id: string; requestId: string }>(
    DATABASE,
    'select id, request_id as "requestId" from task order by id limit 5000',
  );
  const http = new HttpClient(`${await startApi(engines, DATABASE)}/api/v1`);
  const config = parseConfig(productEnvironment(engines, DATABASE));
  const db = await connected(applicationOptions(config.databaseUrl, 4, 'bench-moves'));
  const client = new pg.Client({ connectionString: engines.url(DATABASE) });
  await client.connect();
  engines.undo.push(async () => {
    http.close();
    await Promise.all([db.destroy(), client.end()]);
  });
  const deps = { db, clock: systemClock, cipher: new FieldCipher(config.fieldKey, config.indexKey), calendar: new CalendarStore() };
  const moves = new DeadlineMoves({ ...deps, client: await lazyClient(config), taskQueue: 'nobody', log: pino({ level: 'silent' }) });

  const [drafter, approver] = [await signedIn(http, 'supervisor.000000'), await signedIn(http, 'operator')];
  const year = new Date().getFullYear();
  const { days } = await http.get<{ days: { date: string }[] }>(`/calendar/${year}`, drafter);
  const off = await engines.sql<{ date: string }>(
    DATABASE,
    `select to_char(d.date, 'YYYY-MM-DD') as date from working_day d where d.worked and d.date >= (select max(arrived_on) from task) + 1 order by d.date limit 1`,
  );
  const draft = {
    year,
    days: [...days, { ...off[0], kind: 'holiday', name: 'bench' }],
    notice: 'bench',
    noticeUrl: 'https://www.gov.cn/bench',
  };
  const { id } = await http.post<{ id: string }>('/calendar/amendments', drafter, draft);
  let until = performance.now() + 3000;
  const before = await decisions(client, tasks, () => performance.now() < until);
  const approval: number[] = [];
  await timed(approval, () => http.post(`/calendar/amendments/${id}/approval`, approver, {}));
  until = Infinity;
  const during = decisions(client, tasks, () => performance.now() < until);
  const took: number[] = [];
  await timed(took, () => moves.pass());
  until = 0;
  const { move } = await http.get<{ move: { moved: number } }>(`/calendar/amendments/${id}`, drafter);
  return {
    ...{ openTasks: OPEN, moved: move.moved, approvalMs: Math.round(approval[0]!), moveMs: Math.round(took[0]!) },
    decisionMs: { before, during: await during },
  };
}
