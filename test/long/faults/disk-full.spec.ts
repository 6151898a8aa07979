import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { freshDatabase, type TestDatabase } from '../../engines/databases.js';
import { Demonstration, withinACounty } from '../../fixtures/demonstration.js';
import { Story } from '../../fixtures/story.js';
import { scratch } from '../../local/scratch.js';
import { quiescent, violations } from '../../faults/checker.js';
import { filings, Journal } from '../../faults/journal.js';
import { as } from '../../fixtures/client.js';
import { Machine, systemAt, type Program } from '../../faults/machine.js';

const isRoot = process.getuid?.() === 0;

/** Only root can make a disk that is full. */
(isRoot ? describe : describe.skip)('a disk of the ledger that is full', () => {
  let database: TestDatabase;
  let machine: Machine;
  let api: Program;
  let superuser: pg.Client;
  let disk: string;
  const tablespace = `tiny_${process.pid}`;
  beforeAll(async () => {
    database = await freshDatabase();
    machine = await Machine.over(database.url);
    superuser = new pg.Client({ connectionString: database.url });
    await superuser.connect();
    disk = path.join(scratch(), 'disk');
    mkdirSync(disk);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m,mode=0777', 'tmpfs', disk], { encoding: 'utf8' });
    if (mounted.status !== 0) throw new Error(`no small disk can be made: ${mounted.stderr}`);
    const folder = path.join(disk, 'tablespace');
    mkdirSync(folder);
    spawnSync('chown', ['nobody', folder]);
    await superuser.query(`create tablespace ${tablespace} location '${folder}'`);
    await superuser.query(`alter table act set tablespace ${tablespace}`);
    [api] = await Promise.all([machine.api(), machine.worker()]);
  });
  afterAll(async () => {
    await superuser?.end();
    await machine?.stop();
    await database?.drop();
    const server = new pg.Client({ connectionString: process.env.TEST_POSTGRES_URL });
    await server.connect();
    await server.query(`drop tablespace if exists ${tablespace}`).finally(() => server.end());
    spawnSync('umount', [disk]);
  });

  /** Takes every page that is left, also those that are begun. */
  async function filled(): Promise<void> {
    await superuser.query(`create table filler (x text) tablespace ${tablespace}`);
    // prettier-ignore
    const full = async (sql: string) => (await superuser.query(sql).then(() => '', (error: pg.DatabaseError) => error.code)) === '53100';
    for (let size = 1000; size > 0; size = Math.floor(size / 2))
      while (!(await full(`insert into filler select repeat(md5(random()::text), 200) from generate_series(1, ${size})`)));
  }

  it('answers 507 to who decides and files, goes on being read, and when there is room again everything goes on, once', async () => {
    const demo = await Demonstration.of(systemAt(api));
    const journal = new Journal();
    const stories = await Promise.all(Array.from({ length: 8 }, () => Story.transfer(systemAt(api), demo, withinACounty(demo))));
    const tasks = await Promise.all(stories.map((story) => story.task('sourceSchool')));
    const reviewers = await Promise.all(stories.map((story, n) => story.reviewer(tasks[n]!)));
    const [school, destination] = withinACounty(demo);
    const clerk = await as(systemAt(api), demo.holder(school.id, 'schoolClerk'));
    const papers = await filings(demo, clerk, school, 12);
    await quiescent(machine);
    await filled();
    const decisions = await Promise.all(stories.map((_, n) => journal.decide(reviewers[n]!, tasks[n]!)));
    const told = [...decisions];
    for (const { studentId, evidenceId } of papers) told.push(await journal.file(clerk, studentId, destination, evidenceId));
    // A last page may have room for an act or two; then there is none.
    expect(told.at(-1)).toMatchObject({ told: 507, code: 'storage-full' });
    expect(told.filter((entry) => entry.told === 507).length).toBeGreaterThan(told.length / 2);
    expect(told.filter(({ told: status }) => ![200, 201, 507].includes(status as number))).toEqual([]);
    for (const story of stories) expect((await story.show()).state).toBe('open');
    expect((await fetch(`${api.url}/health/ready`)).status).toBe(200);
    await superuser.query('drop table filler');
    await journal.resolve();
    await quiescent(machine);
    expect(await violations(machine, journal)).toEqual([]);
    for (const story of stories) expect(await story.approveAll()).toMatchObject({ state: 'approved' });
  });
});
