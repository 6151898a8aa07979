import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

// jest loads setup and teardown as modules of one process, but promises no shared module cache.
const kept = globalThis as { engineWatchdog?: ChildProcess };

/** From here on, whatever becomes of this process, the engines below `folder` are ended and the folder is removed. */
export function guard(folder: string): void {
  const program = fileURLToPath(new URL('watchdog.js', import.meta.url));
  const watchdog = spawn(process.execPath, [program, folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'inherit'],
    env: { PATH: process.env.PATH },
  });
  watchdog.unref();
  (watchdog.stdin as unknown as { unref(): void }).unref();
  kept.engineWatchdog = watchdog;
}

/** Has the engines ended and waits until they are. */
export async function release(): Promise<void> {
  const watchdog = kept.engineWatchdog;
  if (!watchdog || watchdog.exitCode !== null) return;
  watchdog.ref();
  const gone = once(watchdog, 'exit');
  watchdog.stdin?.end();
  await gone;
}
