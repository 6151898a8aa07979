import { randomUUID } from 'node:crypto';
import type { Demonstration, DemoOrganisation } from '../fixtures/demonstration.js';
import { DOCUMENT, startProvince, type ProvinceOffice } from '../fixtures/packs.js';
import { asOwner } from '../fixtures/owner.js';
import type { System } from '../fixtures/system.js';

describe('a policy pack is refused', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let office: ProvinceOffice;
  beforeAll(async () => {
    ({ system, demo, school, office } = await startProvince());
  });
  afterAll(() => system?.stop());

  /** While nobody holds an office at an organisation. */
  async function vacant<T>(organisationId: string, held: string, test: () => Promise<T>): Promise<T> {
    const until = (day: string | null) =>
      asOwner(system, `update office set held_from = '2025-01-01', held_until = $3 where organisation_id = $1 and office = $2`, [
        organisationId,
        held,
        day,
      ]);
    await until('2026-01-01');
    return test().finally(() => until(null));
  }

  it('with each reason at once: shapes, document, bounds and a step that nobody holds', async () => {
    const reasons = await vacant(school.id, 'schoolReviewer', () =>
      office.refused(
        {
          kinds: {
            transfer: { workingDays: { sourceSchool: 15, destinationSchool: 'ten' }, deadlineScope: 'weekly' },
            death: { order: 'school', workingDays: { superior: 3 } },
            suspension: { order: ['school', 'mayor'] },
          },
          limits: { suspensionMonths: 90, termDays: 'many' },
          directions: [],
          mood: 'good',
        },
        { ...DOCUMENT, date: '2999-01-01', filingNumber: undefined },
      ),
    );
    expect(reasons).toEqual([
      'document-date-impossible /document/date',
      'document-missing /document/filingNumber',
      'longer-than-national /content/kinds/transfer/workingDays/sourceSchool',
      'no-direction-left /content/directions',
      'out-of-bounds /content/limits/suspensionMonths',
      'party-left-out /content/kinds/suspension/order',
      'step-without-holder /content/kinds',
      'unknown-key /content/mood',
      'unknown-party /content/kinds/suspension/order/1',
      'wrong-shape /content/kinds/death/order',
      'wrong-shape /content/kinds/transfer/deadlineScope',
      'wrong-shape /content/kinds/transfer/workingDays/destinationSchool',
      'wrong-shape /content/limits/termDays',
    ]);
  });

  it.each([[null], ['a pack'], [[]], [{ kinds: 'all' }]])('and no error, whatever is handed in for its content: %j', async (content) => {
    expect((await office.refused(content)).every((reason) => /^(wrong-shape|document-missing) \/content/.test(reason))).toBe(true);
  });

  it('when its custodian is no organisation of the province, for every closure would fail', async () => {
    const elsewhere = demo.schools().find((one) => demo.at(one, 'province') !== office.province) as DemoOrganisation;
    for (const custodian of [randomUUID(), elsewhere.id])
      expect(await office.refused({ custodian })).toEqual(['unknown-organisation /content/custodian']);
    expect((await office.draft({ custodian: demo.at(school, 'city') })).status).toBe(201);
  });

  it('when an unnatural death would go to a superior that has no reviewer, and not when it would not', async () => {
    const above = demo.at(school, 'city') as string;
    await vacant(above, 'authorityReviewer', async () => {
      const reasons = await office.refused({ unnaturalDeath: ['superior'] }, DOCUMENT, { id: 'national', version: 1 });
      expect(reasons).toContain('step-without-holder /content/unnaturalDeath');
      const plain = await office.draft({});
      const reasonsOfPlain = ((plain.body.reasons ?? []) as { pointer: string }[]).map(({ pointer }) => pointer);
      expect(reasonsOfPlain).not.toContain('/content/unnaturalDeath');
      const inherited = { pointer: '/content/kinds/deregistration/order', inheritedFrom: await office.inForceOn(system.time.today()) };
      expect(plain.body.reasons).toContainEqual(expect.objectContaining(inherited));
    });
  });

  it('when it would decide on transfers between provinces and has no reviewer itself', async () => {
    await vacant(office.province, 'authorityReviewer', async () => {
      const { body } = await office.draft({ filing: { blocking: true } });
      expect(body.reasons).toContainEqual(expect.objectContaining({ code: 'step-without-holder', pointer: '/content/filing' }));
      const plain = await office.draft({});
      expect(((plain.body.reasons ?? []) as { pointer: string }[]).map(({ pointer }) => pointer)).not.toContain('/content/filing');
    });
  });

  it('when a school has no reviewer at all', async () => {
    await vacant(school.id, 'schoolReviewer', async () => {
      const { body } = await office.draft({});
      expect(body.reasons).toEqual([
        expect.objectContaining({ code: 'step-without-holder', pointer: '/content/kinds', detail: school.code }),
      ]);
    });
    expect((await office.draft({})).status).toBe(201);
  });
});
