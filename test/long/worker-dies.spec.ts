import { Demonstration, withinACounty } from '../fixtures/demonstration.js';
import { Story, until } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { openTasksOf, Rehearsal, rows } from '../organisation-changes/rehearsal.js';

describe('a merger whose worker dies', () => {
  let system: System;
  afterAll(() => system?.stop());

  it('goes on with the next worker: every case told once, every dossier moved once', async () => {
    system = await startSystem({ engine: 'server', worker: false });
    const demo = await Demonstration.of(system);
    const [successor, merged] = withinACounty(demo);
    const first = await system.startWorker();
    const story = await Story.transfer(system, demo, [merged, successor]);
    await story.task();
    const rehearsal = await Rehearsal.started(system, demo, merged, successor, 0);
    await until(
      () => rehearsal.show(),
      ({ state }) => state === 'running',
      'the school to be closed',
    );
    await first.stop();
    await system.startWorker();
    const { progress } = await rehearsal.untilItIs(({ progress: { dossiers } }) => dossiers.left === 0, 'the dossiers to have moved');
    expect(progress.cases).toEqual({ moved: 1, left: 0 });
    const [told] = await rows<{ n: number; students: number }>(
      system,
      `select count(*)::int as n, count(distinct (stream_id, key))::int as students from act where kind = 'rehomed'`,
    );
    expect(told).toEqual({ n: progress.dossiers.moved, students: progress.dossiers.moved });
    expect((await openTasksOf(story)).stored).toMatchObject([{ holder: successor.id }]);
    expect((await story.decide('approve')).status).toBe(200);
    expect((await story.task('destinationSchool')).holder.id).toBe(successor.id);
  });
});
