import { freePort } from '../local/ports.js';
import { barePostgres } from './bare-postgres/subject.js';
import { bareTemporal, SCHEMA } from './bare-temporal/subject.js';
import { startChild } from './children.js';
import type { Subject } from './closed-loop.js';
import { populate } from './population.js';
import { product } from './product.js';
import { productDatabase, startApi, startProductWorker, type Engines } from './system.js';

/** The database that each subject writes to. */
const DATABASE_OF: Readonly<Record<string, string>> = { product: 'product', barePostgres: 'bare', bareTemporal: 'steps' };

export interface Bytes {
  readonly postgres: number;
  readonly temporal: number;
}

export async function bytesOf(engines: Engines, subject: string): Promise<Bytes> {
  const [row] = await engines.sql<{ bytes: string }>(DATABASE_OF[subject]!, 'select pg_database_size(current_database()) as bytes');
  return { postgres: Number(row!.bytes), temporal: engines.temporalBytes() };
}

/** The product and the two lower bounds, each with processes and a database of its own; the product first. */
export async function startSubjects(engines: Engines): Promise<Subject[]> {
  await productDatabase(engines, 'product');
  const population = await populate(engines.url('product'));
  await engines.sql('postgres', 'create database bare template product');
  await engines.sql('postgres', 'create database steps');
  await engines.sql('steps', SCHEMA);
  const port = await freePort();
  await barePart(engines, 'postgres/server', { DATABASE_URL: engines.url('bare'), PORT: String(port) });
  await barePart(engines, 'temporal/worker', { DATABASE_URL: engines.url('steps'), TEMPORAL_ADDRESS: engines.temporalAddress });
  await startProductWorker(engines, 'product');
  const url = await startApi(engines, 'product');
  const all = [
    product(url, engines.url('product'), population),
    barePostgres(`http://127.0.0.1:${port}`, population),
    await bareTemporal(engines.temporalAddress, engines.url('steps'), population),
  ];
  for (const one of all) engines.undo.push(() => one.close());
  return all;
}

async function barePart(engines: Engines, what: string, env: NodeJS.ProcessEnv): Promise<void> {
  const child = await startChild(`bare-${what.replace('/', '-')}`, `bench/bare-${what}.js`, env, engines.logs);
  engines.processes.set(child.name, child.process.pid);
  engines.undo.push(child.stop);
}
