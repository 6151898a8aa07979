import type pg from 'pg';
import { GROUPINGS } from '../src/supervision/overdue.dto.js';
import { COUNT_DAY, HOW_MANY_BELOW, MANY, OVERDUE_COUNTS, OVERDUE_TASKS } from '../src/supervision/overdue.store.js';
import { INBOX } from '../src/tasks/inbox.service.js';
import { generatedTasks } from '../test/fixtures/many-tasks.js';
import { asApplication, explainedGenerically, inScopeOf } from './plans.js';
import { LOAD, populate } from './population.js';
import { productDatabase, type Engines } from './system.js';

/** Of every third task, climbed all the way: each province's supervisors have many of them in their inbox. */
const ESCALATED = `
  update task t set escalated_to = o.ancestors[1:cardinality(o.ancestors) - 1] from organisation o
  where o.id = t.holder_id and t.working_days % 3 = 0 and t.due_at <= '2026-11-24T10:00:00+08:00'`;
const OPEN = 1_000_000;
const DATABASE = 'overdue';
const PAGE = 51;

export interface OverdueResults {
  readonly openTasks: number;
  readonly overdue: number;
  /** Milliseconds that PostgreSQL takes, the middle of five. */
  readonly ms: Readonly<Record<string, number>>;
  /** EXPLAIN (ANALYZE, BUFFERS) of each statement. */
  readonly plans: string;
}

const offices = (organisationId: string): string => JSON.stringify([{ office: 'authoritySupervisor', organisationId }]);

async function explained(client: pg.Client, statement: string, values: unknown[]): Promise<{ ms: number; plan: string }> {
  const runs: { ms: number; plan: string }[] = [];
  for (let n = 0; n < 5; n += 1) {
    const plan = await explainedGenerically(client, statement, values);
    runs.push({ ms: Number(/Execution Time: ([\d.]+)/.exec(plan)?.[1]), plan });
  }
  return runs.sort((a, b) => a.ms - b.ms)[2]!;
}

/**
 * The overdue table and the supervisor's inbox over a million open tasks, three quarters of them overdue and a quarter escalated, under
 * row-level security: for the nation, a province and a county.
 */
export async function overdueScenario(engines: Engines, say: (line: string) => void): Promise<OverdueResults> {
  await productDatabase(engines, DATABASE);
  await populate(engines.url(DATABASE), { ...LOAD, students: 1 });
  say(`Generating ${OPEN.toLocaleString('en')} open tasks …`);
  await generatedTasks({ databaseUrl: engines.url(DATABASE) }, OPEN, '2026-08-03', '2026-11-20');
  await engines.sql(DATABASE, ESCALATED);
  await engines.sql(DATABASE, 'select fold_open_task_changes(10000000)');
  await engines.sql(DATABASE, 'vacuum analyze');
  const client = await asApplication(engines.url(DATABASE));
  try {
    const now = new Date('2026-11-24T10:00:00+08:00');
    await inScopeOf(client);
    await client.query(COUNT_DAY, ['2026-11-17', new Date('2026-11-17T00:00:00+08:00')]);
    const { rows } = await client.query<{ n: number }>(`select count(*)::int as n from task where state = 'open' and due_at <= $1`, [now]);
    const who = await client.query<{ name: string; id: string }>(
      `select 'the nation' as name, id from organisation where level = 'national' union all (select 'one province', id from organisation
        where level = 'province' order by code limit 1)
         union all (select 'one county', id from organisation where code like 'C_____' limit 1)`,
    );
    const ms: Record<string, number> = {};
    const plans: string[] = [];
    for (const { name, id } of who.rows) {
      await inScopeOf(client, [id]);
      const below = await client.query<{ n: number }>(HOW_MANY_BELOW, [[id]]);
      const tasks = OVERDUE_TASKS((below.rows[0]?.n ?? 0) > MANY);
      const all = [
        ...GROUPINGS.map((by) => [`${name}, by ${by}`, OVERDUE_COUNTS(by), [[id], now, null, null, PAGE, '2026-11-17']] as const),
        [`${name}, the tasks`, tasks, [[id], now, null, null, null, PAGE]] as const,
        [`${name}, the supervisor's inbox`, INBOX, [offices(id), [id], null, null, true, now, null, PAGE]] as const,
      ];
      for (const [title, statement, values] of all) {
        const { ms: taken, plan } = await explained(client, statement, [...values]);
        ms[title] = taken;
        plans.push(`── ${title}: ${taken} ms\n${plan}`);
        say(`${title}: ${taken} ms`);
      }
    }
    return { openTasks: OPEN, overdue: rows[0]?.n ?? 0, ms, plans: plans.join('\n\n') };
  } finally {
    await client.end();
  }
}
