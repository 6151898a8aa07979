import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { postgresHome } from '../../local/postgres.js';
import { known, readRecord, type Born } from '../../local/processes.js';
import { sameTime } from '../../local/same-time.js';
import { TEMPORAL_RECORD } from '../../local/temporal-record.js';

/** Where a start keeps its data and listens. */
export interface Place {
  readonly dataDir: string;
  readonly port: number;
  readonly temporalPort: number;
  readonly temporalUiPort: number;
}

/** A command of package.json, past what it prepares: in a process group of its own, as a terminal would give it. */
export class Command {
  private text = '';
  private readonly gone: Promise<unknown>;

  private constructor(readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (data) => (this.text += String(data)));
    this.gone = once(child, 'close');
  }

  static run(name: 'start' | 'reset', { dataDir, port, temporalPort, temporalUiPort }: Place): Command {
    const child = spawn(process.execPath, [fileURLToPath(new URL(`../../local/${name}.js`, import.meta.url))], {
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        // By the folder the engines' watchdog knows what to end, whatever becomes of the test.
        ...sameTime(),
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        TEST_ENGINES_DIR: process.env.TEST_ENGINES_DIR,
        DATA_DIR: dataDir,
        PORT: String(port),
        TEMPORAL_PORT: String(temporalPort),
        TEMPORAL_UI_PORT: String(temporalUiPort),
        TEMPORAL_CLI_PATH: process.env.TEST_TEMPORAL_CLI_PATH,
      },
    });
    return new Command(child);
  }

  said = (): string => this.text;

  /** Waits until it has said so; throws when it ends before. */
  async says(pattern: RegExp): Promise<void> {
    let over = false;
    void this.gone.then(() => (over = true));
    while (!pattern.test(this.text)) {
      if (over) throw new Error(`it ended and said nothing of the kind:\n${this.text}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** As Ctrl-C does: to the whole group. */
  interrupt(): Promise<number | null> {
    process.kill(-this.child.pid!, 'SIGINT');
    return this.ended();
  }

  kill(): Promise<number | null> {
    this.child.kill('SIGKILL');
    return this.ended();
  }

  /** Its exit code. */
  async ended(): Promise<number | null> {
    await this.gone;
    return this.child.exitCode;
  }
}

/** The processes of a data folder by their records, living or not: servers, API and worker. */
export function processesOf(dataDir: string): { readonly engines: Born[]; readonly programs: Born[] } {
  const record = (...parts: string[]) => readRecord<Born>(path.join(dataDir, ...parts));
  const there = (all: (Born | undefined)[]) => all.filter((one) => one !== undefined);
  return {
    engines: there([record('temporal', TEMPORAL_RECORD), postmasterOf(path.join(dataDir, 'postgres'))]),
    programs: there([record('api.json'), record('worker.json')]),
  };
}

function postmasterOf(dir: string): Born | undefined {
  try {
    return known(Number(readFileSync(path.join(postgresHome(dir), 'data', 'postmaster.pid'), 'utf8').split('\n')[0]));
  } catch {
    return undefined;
  }
}

/** Whatever lives and was started for the folder, by its environment, where there is a /proc to read it from. */
export const livingOf = (dataDir: string): string[] =>
  readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'utf8').split('\0').includes(`DATA_DIR=${dataDir}`);
    } catch {
      return false;
    }
  });
