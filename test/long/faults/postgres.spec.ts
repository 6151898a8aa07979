import { spawnSync } from 'node:child_process';
import { ENTITIES } from '../../../src/app/entities.js';
import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { postgresHome, startPostgres, type RunningPostgres } from '../../../local/postgres.js';
import { systemClock } from '../../../src/platform/clock.js';
import { parseConfig } from '../../../src/platform/config.js';
import { applicationOptions, connected } from '../../../src/platform/database/data-source.js';
import { FieldCipher } from '../../../src/platform/database/field-cipher.js';
import { migrate } from '../../../src/programs/migrate.js';
import { seedDemonstration } from '../../../src/programs/seed.js';
import { as, type ApiClient } from '../../fixtures/client.js';
import { acrossCities, Demonstration, withinACounty } from '../../fixtures/demonstration.js';
import { DEMO_KEYS } from '../../fixtures/keys.js';
import { Story, until } from '../../fixtures/story.js';
import { scratch } from '../../local/scratch.js';
import { chance } from '../../faults/chance.js';
import { quiescent, violations } from '../../faults/checker.js';
import { filings, Journal } from '../../faults/journal.js';
import { Machine, systemAt, type Program } from '../../faults/machine.js';
import { long } from '../../fixtures/profile.js';

describe('PostgreSQL', () => {
  let dir: string;
  let postgres: RunningPostgres;
  let machine: Machine;
  let api: Program;
  let demo: Demonstration;
  const journal = new Journal();
  const random = chance(17);
  beforeAll(async () => {
    dir = scratch();
    postgres = await startPostgres({ dir });
    await migrate(postgres.url);
    const { fieldKey, indexKey } = parseConfig({ ...DEMO_KEYS, DATABASE_URL: postgres.url });
    const db = await connected(applicationOptions(postgres.url, 2, 'seed', ENTITIES));
    await seedDemonstration(db, new FieldCipher(fieldKey, indexKey), systemClock);
    await db.destroy();
    machine = await Machine.over(postgres.url);
    [api] = await Promise.all([machine.api(), machine.worker()]);
    demo = await Demonstration.of(systemAt(api));
  });
  afterAll(async () => {
    await machine?.stop();
    await postgres?.stop();
  });

  it('stopped at once under load is answered by 503, comes back by itself, and has lost nothing that was acknowledged', async () => {
    const stories = await Promise.all(Array.from({ length: 24 }, () => Story.transfer(systemAt(api), demo, withinACounty(demo))));
    const [school, destination] = acrossCities(demo);
    const clerk = await as(systemAt(api), demo.holder(school.id, 'schoolClerk'));
    const papers = await filings(demo, clerk, school, 40);
    const reviewers = await Promise.all(stories.map(async (story) => story.reviewer(await story.task('sourceSchool'))));

    let stopping = false;
    const load = [
      ...stories.map((story, n) => decideOn(story, reviewers[n]!, () => stopping)),
      ...[0, 1, 2, 3].map(async (lane) => {
        for (const [n, { studentId, evidenceId }] of papers.entries()) {
          if (n % 4 !== lane) continue;
          await sleep(random() * 400);
          await journal.file(clerk, studentId, destination, evidenceId);
        }
      }),
    ];
    for (let times = 0; times < 2; times += 1) {
      await sleep(600 + random() * 600);
      postgres.kill('SIGQUIT');
      await until(() => Promise.resolve(postgres.alive()), (alive) => !alive, 'PostgreSQL to be gone'); // prettier-ignore
      await sleep(500);
      expect((await fetch(`${api.url}/health/ready`)).status).toBe(503);
      postgres = await startPostgres({ dir });
    }
    stopping = true;
    await Promise.all(load);
    const entries = [...journal.entries.values()];
    expect(journal.unknown.length).toBeGreaterThan(0);
    expect(entries.filter(({ told }) => told === 'nothing' || told === 500)).toEqual([]);
    expect(journal.unknown.map(({ code }) => code)).toEqual(journal.unknown.map(() => 'busy'));
    expect(Math.max(...entries.map(({ milliseconds }) => milliseconds))).toBeLessThan(20_000);

    await journal.resolve();
    await quiescent(machine);
    expect(await violations(machine, journal)).toEqual([]);
    expect(journal.told(201)).toHaveLength(40);
  });

  const data = () => path.join(postgresHome(dir), 'data');
  const copied = (from: string, to: string) => {
    const { status, stderr } = spawnSync('cp', ['-a', from, to], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
  };
  async function gone(): Promise<void> {
    await until(() => Promise.resolve(postgres.alive()), (alive) => !alive, 'PostgreSQL to be gone'); // prettier-ignore
  }
  async function up(): Promise<void> {
    postgres = await startPostgres({ dir });
    const ready = async () => (await fetch(`${api.url}/health/ready`)).status;
    await until(ready, (status) => status === 200, 'the API to be ready again');
  }
  /** Approves step after step whatever is open, until nothing is. */
  async function carriedOn(stories: readonly Story[]): Promise<void> {
    for (let steps = 0; steps < 8; steps += 1) {
      await quiescent(machine);
      const details = await Promise.all(stories.map((story) => story.show()));
      const open = stories.filter((_, n) => details[n]!.state === 'open');
      if (open.length === 0) return;
      for (const story of open) expect((await story.decide('approve')).status).toBe(200);
    }
    throw new Error('the cases do not come to their end');
  }

  long(
    'restored to an earlier time than Temporal: the cases stand where the ledger says, and what was lost can be done again',
    async () => {
      const stories = await Promise.all(Array.from({ length: 4 }, () => Story.transfer(systemAt(api), demo, withinACounty(demo))));
      for (const story of stories) await story.task('sourceSchool');
      await quiescent(machine);
      await postgres.stop();
      const backup = path.join(path.dirname(data()), 'backup');
      copied(data(), backup);
      await up();
      for (const story of stories) expect((await story.decide('approve')).status).toBe(200);
      const lost = await Story.transfer(systemAt(api), demo, withinACounty(demo));
      await lost.task('sourceSchool');
      for (const story of stories) await story.task('destinationSchool');
      await quiescent(machine);
      postgres.kill('SIGQUIT');
      await gone();
      rmSync(data(), { recursive: true });
      renameSync(backup, data());
      await up();
      expect((await lost.filer.get(`/change-requests/${lost.id}`)).status).toBe(404);
      for (const story of stories) expect((await story.task()).step).toBe('sourceSchool');
      // has the number of the lost one, whose workflow still runs
      const again = await Story.transfer(systemAt(api), demo, withinACounty(demo));
      await carriedOn([...stories, again]);
      for (const story of stories)
        expect((await story.show()).timeline.filter(({ kind, step }) => kind === 'decided' && step === 'sourceSchool')).toHaveLength(1);
      expect(await violations(machine, new Journal())).toEqual([]);
    },
  );

  const asRoot = process.getuid?.() === 0 ? long : it.skip; // only root can make a volume that is full
  asRoot(
    'on a volume whose write-ahead log finds no room: nothing acknowledged is lost, and with room again it goes on',
    async () => {
      const stories = await Promise.all(Array.from({ length: 8 }, () => Story.transfer(systemAt(api), demo, withinACounty(demo))));
      const tasks = await Promise.all(stories.map((story) => story.task('sourceSchool')));
      const reviewers = await Promise.all(stories.map((story, n) => story.reviewer(tasks[n]!)));
      await quiescent(machine);
      await postgres.stop();
      const volume = path.join(path.dirname(data()), 'volume');
      mkdirSync(volume);
      expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=200m,mode=0755', 'tmpfs', volume]).status).toBe(0);
      try {
        copied(path.join(data(), 'pg_wal'), path.join(volume, 'pg_wal'));
        rmSync(path.join(data(), 'pg_wal'), { recursive: true });
        symlinkSync(path.join(volume, 'pg_wal'), path.join(data(), 'pg_wal'));
        await up();
        const filler = new pg.Client({ connectionString: postgres.url });
        filler.on('error', () => undefined);
        await filler.connect();
        const filling = filler
        .query(`create table filler as select n, md5(random()::text) || md5(random()::text) || md5(random()::text) as x
          from generate_series(1, 3000000) n`)
        .then(() => 'done', () => 'failed'); // prettier-ignore
        const deciding = Promise.all(
          stories.map(async (_, n) => {
            await sleep(n * 300);
            return journal.decide(reviewers[n]!, tasks[n]!);
          }),
        );
        expect(await filling).toBe('failed');
        expect((await deciding).filter(({ told }) => ![200, 503, 507].includes(told as number))).toEqual([]);
        expect(spawnSync('mount', ['-o', 'remount,size=2g', volume]).status).toBe(0);
        await up();
        await journal.resolve();
        await quiescent(machine);
        expect(await violations(machine, journal)).toEqual([]);
        await carriedOn(stories);
      } finally {
        await machine.rest();
        await postgres.stop();
        spawnSync('umount', [volume]);
      }
    },
    300_000,
  );

  /** A reviewer who decides when the chance comes, and once more, in vain, when it was decided. */
  async function decideOn(story: Story, reviewer: ApiClient, stopping: () => boolean): Promise<void> {
    await sleep(random() * 3_000);
    const { body: detail } = await story.filer.get(`/change-requests/${story.id}`).catch(() => ({ body: undefined }));
    const task = detail?.currentTasks?.[0];
    if (!task) return stopping() ? undefined : decideOn(story, reviewer, stopping);
    await journal.decide(reviewer, task);
    await journal.decide(reviewer, task, 'reject');
  }
});
