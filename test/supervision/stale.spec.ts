import { CalendarStore } from '../../src/calendar/calendar.store.js';
import { FieldCipher } from '../../src/platform/database/field-cipher.js';
import { StaleCases } from '../../src/supervision/stale-cases.js';
import { addDays } from '../../src/domain/working-days.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { acrossProvinces, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { staySignedIn } from '../fixtures/owner.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

describe('cases that nobody moves (A4)', () => {
  let system: System;
  let demo: Demonstration;
  let sweep: () => Promise<void>;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    demo = await Demonstration.of(system);
    await staySignedIn(system);
    const { db, time, config } = system;
    const cases = new StaleCases({
      db,
      clock: time,
      cipher: new FieldCipher(config.fieldKey, config.indexKey),
      calendar: new CalendarStore(),
    });
    sweep = async () => {
      while (await cases.pass());
    };
  });
  afterAll(() => system?.stop());

  const listed = async (client: ApiClient): Promise<{ requestId: string }[]> =>
    (await client.get('/supervision/stale?limit=200')).body.items;
  const notes = async (story: Story) => (await story.show()).timeline.filter(({ kind }) => kind === 'stale').length;

  it('are noted once, listed to both sides and their superiors, stay open, and leave the list when a person moves them', async () => {
    const [source, destination] = acrossProvinces(demo);
    const story = await Story.transfer(system, demo, [source, destination]);
    await sweep();
    const clerk = await as(system, demo.holder(source.id, 'schoolClerk'));
    expect(await listed(clerk)).toEqual([]);

    await system.time.passTo(addDays(system.time.today(), 190));
    await sweep();
    await Promise.all([sweep(), sweep()]);
    expect(await notes(story)).toBe(1);
    expect((await story.show()).state).toBe('open');
    const readers = [
      clerk,
      await as(system, demo.holder(destination.id, 'schoolReviewer')),
      ...(await Promise.all(
        [source, destination].map(({ parentId }) => as(system, demo.holder(parentId as string, 'authoritySupervisor'))),
      )),
      await as(system, demo.holder(demo.at(destination, 'province') as string, 'authoritySupervisor')),
    ];
    for (const reader of readers) expect((await listed(reader)).map(({ requestId }) => requestId)).toEqual([story.id]);
    const stranger = demo
      .schools()
      .find(({ parentId }) => parentId !== source.parentId && parentId !== destination.parentId) as DemoOrganisation;
    expect(await listed(await as(system, demo.holder(stranger.id, 'schoolClerk')))).toEqual([]);

    await story.filer.post(`/change-requests/${story.id}/urge`);
    expect(await listed(clerk)).toEqual([]);
    await sweep();
    expect(await notes(story)).toBe(1);
    await system.time.passTo(addDays(system.time.today(), 190));
    await sweep();
    expect([await notes(story), (await listed(clerk)).length]).toEqual([2, 1]);
  });

  it('are listed also when one school alone is concerned', async () => {
    const school = demo.schools().find(({ type }) => type !== 'ordinaryMiddle') as DemoOrganisation;
    const details = { ground: 'illness', until: addDays(system.time.today(), 200) };
    const story = await Story.within(system, demo, school, { kind: 'suspension', studentId: demo.student(school.id), details });
    await system.time.passTo(addDays(system.time.today(), 190));
    await sweep();
    const found = (await listed(story.filer)).find(({ requestId }) => requestId === story.id);
    expect(found).toMatchObject({ kind: 'suspension', sourceSchool: { id: school.id }, destinationSchool: null });
  });
});
