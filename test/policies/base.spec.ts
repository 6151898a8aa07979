import { as } from '../fixtures/client.js';
import type { Demonstration, DemoOrganisation } from '../fixtures/demonstration.js';
import { DOCUMENT, startProvince, type ProvinceOffice } from '../fixtures/packs.js';
import { UNTIL } from '../fixtures/dates.js';
import type { System } from '../fixtures/system.js';
import { addDays } from '../../src/domain/working-days.js';

const NATIONAL = { id: 'national', version: 1 };

describe('the policy that a pack is based on (A17)', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let office: ProvinceOffice;
  beforeAll(async () => {
    ({ system, demo, school, office } = await startProvince());
  });
  afterAll(() => system?.stop());

  it('is the version in force, from which it visibly inherits what it is silent about, and another one only by name', async () => {
    const present = await office.inForceOn(system.time.today());
    const { body } = await office.draft({ limits: { suspensionMonths: 6 } });
    expect(body).toMatchObject({ basedOn: present, inPlaceOf: present });
    expect(body.inherited).toContainEqual({ pointer: '/limits/suspensions', value: 3, from: present });
    expect(body.whole.limits).toMatchObject({ suspensionMonths: 6, suspensions: 3 });
    const { body: anew } = await office.draft({ limits: { suspensionMonths: 6 } }, DOCUMENT, NATIONAL);
    expect(anew).toMatchObject({ basedOn: NATIONAL, inPlaceOf: present, inherited: [], whole: { limits: { suspensions: 2 } } });
    const west = demo.accounts.find(({ username }) => username === 'supervisor.510000')!.organisation.id;
    const { body: theirs } = await office.drafter.get(`/policies?organisationId=${west}`);
    for (const strange of [
      { ...present, version: 99 },
      { id: theirs.items[0].id, version: 1 },
    ])
      expect(await office.draft({}, DOCUMENT, strange)).toMatchObject({
        status: 409,
        body: { code: 'policy-base-stale', inForce: present },
      });
  });

  it('names what a draft on the national default drops: each setting with both values, and whose each is', async () => {
    const present = await office.inForceOn(system.time.today());
    const { body } = await office.drafter.post(`${await office.drafted({ limits: { suspensionMonths: 6 } }, NATIONAL)}/preview`);
    const dropped = body.differences.filter((one: { dropped: boolean }) => one.dropped);
    expect(dropped).toContainEqual({
      pointer: '/limits/suspensions',
      inForce: 3,
      proposed: 2,
      inForceBy: {
        setting: '/limits/suspensions',
        policy: present,
        organisation: expect.objectContaining({ id: office.province }),
        document: '示东教职成〔2015〕2号',
      },
      proposedBy: { setting: '/limits/suspensions', policy: NATIONAL, organisation: null, document: null },
      dropped: true,
    });
    expect(dropped.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      '/kinds/changeMajor/rules',
      '/kinds/changeMajor/workingDays/authority',
      '/kinds/changeMajor/workingDays/school',
      '/kinds/crossTrackTransfer/rules',
      '/kinds/deregistration/order',
      '/kinds/deregistration/workingDays/superior',
      '/kinds/suspension/rules',
      '/kinds/transfer/rules',
      '/kinds/withdrawal/workingDays/school',
      '/limits/suspensions',
    ]);
  });

  it('is stale when another version has come between, until somebody bases the draft anew and another decides', async () => {
    const [day, after] = [5, 6].map((n) => addDays(system.time.today(), n)) as [string, string];
    const early = await office.drafted({ limits: { suspensionMonths: 9 } });
    const between = await office.activated({ remindBefore: [7, 1] }, day);
    const inForce = office.versionOf(between);
    const refused = await office.second.post(`${early}/activation`, { effectiveFrom: after });
    expect(refused).toMatchObject({ status: 409, body: { code: 'policy-base-stale', inForce } });
    const before = await office.second.post(`${early}/activation`, { effectiveFrom: addDays(day, -1) });
    expect(before).toMatchObject({ status: 409, body: { code: 'policy-later-version', later: inForce } });
    const { body } = await office.second.post(`${early}/rebasing`, { basedOn: inForce });
    expect(body).toMatchObject({
      basedOn: inForce,
      inPlaceOf: inForce,
      whole: { remindBefore: [7, 1], limits: { suspensionMonths: 9 } },
    });
    expect(body.inherited).toContainEqual({ pointer: '/remindBefore', value: [7, 1], from: inForce });
    const own = await office.second.post(`${early}/activation`, { effectiveFrom: after });
    expect(own).toMatchObject({ status: 403, body: { code: 'separation-of-duties' } });
    for (const path of [early, between]) expect((await office.drafter.post(`${path}/revocation`, { reason: '试拟' })).status).toBe(200);
    expect(await office.second.post(`${early}/rebasing`, {})).toMatchObject({ status: 409, body: { code: 'policy-not-a-draft' } });
  });

  it('drops nothing that was decided before it unless it says so: two drafts from one day, and the second is refused', async () => {
    const [one, other] = [
      await office.drafted({ remindBefore: [9, 1] }, NATIONAL),
      await office.drafted({ remindBefore: [8, 1] }, NATIONAL),
    ];
    const [day, after] = [30, 31].map((n) => addDays(system.time.today(), n)) as [string, string];
    expect((await office.second.post(`${one}/activation`, { effectiveFrom: day })).status).toBe(200);
    expect((await office.second.post(`${other}/activation`, { effectiveFrom: after })).body.code).toBe('policy-base-stale');
    expect((await office.second.post(`${one}/revocation`, { reason: '试拟' })).status).toBe(200);
  });

  it('is named with each reason of a refusal: whose rules refuse, the province’s by its document or the nation’s', async () => {
    const clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
    const year = Number(UNTIL.slice(0, 4)) + 4;
    const body = { kind: 'suspension', studentId: demo.student(school.id), details: { ground: 'illness', until: `${year}-01-31` } };
    const blockers = async () => (await clerk.post('/change-requests/precheck', body)).body.blockers;
    const nations = { setting: '/limits/suspensionMonths', policy: NATIONAL, organisation: null, document: null };
    const present = await office.inForceOn(system.time.today());
    const provinces = { policy: present, organisation: { id: office.province }, document: '示东教职成〔2015〕2号' };
    const found = await blockers();
    expect(found.find(({ code }: { code: string }) => code === 'suspension-too-long')).toMatchObject({
      sources: [nations],
      message: expect.stringContaining('（依据：全国默认规则）'),
    });
    expect(found.find(({ code }: { code: string }) => code === 'suspended-too-long')).toMatchObject({
      sources: [
        { setting: '/kinds/suspension/rules', ...provinces },
        { ...nations, setting: '/limits/suspendedMonths' },
      ],
      message: expect.stringMatching(/（依据：.*示东教职成〔2015〕2号、全国默认规则）。$/),
    });
    const path = await office.activated({ limits: { suspensionMonths: 6 } });
    const own = (await blockers()).find(({ code }: { code: string }) => code === 'suspension-too-long');
    expect(own.sources).toMatchObject([{ setting: '/limits/suspensionMonths', policy: office.versionOf(path), document: DOCUMENT.number }]);
    expect(own.message).toContain(DOCUMENT.number);
    expect(own.message).not.toContain('全国默认规则');
    const rules = (await blockers()).find(({ code }: { code: string }) => code === 'suspended-too-long');
    expect(rules.sources[0]).toMatchObject({ setting: '/kinds/suspension/rules', ...provinces }); // inherited, and still its own
    const filed = await clerk.post('/change-requests', { ...body, evidenceIds: [await clerk.evidence()], reason: '病' });
    expect(filed.status).toBe(422);
    expect(filed.body.blockers).toContainEqual(own);
  });
});
