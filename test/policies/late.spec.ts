import { addDays } from '../../src/domain/working-days.js';
import { withCard, type Corrected } from '../fixtures/correction.js';
import { Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { ProvinceOffice } from '../fixtures/packs.js';
import { register, somebody } from '../fixtures/registrations.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

describe('what a province says of late filings', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let office: ProvinceOffice;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false });
    demo = await Demonstration.of(system);
    school = demo.schools()[0] as DemoOrganisation;
    office = await ProvinceOffice.over(system, demo, school);
  });
  afterAll(() => system?.stop());

  /** A month is past between a day and today, more than any number of working days below. */
  const monthAgo = () => addDays(system.time.today(), -35);
  const tenDaysAgo = () => addDays(system.time.today(), -10);

  it('a correction is late by the period of the policy that it was filed under, and the nation has the longest (R-20)', async () => {
    const filed = async (proofReceivedOn: string) => {
      const details = { changes: { ethnicGroup: '30' }, proofReceivedOn };
      const story = await Story.within(system, demo, school, { kind: 'infoCorrection', studentId: withCard(demo, school).id, details });
      return story;
    };
    const late = async ({ filer, id }: Story) => (await filer.get<Corrected>(`/change-requests/${id}`)).body.correction?.late;
    const before = await filed(tenDaysAgo());
    await office.activated({ proofWorkingDays: 2 });
    const after = await filed(tenDaysAgo());
    expect([await late(before), await late(after), await late(await filed(system.time.today()))]).toEqual([false, true, false]);
  });

  it('a record is late by its own, and marked (R-05)', async () => {
    const made = async () =>
      (await register(system, demo, school, somebody({ reportedOn: tenDaysAgo(), enrolledOn: system.time.today() }))).body;
    expect(await made()).toMatchObject({ late: false, afterPeriod: false });
    await office.activated({ registerWorkingDays: 2 });
    expect(await made()).toMatchObject({ late: true, afterPeriod: false });
  });

  it('when the registration of an intake has ended a record is taken in the months that are open, and else refused (R-06, A6)', async () => {
    const ended = { enrolledOn: addDays(system.time.today(), -300), reportedOn: monthAgo() };
    const month = Number(system.time.today().slice(5, 7));
    const others = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].filter((one) => one !== month);
    await office.activated({ lateWindow: others });
    expect(await register(system, demo, school, somebody(ended))).toMatchObject({
      status: 409,
      body: {
        code: 'outside-late-window',
        blockers: [{ code: 'outside-late-window', owner: 'authority', remedy: expect.stringMatching(/./), pointer: '/enrolledOn' }],
      },
    });
    expect((await register(system, demo, school, somebody({ ...ended, enrolledOn: system.time.today() }))).status).toBe(201);
    await office.activated({ lateWindow: [month] });
    expect(await register(system, demo, school, somebody(ended))).toMatchObject({ status: 201, body: { afterPeriod: true, late: true } });
  });

  it('may be shorter than the nation has it, never longer, and stale requests are only ever notified', async () => {
    expect(await office.refused({ proofWorkingDays: 11, registerWorkingDays: 21, stale: { action: 'close' } })).toEqual([
      'longer-than-national /content/proofWorkingDays',
      'longer-than-national /content/registerWorkingDays',
      'wrong-shape /content/stale/action',
    ]);
  });
});
