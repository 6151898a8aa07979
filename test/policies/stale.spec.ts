import { addDays } from '../../src/domain/working-days.js';
import { as, signIn } from '../fixtures/client.js';
import { Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { UNTIL } from '../fixtures/dates.js';

const DOCUMENT = { number: '示〔2026〕9号', issuingBody: '示范东省教育厅', date: '2026-09-01', filingNumber: '备〔2026〕34号' };

describe('a case that nobody moves (A4)', () => {
  let system: System;
  let demo: Demonstration;
  beforeAll(async () => {
    system = await startSystem();
    demo = await Demonstration.of(system);
  });
  afterAll(() => system?.stop());

  it('is shown as stale after the months of the pack that it was filed under, and stays open', async () => {
    const school = demo.schools()[0] as DemoOrganisation;
    const suspension = { kind: 'suspension', details: { ground: 'illness', until: UNTIL } };
    const before = await Story.within(system, demo, school, suspension);
    const [one, other] = await Promise.all(
      demo.holders(demo.at(school, 'province') as string, 'authoritySupervisor').map((username) => as(system, username)),
    );
    const { body } = await one!.post('/policies', { document: DOCUMENT, content: { stale: { afterMonths: 1 } } });
    await other!.post(`/policies/${body.id}/versions/${body.version}/activation`, { effectiveFrom: system.time.today() });
    const after = await Story.within(system, demo, school, suspension);

    await system.time.passTo(addDays(system.time.today(), 33));
    const clerk = await signIn(system.url, demo.holder(school.id, 'schoolClerk')); // sessions have ended meanwhile
    const shown = await Promise.all([before, after].map(async ({ id }) => (await clerk.get(`/change-requests/${id}`)).body));
    expect(shown.map(({ state, stale }) => [state, stale])).toEqual([
      ['open', false],
      ['open', true],
    ]);
  });
});
