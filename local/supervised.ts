import { spawn, type ChildProcess } from 'node:child_process';
import path from 'node:path';
import { lastLines, sizeOf, withLog } from './log-file.js';
import { alive, known, readRecord, stopProcess, writeRecord, type Born } from './processes.js';

export interface Program {
  name: string;
  script: string;
  env: NodeJS.ProcessEnv;
  /** Where the record of the running process is kept. */
  dir: string;
  logFile: string;
}

const STEADY_MS = 60_000;
const LONGEST_PAUSE_MS = 30_000;
const GRACE: readonly (readonly [NodeJS.Signals, number])[] = [['SIGTERM', 20_000]];

const recordOf = ({ dir, name }: { dir: string; name: string }) => path.join(dir, `${name}.json`);

/** Ends the process of this name that a killed starter left behind: it would answer with an older build. */
export async function endOrphan(program: { dir: string; name: string }): Promise<void> {
  const orphan = readRecord<Born>(recordOf(program));
  if (orphan && alive(orphan)) await stopProcess(orphan, GRACE);
}

/** A process of the product that is started again when it ends by itself, each time after a longer pause. */
export class Supervised {
  private running?: Born;
  private stopping = false;
  private crashes = 0;
  private pause?: NodeJS.Timeout;
  private logFrom = 0;
  /** True once the process has said that it is ready. */
  ready = false;

  constructor(
    readonly program: Program,
    private readonly log: (line: string) => void,
  ) {}

  start(): void {
    const { script, env, logFile } = this.program;
    this.logFrom = sizeOf(logFile);
    const born = Date.now();
    const child = withLog(logFile, (out) =>
      spawn(process.execPath, ['--enable-source-maps', script], { env, detached: true, stdio: ['ignore', out, out, 'ipc'] }),
    );
    child.on('message', (message) => (this.ready ||= message === 'ready'));
    child.once('error', (error) => this.log(`${this.program.name}: ${error.message}`));
    child.once('exit', (code, signal) => this.exited(Date.now() - born, code ?? signal));
    this.remember(child);
  }

  private remember(child: ChildProcess): void {
    if (child.pid === undefined) return;
    this.running = known(child.pid);
    writeRecord(recordOf(this.program), this.running);
  }

  private exited(livedMs: number, why: number | string | null): void {
    this.running = undefined;
    if (this.stopping) return;
    this.crashes = livedMs > STEADY_MS ? 1 : this.crashes + 1;
    const pauseMs = Math.min(LONGEST_PAUSE_MS, 500 * 2 ** this.crashes);
    this.log(`The ${this.program.name} ended (${why}); it starts again in ${pauseMs / 1000} s. Its last words:\n${this.lastWords(5)}`);
    this.pause = setTimeout(() => this.start(), pauseMs);
  }

  /** Throws once the process keeps ending before it ever was of use. */
  requireSteady(): void {
    if (this.crashes >= 3) throw new Error(`The ${this.program.name} does not start. ${this.program.logFile} says:\n${this.lastWords(30)}`);
  }

  lastWords(lines: number): string {
    return lastLines(this.program.logFile, lines, this.logFrom);
  }

  async stop(): Promise<void> {
    this.stopping = true;
    clearTimeout(this.pause);
    if (this.running) await stopProcess(this.running, GRACE);
  }
}
