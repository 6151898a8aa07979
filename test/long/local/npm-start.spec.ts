import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { freePort, portIsFree } from '../../../local/ports.js';
import { postgresHome } from '../../../local/postgres.js';
import { alive, known, type Born } from '../../../local/processes.js';
import { ApiClient } from '../../fixtures/client.js';
import { acrossCounties, Demonstration } from '../../fixtures/demonstration.js';
import { Story } from '../../fixtures/story.js';
import type { System } from '../../fixtures/system.js';
import { Command, livingOf, processesOf, type Place } from '../../local/started.js';
import { scratch } from '../../local/scratch.js';

const UP = /xueji is up/;

/** One story from the first start to the reset: each sentence begins where the one before left off. */
describe('npm start', () => {
  let place: Place;
  let system: System;
  let started: Command;
  let story: Story;
  beforeAll(async () => {
    const [port, temporalPort, temporalUiPort] = [await freePort(), await freePort(), await freePort()];
    place = { dataDir: path.join(scratch(), 'data'), port, temporalPort, temporalUiPort };
    system = { url: `http://127.0.0.1:${port}` } as System;
  });
  afterAll(async () => {
    started?.child.kill('SIGKILL');
    await Command.run('reset', place).ended();
  });

  const start = async () => {
    started = Command.run('start', place);
    await started.says(UP);
  };
  const everything = (): Born[] => Object.values(processesOf(place.dataDir)).flat();
  const ready = async () => (await fetch(`${system.url}/health/ready`)).json();
  const nothingIsLeft = async (before: readonly Born[]) => {
    expect(before.filter(alive)).toEqual([]);
    expect(livingOf(place.dataDir)).toEqual([]);
    for (const port of [place.port, place.temporalPort, place.temporalUiPort]) expect(await portIsFree(port)).toBe(true);
  };

  it('brings everything up on the ports it was given, and prints addresses, accounts and a first request that works', async () => {
    await start();
    const said = started.said();
    for (const address of [`${system.url}/api/v1`, `${system.url}/docs`, `http://127.0.0.1:${place.temporalUiPort}`])
      expect(said).toContain(address);
    for (const office of ['schoolClerk', 'schoolReviewer', 'authorityReviewer', 'authoritySupervisor', 'operator'])
      expect(said).toContain(office);
    const [, credentials = ''] = /-d '(\{.*\})'/.exec(said) ?? [];
    const signedIn = await new ApiClient(system.url).send<{ token: string }>('POST', '/sessions', credentials);
    expect(signedIn.status).toBe(201);
    expect(await ready()).toEqual({ status: 'up', database: 'up', temporal: 'up', worker: 'up' });
    for (const page of [`${system.url}/docs`, `http://127.0.0.1:${place.temporalUiPort}`]) expect((await fetch(page)).status).toBe(200);
    expect(everything()).toHaveLength(4);
  });

  it('logs API and worker in as the application alone, which owns nothing and passes no policy', async () => {
    const { DATABASE_URL } = JSON.parse(readFileSync(path.join(place.dataDir, 'environment.json'), 'utf8')) as { DATABASE_URL: string };
    const client = new pg.Client({ connectionString: DATABASE_URL });
    await client.connect();
    const { rows } = await client.query<object>(`
      select s.logins, r.rolsuper or r.rolbypassrls as beyond, (select count(*)::int from pg_class where relowner = r.oid) as owned,
        (select count(*)::int from student) as students
      from pg_roles r, (select array_agg(distinct usename::text) as logins from pg_stat_activity
        where application_name in ('xueji-api', 'xueji-worker')) s where r.rolname = current_user`);
    await client.end();
    expect(rows).toEqual([{ logins: ['xueji_app'], beyond: false, owned: 0, students: 0 }]);
  });

  it('carries a case: what is filed comes to its first reviewer', async () => {
    const demo = await Demonstration.of(system);
    story = await Story.transfer(system, demo, acrossCounties(demo));
    expect((await story.task()).step).toBe('sourceSchool');
  });

  it('refuses a second start on the same data, and one on the same port, and says where the first runs', async () => {
    const second = Command.run('start', place);
    expect(await second.ended()).toBe(1);
    expect(second.said()).toContain(`process ${started.child.pid}, ${system.url}`);
    const elsewhere = { ...place, dataDir: path.join(scratch(), 'data') };
    const third = Command.run('start', elsewhere);
    expect(await third.ended()).toBe(1);
    expect(third.said()).toContain(`Port ${place.port} is in use`);
    expect(livingOf(elsewhere.dataDir)).toEqual([]);
    const reset = Command.run('reset', place);
    expect([await reset.ended(), existsSync(place.dataDir)]).toEqual([1, true]);
    expect(await ready()).toMatchObject({ status: 'up' });
  });

  it('stops all that it started when it is interrupted', async () => {
    const before = everything();
    expect(before.filter(alive)).toHaveLength(4);
    expect(await started.interrupt()).toBe(0);
    await nothingIsLeft(before);
  });

  it('has the data again at the next start, and the case goes on', async () => {
    await start();
    expect((await story.show()).state).toBe('open');
    expect((await story.decide('approve')).status).toBe(200);
    expect((await story.task()).step).toBe('destinationSchool');
  });

  it('takes over the servers that a killed start left, ends its API and worker, and loses nothing', async () => {
    const { engines, programs } = processesOf(place.dataDir);
    await started.kill();
    expect([...engines, ...programs].filter(alive)).toHaveLength(4);
    await start();
    expect(started.said()).toMatch(/PostgreSQL still ran and was taken over[^]*Temporal still ran and was taken over/);
    expect(programs.filter(alive)).toEqual([]);
    const now = processesOf(place.dataDir);
    expect(now.engines).toEqual(engines);
    expect(now.programs.filter(alive)).toHaveLength(2);
    expect((await story.task()).step).toBe('destinationSchool');
    const before = everything();
    expect(await started.interrupt()).toBe(0);
    await nothingIsLeft([...before, ...programs, known(started.child.pid!)]);
  });

  it('and npm run reset ends what a killed start left, and removes every trace of it', async () => {
    await start();
    const before = everything();
    await started.kill();
    const home = postgresHome(path.join(place.dataDir, 'postgres'));
    const reset = Command.run('reset', place);
    expect(await reset.ended()).toBe(0);
    expect(reset.said()).toContain(place.dataDir);
    expect([existsSync(place.dataDir), existsSync(home)]).toEqual([false, false]);
    await nothingIsLeft(before);
  });
});
