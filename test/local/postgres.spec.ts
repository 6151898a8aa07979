import { once } from 'node:events';
import { chownSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { endPostgres, postgresHome, startPostgres } from '../../local/postgres.js';
import { projectRoot } from '../../local/project.js';
import { freePort } from '../../local/ports.js';
import { isRoot, openToAll, unprivileged } from '../../local/unprivileged.js';
import { inProcess, local, scratch } from './scratch.js';

const started = (dir: string) => `
  const { startPostgres } = await import(${local('postgres')});
  const server = await startPostgres({ dir: ${JSON.stringify(dir)}, durable: false });
  console.log(JSON.stringify({ pid: server.pid, url: server.url, uid: process.getuid() }));
  setInterval(() => {}, 1000);`;

async function remembered(url: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('CREATE TABLE IF NOT EXISTS mark AS SELECT 42 AS n');
    return (await client.query('SELECT n FROM mark')).rows[0];
  } finally {
    await client.end();
  }
}

describe('PostgreSQL of one machine', () => {
  it('is adopted, with its data, when the process that started it was killed', async () => {
    const dir = scratch();
    const { child, line } = inProcess(started(dir));
    const first = JSON.parse(await line) as { pid: number; url: string };
    await remembered(first.url);
    child.kill('SIGKILL');
    await once(child, 'exit');
    const server = await startPostgres({ dir, durable: false });
    expect(server).toMatchObject({ adopted: true, pid: first.pid, url: first.url });
    await expect(remembered(server.url)).resolves.toEqual({ n: 42 });
    await server.stop();
    expect(server.alive()).toBe(false);
  });

  it('starts over the pid file of a process that is another program now, and keeps its port', async () => {
    const dir = scratch();
    const first = await startPostgres({ dir, durable: false });
    await first.stop();
    writeFileSync(path.join(postgresHome(dir), 'data', 'postmaster.pid'), `${process.pid}\n`);
    const second = await startPostgres({ dir, durable: false });
    expect(second).toMatchObject({ adopted: false, port: first.port });
    await second.stop();
  });

  it('recovers when it was killed itself', async () => {
    const dir = scratch();
    const first = await startPostgres({ dir });
    await remembered(first.url);
    first.kill('SIGKILL');
    const second = await startPostgres({ dir });
    expect(second.adopted).toBe(false);
    await expect(remembered(second.url)).resolves.toEqual({ n: 42 });
    await second.stop();
  });

  it('runs for an ordinary user as that user', async () => {
    const dir = scratch();
    const identity = isRoot() && openToAll(projectRoot) ? unprivileged() : {};
    if (identity.uid !== undefined) chownSync(dir, identity.uid, identity.gid!);
    const { child, line } = inProcess(started(dir), identity);
    const { url, uid } = JSON.parse(await line) as { url: string; uid: number };
    expect(uid).toBe(identity.uid ?? process.getuid!());
    await expect(remembered(url)).resolves.toEqual({ n: 42 });
    child.kill('SIGKILL');
    await endPostgres(dir);
  });

  it('lets nobody in without the password', async () => {
    const dir = scratch();
    const server = await startPostgres({ dir, durable: false });
    const wrong = new pg.Client({ connectionString: server.url.replace(/:[^:@]+@/, ':wrong@') });
    await expect(wrong.connect()).rejects.toMatchObject({ code: '28P01' });
    await server.stop();
  });

  it('says in the words of its log why it did not start', async () => {
    const dir = scratch();
    const server = await startPostgres({ dir, durable: false });
    await server.stop();
    writeFileSync(path.join(postgresHome(dir), 'data', 'postgresql.conf'), 'no_such_setting = 1\n');
    await expect(startPostgres({ dir, durable: false })).rejects.toThrow(/no_such_setting/);
  });

  it('refuses a port that another program holds', async () => {
    const other = await startPostgres({ dir: scratch(), port: await freePort(), durable: false });
    await expect(startPostgres({ dir: scratch(), port: other.port, durable: false })).rejects.toThrow(
      `Port ${other.port} for PostgreSQL is in use`,
    );
    await other.stop();
  });
});
