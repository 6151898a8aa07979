import { setTimeout as sleep } from 'node:timers/promises';
import { startPostgres, type RunningPostgres } from '../../local/postgres.js';
import { systemClock } from '../../src/clock.js';
import { parseConfig } from '../../src/config.js';
import { applicationOptions, connected } from '../../src/database/data-source.js';
import { FieldCipher } from '../../src/database/field-cipher.js';
import { migrate } from '../../src/database/migrate.js';
import { seedDemonstration } from '../../src/demo/seed.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { acrossCities, Demonstration, withinACounty } from '../fixtures/demonstration.js';
import { DEMO_KEYS } from '../fixtures/keys.js';
import { Story, until } from '../fixtures/story.js';
import { scratch } from '../local/scratch.js';
import { chance } from './chance.js';
import { quiescent, violations } from './checker.js';
import { filings, Journal } from './journal.js';
import { Machine, systemAt, type Program } from './machine.js';

describe('PostgreSQL stopped at once under load', () => {
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
    const db = await connected(applicationOptions(postgres.url, 2, 'seed'));
    await seedDemonstration(db, new FieldCipher(fieldKey, indexKey), systemClock);
    await db.destroy();
    machine = await Machine.over(postgres.url);
    [api] = await Promise.all([machine.api(), machine.worker()]);
    demo = await Demonstration.of(systemAt(api));
  }, 120_000);
  afterAll(async () => {
    await machine?.stop();
    await postgres?.stop();
  });

  it('answers 503, comes back by itself, and has lost nothing that was acknowledged', async () => {
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
    await quiescent(machine, 60_000);
    expect(await violations(machine, journal)).toEqual([]);
    expect(journal.told(201)).toHaveLength(40);
  }, 180_000);

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
