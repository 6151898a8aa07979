import { addDays } from '../../src/domain/working-days.js';
import { withCard, type Corrected } from '../fixtures/correction.js';
import type { Demonstration, DemoOrganisation } from '../fixtures/demonstration.js';
import { startProvince, type ProvinceOffice } from '../fixtures/packs.js';
import { register, somebody } from '../fixtures/registrations.js';
import { Story } from '../fixtures/story.js';
import type { System } from '../fixtures/system.js';

describe('what a province says of late filings', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let office: ProvinceOffice;
  beforeAll(async () => {
    ({ system, demo, school, office } = await startProvince());
  });
  afterAll(() => system?.stop());

  /** More than twenty working days ago, whatever holidays lie between. */
  const longAgo = () => addDays(system.time.today(), -60);
  /** In the other province, whose window is open all the year. */
  const elsewhere = () => demo.schools().find((one) => demo.at(one, 'province') !== office.province) as DemoOrganisation;
  const tenDaysAgo = () => addDays(system.time.today(), -10);

  const month = () => Number(system.time.today().slice(5, 7));
  const pack = () => ({
    proofWorkingDays: 2,
    registerWorkingDays: 2,
    lateWindow: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12].filter((one) => one !== month()),
  });
  let activated: Promise<string> | undefined;
  /** One version a day is in force: all of it with the first who asks. */
  const inForce = () => (activated ??= office.activated(pack()));

  it('a correction is late by the period of the policy that it was filed under, and the nation has the longest (R-20)', async () => {
    const filed = async (proofReceivedOn: string) => {
      const details = { changes: { ethnicGroup: '30' }, proofReceivedOn };
      const story = await Story.within(system, demo, school, { kind: 'infoCorrection', studentId: withCard(demo, school).id, details });
      return story;
    };
    const late = async ({ filer, id }: Story) => (await filer.get<Corrected>(`/change-requests/${id}`)).body.correction?.late;
    const before = await filed(tenDaysAgo());
    await inForce();
    const after = await filed(tenDaysAgo());
    expect([await late(before), await late(after), await late(await filed(system.time.today()))]).toEqual([false, true, false]);
  });

  it('a record is late by its own, and marked (R-05)', async () => {
    await inForce();
    const made = async (at: DemoOrganisation) =>
      (await register(system, demo, at, somebody({ reportedOn: tenDaysAgo(), enrolledOn: system.time.today() }))).body;
    expect(await made(school)).toMatchObject({ late: true, afterPeriod: false });
    expect(await made(elsewhere())).toMatchObject({ late: false, afterPeriod: false });
  });

  it('when the registration of an intake has ended a record is taken where the month is open, and else refused (R-06, A6)', async () => {
    const ended = { enrolledOn: addDays(system.time.today(), -300), reportedOn: longAgo() };
    await inForce();
    expect(await register(system, demo, school, somebody(ended))).toMatchObject({
      status: 409,
      body: {
        code: 'outside-late-window',
        blockers: [{ code: 'outside-late-window', owner: 'authority', remedy: expect.stringMatching(/./), pointer: '/enrolledOn' }],
      },
    });
    expect((await register(system, demo, school, somebody({ ...ended, enrolledOn: system.time.today() }))).status).toBe(201);
    expect(await register(system, demo, elsewhere(), somebody(ended))).toMatchObject({
      status: 201,
      body: { afterPeriod: true, late: true },
    });
  });

  it('may be shorter than the nation has it, never longer, and stale requests are only ever notified', async () => {
    expect(await office.refused({ proofWorkingDays: 11, registerWorkingDays: 21, stale: { action: 'close' } })).toEqual([
      'longer-than-national /content/proofWorkingDays',
      'longer-than-national /content/registerWorkingDays',
      'wrong-shape /content/stale/action',
    ]);
  });
});
