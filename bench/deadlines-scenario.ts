import path from 'node:path';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import { temporalTestServer } from '../local/temporal.js';
import { SEARCH_ATTRIBUTES } from '../src/platform/temporal/search-attributes.js';
import { addDays, type PlainDate } from '../src/domain/working-days.js';
import { fileAll, filingsFrom } from '../test/fixtures/many-cases.js';
import { morning } from '../test/fixtures/morning.js';
import { recount } from '../test/fixtures/recount.js';
import { until } from '../test/fixtures/story.js';
import { TestTime } from '../test/fixtures/time.js';
import { startChild } from './children.js';
import { populate } from './population.js';
import { productDatabase, productEnvironment, startApi, type Engines } from './system.js';

const DATABASE = 'deadlines';
/** Each message: its act's key, the working day from the due date. */
const MESSAGES = [
  { key: 'reminded', n: 3, from: -3 },
  { key: 'reminded', n: 1, from: -1 },
  { key: 'escalated', n: 1, from: 1 },
] as const;

export interface DeadlinesResults {
  readonly deadlines: number;
  readonly filingSeconds: number;
  /** From 09:00 of the day to the last message, in which the half hour of the spread is skipped as fast as the worker goes. */
  readonly messages: readonly { readonly what: string; readonly seconds: number; readonly sent: number; readonly exactlyOnce: number }[];
}

const secondsSince = (began: number): number => Math.round((performance.now() - began) / 100) / 10;

/**
 * So many real deadlines due at the same instant: real cases filed over HTTP, one worker process, and Temporal's time-skipping test server,
 * without which their ten working days would have to pass.
 */
export async function deadlinesScenario(engines: Engines, deadlines: number, say: (line: string) => void): Promise<DeadlinesResults> {
  const executable = { type: 'existing-path' as const, path: await temporalTestServer() };
  const skipping = await TestWorkflowEnvironment.createTimeSkipping({ server: { executable } });
  engines.undo.push(() => skipping.teardown());
  await skipping.connection.operatorService.addSearchAttributes({ namespace: 'default', searchAttributes: SEARCH_ATTRIBUTES });
  const own = { ...engines, temporalAddress: skipping.address };
  await productDatabase(own, DATABASE);
  // Counties are dealt out over the cities of two provinces: every other student is in the one that is measured.
  const population = await populate(engines.url(DATABASE), { counties: 4, schools: 40, students: 2 * deadlines });
  const provinceId = population.schools[0]?.provinceId;
  const filings = filingsFrom(population, (school) => school.provinceId === provinceId).slice(0, deadlines);
  const url = await startApi(own, DATABASE);
  const time = new TestTime(skipping, path.join(engines.dir, 'ahead'));
  const environment = productEnvironment(own, DATABASE);
  const worker = await startChild('deadlines-worker', 'test/fixtures/worker-in-time.js', environment, engines.logs, [time.file]);
  engines.undo.push(worker.stop);

  const began = performance.now();
  const ids = await fileAll(url, filings);
  const count = async (sql: string, values: unknown[] = []) =>
    (await engines.sql<{ n: number }>(DATABASE, `select count(*)::int as n ${sql}`, values))[0]?.n ?? 0;
  // prettier-ignore
  await until(() => count('from process_cursor where next_wake_at is not null'), (n) => n >= deadlines, 'all to sleep', 600_000);
  const filingSeconds = secondsSince(began);
  say(`${deadlines} cases filed and opened in ${filingSeconds} s`);

  const due = await engines.sql<{ due: PlainDate }>(DATABASE, `select distinct to_char(due_date, 'YYYY-MM-DD') as due from task`);
  if (due.length !== 1 || !due[0]) throw new Error('the cases were filed on both sides of a midnight');
  const days = await daysOf(engines);
  const messages: DeadlinesResults['messages'][number][] = [];
  for (const { key, n, from } of MESSAGES) {
    const day = recount(days, due[0].due, from);
    await time.passTo(addDays(day, -1), 20);
    const start = performance.now();
    await morning(time, day, ids, () => count('from act where key like $1', [`${key}:%:${n}`]));
    const seconds = secondsSince(start);
    const exactlyOnce = await count(
      `from (select t.id from task t join act a on a.stream_id = t.request_id and a.key = $1 || ':' || t.id || ':' || $2 group by t.id
        having count(*) = 1) once`,
      [key, String(n)],
    );
    messages.push({ what: `${key} ${n}`, seconds, sent: await count('from act where key like $1', [`${key}:%:${n}`]), exactlyOnce });
    say(`${key} ${n}: the last of ${deadlines} after ${seconds} s, ${exactlyOnce} exactly once`);
  }
  return { deadlines, filingSeconds, messages };
}

/** The nation's days as the installation has them. */
async function daysOf(engines: Engines): Promise<Map<string, string>> {
  const rows = await engines.sql<{ date: string; kind: string }>(
    DATABASE,
    `select d.date, d.kind from calendar_version v, jsonb_to_recordset(v.days) as d (date text, kind text) where v.state = 'approved'`,
  );
  return new Map(rows.map(({ date, kind }) => [date, kind]));
}
