import { spawn } from 'node:child_process';
import path from 'node:path';
import { lastLines, withLog } from '../local/log-file.js';
import { known, stopProcess, type Born } from '../local/processes.js';
import { projectRoot } from '../local/project.js';

export interface Child {
  readonly name: string;
  readonly process: Born;
  stop(): Promise<void>;
}

const GRACE: readonly (readonly [NodeJS.Signals, number])[] = [['SIGTERM', 15_000]];

/** Starts a compiled program as a process of its own and waits until it says that it is ready. */
export async function startChild(
  name: string,
  script: string,
  env: NodeJS.ProcessEnv,
  logDir: string,
  args: readonly string[] = [],
): Promise<Child> {
  const logFile = path.join(logDir, `${name}.log`);
  const child = withLog(logFile, (out) =>
    spawn(process.execPath, [path.join(projectRoot, 'dist', script), ...args], {
      env: { ...process.env, ...env },
      stdio: ['ignore', out, out, 'ipc'],
    }),
  );
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${name} ended (${code}):\n${lastLines(logFile, 20)}`)));
    child.on('message', (message) => message === 'ready' && resolve());
  });
  child.channel?.unref();
  const born = known(child.pid!);
  return { name, process: born, stop: () => stopProcess(born, GRACE) };
}
