/**
 * Cleans up after the test engines: a process of its own that holds a pipe to jest. When the pipe closes (teardown, Ctrl-C, a crash,
 * SIGKILL), it ends every PostgreSQL and Temporal server below the folder it was given and whatever the tests started, and removes the
 * folder.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { postgresHome } from '../../local/postgres.js';
import { commandOf, known, stopProcess, type Born } from '../../local/processes.js';
import { TEMPORAL_RECORD } from '../../local/temporal-record.js';

function recordsBelow(folder: string): string[] {
  try {
    const found = readdirSync(folder, { recursive: true }).map((name) => path.join(folder, String(name)));
    return found.filter((file) => ['postmaster.pid', TEMPORAL_RECORD].includes(path.basename(file)));
  } catch {
    return [];
  }
}

function serverOf(record: string): Born | undefined {
  try {
    const text = readFileSync(record, 'utf8');
    if (path.basename(record) === TEMPORAL_RECORD) return JSON.parse(text) as Born;
    const pid = Number(text.split('\n')[0]);
    return commandOf(pid)?.includes(path.dirname(record)) ? known(pid) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * What the tests started themselves, such as a time-skipping server, is told by its environment, where there is a /proc to read it from.
 */
function startedFor(folder: string): Born[] {
  const names = existsSync('/proc/self/environ') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : [];
  const ours = names.filter((name) => {
    try {
      return (
        Number(name) !== process.pid && readFileSync(`/proc/${name}/environ`, 'utf8').split('\0').includes(`TEST_ENGINES_DIR=${folder}`)
      );
    } catch {
      return false; // gone meanwhile, or another user's
    }
  });
  return ours.map((name) => known(Number(name)));
}

/** Postmasters understand SIGQUIT as an immediate shutdown; Temporal ends by it too. */
async function clean(folders: string[]): Promise<void> {
  const servers = [...folders.flatMap(recordsBelow).map(serverOf), ...folders.flatMap(startedFor)];
  await Promise.all(servers.map(async (server) => server && stopProcess(server, [['SIGQUIT', 3_000]])));
  for (const folder of folders) rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

const folder = process.argv[2]!;
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => undefined);
process.stdin.resume();
process.stdin.once('error', () => undefined);
process.stdin.once('close', () => {
  void (async () => {
    const folders = [...new Set([postgresHome(path.join(folder, 'postgres')), folder])];
    await clean(folders);
    // An engine that was being started in that moment writes its record a little later.
    await sleep(300);
    await clean(folders);
  })();
});
