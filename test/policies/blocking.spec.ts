import { acrossCounties, acrossProvinces, Demonstration } from '../fixtures/demonstration.js';
import { as } from '../fixtures/client.js';
import { ProvinceOffice } from '../fixtures/packs.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

describe('a province that decides on transfers out of it by its own document (A3)', () => {
  let system: System;
  let demo: Demonstration;
  let underWay: Story;
  beforeAll(async () => {
    system = await startSystem();
    demo = await Demonstration.of(system);
    const pair = acrossProvinces(demo);
    underWay = await Story.transfer(system, demo, pair);
    const office = await ProvinceOffice.over(system, demo, pair[0]);
    await office.activated({ filing: { blocking: true }, kinds: { transfer: { rules: [], workingDays: { destinationProvince: 3 } } } });
  });
  afterAll(() => system?.stop());

  it('has both provinces decide after all others, before the effect, which both are told; cases under way keep their route', async () => {
    const [source, destination] = acrossProvinces(demo);
    const story = await Story.transfer(system, demo, [source, destination]);

    const stepsOf = async (one: Story) => (await one.show()).steps.map(({ id, organisation }) => [id, organisation.id]);
    expect((await stepsOf(underWay)).map(([id]) => id)).not.toContain('sourceProvince');
    expect((await stepsOf(story)).slice(-2)).toEqual([
      ['sourceProvince', demo.at(source, 'province')],
      ['destinationProvince', demo.at(destination, 'province')],
    ]);
    for (const { id } of (await story.show()).steps.slice(0, -1)) expect((await story.decide('approve', { step: id })).status).toBe(200);
    await story.task('destinationProvince');
    expect(await story.show()).toMatchObject({ state: 'open', notices: [] });
    const detail = await story.approveAll();
    expect([detail.state, detail.notices.length]).toEqual(['approved', 4]);
    const clerk = await as(system, demo.holder(destination.id, 'schoolClerk'));
    expect((await clerk.get(`/students/${story.studentId}`)).body).toMatchObject({ schoolId: destination.id, state: 'active' });
    expect((await underWay.approveAll()).state).toBe('approved');
  });

  it('is not asked about a transfer within it', async () => {
    const pair = acrossCounties(demo);
    const story = await Story.transfer(system, demo, pair);
    expect((await story.show()).steps.map(({ id }) => id)).toEqual([
      'sourceSchool',
      'destinationSchool',
      'sourceAuthority',
      'destinationAuthority',
    ]);
  });
});
