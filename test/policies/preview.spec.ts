import type { PackContent } from '../../src/domain/packs/policy-pack.js';
import { as } from '../fixtures/client.js';
import { Demonstration, withinACounty, type DemoOrganisation } from '../fixtures/demonstration.js';
import { Dispute } from '../fixtures/disputes.js';
import { ProvinceOffice } from '../fixtures/packs.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { UNTIL } from '../fixtures/dates.js';

interface Previewed {
  requestId: string;
  kind: string;
  differs: boolean;
  had: { steps: { id: string }[] };
  would: { steps: { id: string; workingDays: number }[]; blockers: { code: string }[] };
}

describe('the preview of a pack over the latest cases', () => {
  let system: System;
  let demo: Demonstration;
  let schools: [DemoOrganisation, DemoOrganisation];
  let office: ProvinceOffice;
  beforeAll(async () => {
    system = await startSystem();
    demo = await Demonstration.of(system);
    schools = withinACounty(demo);
    office = await ProvinceOffice.over(system, demo, schools[0]);
  });
  afterAll(() => system?.stop());

  const casesUnder = async (content: PackContent): Promise<Previewed[]> => {
    const { status, body } = await office.drafter.post(`${await office.drafted(content)}/preview`);
    expect(status).toBe(200);
    return body.cases;
  };
  const stepsOf = ({ steps }: { steps: { id: string }[] }) => steps.map(({ id }) => id);

  it('leaves out a ruling, which nobody files, and leaves a claim that its authority rules on to the school alone (A5)', async () => {
    const dispute = await Dispute.between(system, demo, schools);
    const claim = await dispute.claim('B');
    await claim.approveAll();
    await (await dispute.counterClaim(schools[0], claim)).approveAll();
    const ruling = await dispute.ruling(claim);
    const cases = await casesUnder({ kinds: { registrationException: { workingDays: { school: 4 } } } });
    expect(cases.map(({ requestId }) => requestId)).not.toContain(ruling.id);
    const found = cases.find(({ requestId }) => requestId === claim.id);
    expect(found).toMatchObject({ differs: true, would: { steps: [{ id: 'school', workingDays: 4 }] } });
    expect(stepsOf(found!.had)).toEqual(['school']);
  });

  it('adds whom the pack asks when a death was not a natural one, and only then', async () => {
    const death = (unnatural: boolean) =>
      Story.within(system, demo, schools[0], { kind: 'death', details: { diedOn: system.time.today(), unnatural } });
    const [unnatural, natural] = [await death(true), await death(false)];
    const cases = await casesUnder({ unnaturalDeath: ['superior'] });
    const would = (story: Story) => stepsOf(cases.find(({ requestId }) => requestId === story.id)!.would);
    expect([would(unnatural), would(natural)]).toEqual([
      ['school', 'authority', 'superior'],
      ['school', 'authority'],
    ]);
  });

  it('shows exactly the twenty latest of twenty-five, the latest first', async () => {
    const clerk = await as(system, demo.holder(schools[0].id, 'schoolClerk'));
    const evidenceIds = [await clerk.evidence()];
    const filed: string[] = [];
    for (let i = 0; i < 25; i += 1) {
      const body = { kind: 'suspension', studentId: demo.student(schools[0].id), details: { ground: 'illness', until: UNTIL } };
      filed.push((await clerk.post('/change-requests', { ...body, evidenceIds, reason: '病假' })).body.id);
      await system.time.pass(1000);
    }
    const cases = await casesUnder({});
    expect(cases.map(({ requestId }) => requestId)).toEqual(filed.reverse().slice(0, 20));
  });
});
