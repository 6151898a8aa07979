import { freshDatabase, type TestDatabase } from '../../engines/databases.js';
import { Demonstration, withinACounty } from '../../fixtures/demonstration.js';
import { Story, until } from '../../fixtures/story.js';
import { quiescent, violations } from '../../faults/checker.js';
import { Journal } from '../../faults/journal.js';
import { Machine, systemAt, type Program } from '../../faults/machine.js';

describe('a worker with the smallest pool, two connections', () => {
  let database: TestDatabase;
  let machine: Machine;
  let worker: Program;
  let story: Story;
  beforeAll(async () => {
    database = await freshDatabase();
    machine = await Machine.over(database.url);
    const [api, smallest] = await Promise.all([machine.api(), machine.worker({ DATABASE_POOL: '2' })]);
    worker = smallest;
    const demo = await Demonstration.of(systemAt(api));
    story = await Story.transfer(systemAt(api), demo, withinACounty(demo));
  }, 90_000);
  afterAll(async () => {
    await machine?.stop();
    await database?.drop();
  });

  it('brings a case to its end, and none of its loops waits in vain for a connection', async () => {
    expect(await story.approveAll()).toMatchObject({ state: 'approved' });
    await quiescent(machine);
    const rounds = async () =>
      (await machine.db.query<{ checked: number }[]>('select checked::int from read_model_check'))[0]?.checked ?? 0;
    const before = await rounds();
    await machine.db.query(`update read_model_check set began_at = '-infinity'`);
    await until(rounds, (checked) => checked > before, 'a loop that runs under a lock');
    expect(
      worker
        .said()
        .split('\n')
        .filter((line) => line.includes(' failed"')),
    ).toEqual([]);
    expect(await violations(machine, new Journal())).toEqual([]);
  }, 90_000);
});
