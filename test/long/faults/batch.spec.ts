import { randomUUID } from 'node:crypto';
import { populate, type School } from '../../../bench/population.js';
import { inScope } from '../../../src/platform/database/in-scope.js';
import { freshDatabase, type TestDatabase } from '../../engines/databases.js';
import { ApiClient } from '../../fixtures/client.js';
import { fileAll, filingsFrom, wholeInbox } from '../../fixtures/many-cases.js';
import { until } from '../../fixtures/story.js';
import { quiescent, violations } from '../../faults/checker.js';
import { Journal, type BatchAnswer } from '../../faults/journal.js';
import { Machine, type Program } from '../../faults/machine.js';

const MANY = 500;
/** What `populate` writes by statement. */
const POPULATED = ['organisation', 'person', 'office', 'student', 'enrolment', 'school_class'];

describe('a batch of as many decisions as one call takes', () => {
  let database: TestDatabase;
  let machine: Machine;
  let api: Program;
  let worker: Program;
  let journal: Journal;
  let source: School;
  let destination: School;
  beforeAll(async () => {
    database = await freshDatabase();
    const population = await populate(database.url, { counties: 1, schools: 2, students: 2 * MANY });
    [source, destination] = population.schools as [School, School];
    machine = await Machine.over(database.url);
    [api, worker] = await Promise.all([machine.api(), machine.worker()]);
    journal = new Journal();
    await fileAll(
      api.url,
      filingsFrom(population, ({ id }) => id === source.id),
    );
    await quiescent(machine);
  });
  afterEach(async () => {
    await quiescent(machine);
    expect(await violations(machine, journal, POPULATED)).toEqual([]);
  });
  afterAll(async () => {
    await machine?.stop();
    await database?.drop();
  });

  /** Acts of a kind by step: how many there are, and on how many requests. */
  async function acts(kind: 'decided' | 'opened', step: string): Promise<{ acts: number; requests: number }> {
    const [row] = await inScope(machine.db, 'system', (tx) =>
      tx.query<{ acts: number; requests: number }[]>(
        `select count(*)::int as acts, count(distinct stream_id)::int as requests from act where kind = $1 and body->>'step' = $2`,
        [kind, step],
      ),
    );
    return row ?? { acts: 0, requests: 0 };
  }
  const onceEach = { acts: MANY, requests: MANY };
  const inTheMiddle = (step: string) =>
    until(() => acts('decided', step), ({ acts: n }) => n > MANY * 0.3, 'a third of the batch', 120_000); // prettier-ignore
  const statuses = (answer?: BatchAnswer) => new Set(answer?.items.map(({ status, task }) => `${status} ${task?.state}`));

  it('during which the worker is killed and another takes over is decided once each, and opens each next step once', async () => {
    const reviewer = new ApiClient(api.url, source.reviewer);
    const inbox = await wholeInbox(reviewer);
    expect(inbox).toHaveLength(MANY);
    const deciding = journal.decideMany(reviewer, inbox, randomUUID());
    const { acts: before } = await inTheMiddle('sourceSchool');
    await worker.kill();
    const another = machine.worker();
    const answer = await deciding;
    expect(before).toBeLessThan(MANY);
    expect([answer?.items.length, statuses(answer)]).toEqual([MANY, new Set(['200 decided'])]);
    await another;
    await quiescent(machine);
    expect(await acts('decided', 'sourceSchool')).toEqual(onceEach);
    expect(await acts('opened', 'destinationSchool')).toEqual(onceEach);
  });

  it('during which the API is killed is sent again with its key: decided once each, and both answers agree', async () => {
    const inbox = await wholeInbox(new ApiClient(api.url, destination.reviewer));
    expect(inbox).toHaveLength(MANY);
    const victim = await machine.api();
    const key = randomUUID();
    const deciding = journal.decideMany(new ApiClient(victim.url, destination.reviewer), inbox, key);
    await inTheMiddle('destinationSchool');
    await victim.kill();
    expect(await deciding).toBeUndefined();
    const { acts: cutOff } = await acts('decided', 'destinationSchool');
    expect(cutOff).toBeLessThan(MANY);
    const again = await journal.decideMany(new ApiClient(api.url, destination.reviewer), inbox, key);
    expect([again?.items.length, statuses(again)]).toEqual([MANY, new Set(['200 decided'])]);
    expect(await journal.decideMany(new ApiClient(api.url, destination.reviewer), inbox, key)).toEqual(again);
    await quiescent(machine);
    expect(await acts('decided', 'destinationSchool')).toEqual(onceEach);
    expect(await acts('opened', 'sourceAuthority')).toEqual(onceEach);
  });
});
