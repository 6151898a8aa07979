import { addDays } from '../../src/domain/working-days.js';
import { as } from '../fixtures/client.js';
import { withCard, type Corrected } from '../fixtures/correction.js';
import { Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { ProvinceOffice } from '../fixtures/packs.js';
import { staySignedIn } from '../fixtures/owner.js';
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
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    school = demo.schools()[0] as DemoOrganisation;
    system.time.jumpTo('2027-03-15'); // within the registration of the spring's intake
    office = await ProvinceOffice.over(system, demo, school);
  });
  afterAll(() => system?.stop());

  const elsewhere = () => demo.schools().find((one) => demo.at(one, 'province') !== office.province) as DemoOrganisation;
  const tenDaysAgo = () => addDays(system.time.today(), -10);

  const pack = () => ({ proofWorkingDays: 2, registerWorkingDays: 2 });
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

  it('after an intake’s registration a record is taken only in a window that the province opened for it (R-06, A6)', async () => {
    const spring = { enrolledOn: '2026-03-02', reportedOn: '2026-03-02', grade: '2026' };
    const registering = (at: DemoOrganisation, days: Record<string, string> = spring) => register(system, demo, at, somebody(days));
    const refusal = {
      status: 409,
      body: {
        code: 'outside-late-window',
        blockers: [{ code: 'outside-late-window', owner: 'authority', remedy: expect.stringMatching(/./), pointer: '/enrolledOn' }],
      },
    };
    expect(await registering(school)).toMatchObject(refusal);
    const document = { number: '示东教职成〔2027〕3号', issuingBody: '示范东省教育厅', date: '2027-03-10' };
    const window = { intake: '2026-spring', from: '2027-03-15', to: '2027-04-20', document };
    const wrong = async (more: object): Promise<string[]> => {
      const { body } = await office.drafter.post<{ errors: { pointer: string }[] }>('/late-windows', { ...window, ...more });
      return body.errors.map(({ pointer }) => pointer);
    };
    expect(await wrong({ from: '2026-04-20' })).toEqual(['/from']);
    for (const to of ['2027-04-21', '2027-03-14']) expect(await wrong({ to })).toEqual(['/to']);
    expect(await wrong({ document: { ...document, date: '2027-03-16' } })).toEqual(['/document/date']);
    const county = await as(system, demo.holder(school.parentId ?? '', 'authoritySupervisor'));
    expect(await county.post('/late-windows', window)).toMatchObject({ status: 403, body: { code: 'not-your-office' } });

    const opened = await office.drafter.post('/late-windows', window);
    expect(opened).toMatchObject({ status: 201, body: { intake: '2026-spring', open: true, province: { id: office.province }, document } });
    expect(await office.second.post('/late-windows', window)).toMatchObject({ status: 409, body: { code: 'late-window-open' } });
    expect(await registering(school)).toMatchObject({ status: 201, body: { afterPeriod: true, late: true } });
    expect(await registering(elsewhere())).toMatchObject(refusal);
    const autumn = { enrolledOn: '2025-09-01', reportedOn: '2025-09-01', grade: '2025', expectedLeavingOn: '2028-06-30' };
    expect(await registering(school, autumn)).toMatchObject(refusal);
    // Days that agree with one another, but for the one on which the student came; 2035 agrees with nothing.
    expect(await registering(school, { ...spring, reportedOn: '2026-09-01' })).toMatchObject({
      status: 422,
      body: { code: 'intake-days-differ', errors: [{ pointer: '/enrolledOn' }] },
    });
    const { body } = await registering(school, { ...spring, enrolledOn: '2035-03-01', expectedLeavingOn: '2038-06-30' });
    expect(body).toMatchObject({
      code: 'entry-in-future',
      blockers: expect.arrayContaining([expect.objectContaining({ code: 'intake-days-differ' })]),
    });

    const closing = `/late-windows/${opened.body.id}/closing`;
    expect(await county.post(closing, { reason: '提前截止' })).toMatchObject({ status: 403, body: { code: 'not-your-office' } });
    expect(await office.second.post(closing, { reason: '提前截止' })).toMatchObject({ status: 200, body: { open: false } });
    expect(await office.second.post(closing, { reason: '提前截止' })).toMatchObject({ status: 409, body: { code: 'late-window-closed' } });
    expect(await registering(school)).toMatchObject(refusal);
    const { items } = (await county.get('/late-windows')).body as {
      items: { id: string; closedAt: string | null; province: { id: string } }[];
    };
    expect(items.find(({ id }) => id === opened.body.id)?.closedAt).not.toBeNull();
    expect(items.every(({ province }) => province.id === office.province)).toBe(true);
  });

  it('may be shorter than the nation has it, never longer, and stale requests are only ever notified', async () => {
    expect(await office.refused({ proofWorkingDays: 11, registerWorkingDays: 21, stale: { action: 'close' } })).toEqual([
      'longer-than-national /content/proofWorkingDays',
      'longer-than-national /content/registerWorkingDays',
      'wrong-shape /content/stale/action',
    ]);
  });
});
