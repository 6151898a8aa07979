import { cpus, release, totalmem } from 'node:os';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { projectRoot } from '../local/project.js';
import { amendmentScenario } from './amendment-scenario.js';
import { deadlinesScenario } from './deadlines-scenario.js';
import { figuresScenario } from './figures-scenario.js';
import { inboxScenario } from './inbox-scenario.js';
import { optionsFrom, type Options } from './options.js';
import { overdueScenario } from './overdue-scenario.js';
import { amendmentTable, inboxTable, transferTable, verdicts, verdictTable } from './report.js';
import { startEngines, type Engines } from './system.js';
import { transferScenario } from './transfer-scenario.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const results = path.join(projectRoot, 'bench', 'results');

const machine = () => ({ node: process.version, cpus: cpus().length, cpu: cpus()[0]?.model, memory: totalmem(), kernel: release() });

async function run(engines: Engines, options: Options): Promise<boolean> {
  const wants = (scenario: Options['scenarios'][number]) => options.scenarios.includes(scenario);
  const transfer = wants('transfer') ? await transferScenario(engines, options, say) : undefined;
  const inbox = wants('inbox') ? await inboxScenario(engines, say) : undefined;
  const amendment = wants('amendment') ? await amendmentScenario(engines, say) : undefined;
  const late = wants('overdue') ? await overdueScenario(engines, say) : undefined;
  const sets = wants('figures') ? await figuresScenario(engines, say) : undefined;
  const deadlines = wants('deadlines') ? await deadlinesScenario(engines, options.deadlines, say) : undefined;
  const { plan, ...reads } = inbox ?? {};
  const { plans, ...overdue } = late ?? {};
  const { plans: setPlans, ...figures } = sets ?? {};
  const { seconds, rounds, clients } = options;
  keep({
    transfer: transfer && { seconds, rounds, clients, ...transfer },
    inbox: inbox && reads,
    amendment,
    overdue: late && overdue,
    figures: sets && figures,
    deadlines,
  });
  if (plan) writeFileSync(path.join(results, 'inbox-plan.txt'), `${plan}\n`);
  if (plans) writeFileSync(path.join(results, 'overdue-plan.txt'), `${plans}\n`);
  if (setPlans) writeFileSync(path.join(results, 'figures-plan.txt'), `${setPlans}\n`);
  const all = verdicts({ transfer, inbox, amendment, late, sets });
  const tables = [
    transfer && transferTable(transfer),
    inbox && inboxTable(inbox),
    amendment && amendmentTable(amendment),
    verdictTable(all),
  ].filter((table) => table !== undefined);
  say(`\n${tables.map((table) => table.join('\n')).join('\n\n')}`);
  for (const [name, cpu] of Object.entries(transfer?.cpuMsPerCase ?? {})) say(`CPU ms a case, ${name}: ${JSON.stringify(cpu)}`);
  if (amendment) say(`CPU s while 100,000 deadlines moved: ${JSON.stringify(amendment.moveCpuSeconds)}`);
  for (const { perCase, executionMs, planningMs, statement } of transfer?.statements ?? [])
    say(`${perCase}\t${executionMs} + ${planningMs} ms\t${statement}`);
  const onTime = deadlines?.messages.every(({ sent, exactlyOnce }) => sent === deadlines.deadlines && exactlyOnce === sent) ?? true;
  return onTime && all.every(({ met }) => met);
}

/** Keeps the last results of each scenario; those that did not run keep what they have. */
function keep(scenarios: Partial<Record<Options['scenarios'][number], object>>): void {
  mkdirSync(results, { recursive: true });
  const file = path.join(results, 'latest.json');
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>) : {};
  const about = { at: new Date().toISOString(), machine: machine() };
  const now = Object.entries(scenarios).flatMap(([name, found]) => (found ? [[name, { ...about, ...found }] as const] : []));
  writeFileSync(file, `${JSON.stringify({ ...before, ...Object.fromEntries(now) }, undefined, 2)}\n`);
}

const options = optionsFrom(process.argv.slice(2));
const engines = await startEngines(options.statements);
const interrupted = new Promise<never>((_, reject) => {
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => reject(new Error('interrupted')));
});
try {
  const met = await Promise.race([run(engines, options), interrupted]);
  process.exitCode = met ? 0 : 1;
} finally {
  await engines.stop();
}
process.exit();
