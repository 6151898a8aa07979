import { mkdtempSync } from 'node:fs';
import path from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { DataSource } from 'typeorm';
import { freePort } from '../../local/ports.js';
import { parseConfig, type Config } from '../../src/platform/config.js';
import { applicationOptions, connected } from '../../src/platform/database/data-source.js';
import { numbersOfItsOwn } from '../engines/databases.js';
import { DEMO_KEYS } from '../fixtures/keys.js';
import { UNLIMITED } from '../fixtures/unlimited.js';
import { startProgram, type Program } from '../fixtures/program.js';
import type { System } from '../fixtures/system.js';
import { baselineOf, type Baseline } from './checker.js';

export type { Program } from '../fixtures/program.js';

type Env = Readonly<Record<string, string>>;

/** The product as it is deployed: API and worker processes over one database and one Temporal, each of which a test may kill. */
export class Machine {
  private readonly programs: Program[] = [];
  /** Every program that was started and not put to rest, in the order of starting. */
  readonly running: readonly Program[] = this.programs;
  private constructor(
    readonly env: Env,
    /** The superuser's address of the database. */
    readonly databaseUrl: string,
    readonly config: Config,
    /** The test's own eye on the database, in the application's role. */
    readonly db: DataSource,
    readonly temporal: Client,
    readonly baseline: Baseline,
  ) {}

  static async over(databaseUrl: string, temporalAddress = process.env.TEST_TEMPORAL_ADDRESS ?? ''): Promise<Machine> {
    const dataDir = mkdtempSync(path.join(process.env.TEST_ENGINES_DIR ?? '', 'data-'));
    const env = {
      ...DEMO_KEYS,
      ...UNLIMITED,
      DATABASE_URL: databaseUrl,
      DATA_DIR: dataDir,
      DEMO: 'true',
      HOST: '127.0.0.1',
      DATABASE_POOL: '10',
      LOG_LEVEL: 'info',
      TEMPORAL_ADDRESS: temporalAddress,
      TEMPORAL_TASK_QUEUE: path.basename(dataDir),
    };
    await numbersOfItsOwn(databaseUrl);
    const config = parseConfig(env);
    const db = await connected(applicationOptions(databaseUrl, 4, 'test-eye'));
    const temporal = new Client({ connection: Connection.lazy({ address: temporalAddress, connectTimeout: '2s' }) });
    return new Machine(env, databaseUrl, config, db, temporal, await baselineOf(db));
  }

  /** An API process on a port of its own, listening. */
  async api(env: Env = {}): Promise<Program> {
    const port = await freePort();
    return this.start('main', { PORT: String(port), ...env }, `http://127.0.0.1:${port}`);
  }

  /** A worker process that polls. */
  worker(env: Env = {}): Promise<Program> {
    return this.start('worker', env, '');
  }

  private async start(name: 'main' | 'worker', env: Env, url: string): Promise<Program> {
    const { program, ready } = startProgram({ script: `src/${name}`, env: { ...this.env, ...env }, dir: this.config.dataDir, url });
    this.programs.push(program);
    await ready;
    return program;
  }

  /** Ends every program; the database stays as it is. */
  async rest(): Promise<void> {
    await Promise.all(this.programs.splice(0).map((program) => program.kill()));
  }

  async stop(): Promise<void> {
    await this.rest();
    await this.temporal.connection.close();
    await this.db.destroy();
  }
}

/** What the stories of the other tests need of a system: its address. */
export const systemAt = (api: Program): System => ({ url: api.url }) as System;
