import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { as, type ApiClient } from '../../fixtures/client.js';
import { Demonstration } from '../../fixtures/demonstration.js';
import { until } from '../../fixtures/story.js';
import { startSystem, type System } from '../../fixtures/system.js';

/** How an example of docs/webhooks.md runs, by the name of its block. A missing tool is a failure, because nothing was shown then. */
const RUNS: Readonly<Record<string, { file: string; build?: string[]; run: string[] }>> = {
  js: { file: 'receiver.mjs', run: ['node', 'receiver.mjs'] },
  python: { file: 'receiver.py', run: ['python3', 'receiver.py'] },
  java: { file: 'Receiver.java', build: ['javac', 'Receiver.java'], run: ['java', '-cp', '.', 'Receiver'] },
};

const exampleIn = (page: string, language: string): string => new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'm').exec(page)?.[1] ?? '';

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('connect', () => socket.destroy());
  });

describe('the receivers of docs/webhooks.md', () => {
  const page = readFileSync('docs/webhooks.md', 'utf8');
  let system: System;
  let admin: ApiClient;
  let organisationId: string;
  let folder: string;
  const started: ChildProcess[] = [];
  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'xueji-webhook-'));
    system = await startSystem({ engine: 'none', worker: false, settings: { WEBHOOK_REACH: 'any' } });
    const demo = await Demonstration.of(system);
    const [school] = demo.schools();
    organisationId = school?.id ?? '';
    admin = await as(system, demo.holder(school?.parentId ?? '', 'orgAdmin'));
  });
  afterAll(async () => {
    for (const one of started) one.kill('SIGKILL');
    await system?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(Object.keys(RUNS))('take a real delivery, and refuse one that another secret signed: %s', async (language) => {
    const { file, build, run } = RUNS[language]!;
    writeFileSync(path.join(folder, file), exampleIn(page, language));
    const [builder, ...options] = build ?? [];
    if (builder) {
      const built = spawnSync(builder, options, { cwd: folder, encoding: 'utf8' });
      expect([built.error?.message, built.stderr, built.status]).toEqual([undefined, '', 0]);
    }
    const port = await freePort();
    const { body: hook } = await admin.post('/webhooks', { organisationId, url: `http://127.0.0.1:${port}/hook` });
    const [command = '', ...rest] = run;
    const env = { ...process.env, PORT: String(port), SECRET: hook.secret as string };
    const receiver = spawn(command, rest, { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
    started.push(receiver);
    let said = '';
    receiver.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const test = () => admin.post(`/webhooks/${hook.id}/test`);
    await until(
      () => listens(port),
      (there) => there,
      `the receiver in ${language}`,
    );
    const first = await test();
    expect(first.body).toMatchObject({ delivered: true, status: 204 });
    await until(
      () => Promise.resolve(said),
      (all) => all.includes(first.body.webhookId as string),
      'what the receiver says',
    );
    await admin.post(`/webhooks/${hook.id}/secret`, { overlapHours: 1 });
    expect((await test()).body).toMatchObject({ status: 204 });
    await admin.post(`/webhooks/${hook.id}/secret`, { overlapHours: 0 });
    expect((await test()).body).toMatchObject({ delivered: false, status: 401 });
  });
});
