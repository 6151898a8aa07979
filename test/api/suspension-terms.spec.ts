import { addDays } from '../../src/domain/working-days.js';
import { as } from '../fixtures/client.js';
import { ByHand } from '../fixtures/by-hand.js';
import { Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

interface Item {
  id: string;
  suspension: { until: string; remindedAt: string | null; expiredAt: string | null; orderId: string | null } | null;
}

/** The demonstration's suspended students are so until 31 August 2027; reminders go out 30 days before, grace is 14 days. */
const UNTIL = '2027-08-31';

describe('the end of a suspension', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let other: DemoOrganisation;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false });
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    [school, other] = [demo.schools()[0], demo.schools().find(({ code }) => code.startsWith('51'))] as [DemoOrganisation, DemoOrganisation];
    await asOwner(
      system,
      `insert into policy select id, version + 1, organisation_id, date '2020-01-01', jsonb_set(content, '{expiredSuspension}',
        '"orderWithdrawal"')
       from policy where organisation_id = (select province_id from organisation where id = $1)`,
      [other.id],
    );
  });
  afterAll(() => system.stop());

  const told = (studentId: string) =>
    asOwner<{ kind: string; body: Record<string, unknown> }[]>(
      system,
      `select kind, body from act where stream_id = $1 and kind in ('resumptionReminded','suspensionExpired') order by seq`,
      [studentId],
    );
  const kindsTold = async (studentId: string) => (await told(studentId)).map(({ kind }) => kind);
  const suspended = (at: DemoOrganisation) => demo.student(at.id, 'suspended');
  const on = async (day: string): Promise<void> => {
    await system.time.passTo(day);
    while (await system.terms.pass());
  };
  const listed = async (at: DemoOrganisation, office: string, endingBefore: string): Promise<Item[]> => {
    const client = await as(system, demo.holder(at.id, office));
    return (await client.get<{ items: Item[] }>(`/students?state=suspended&endingBefore=${endingBefore}&limit=200`)).body.items;
  };

  it('is told to the school once, so many days before, unless a request of the student is open', async () => {
    const [student, resuming] = [suspended(school), suspended(school)];
    await Story.within(system, demo, school, { kind: 'resumption', studentId: resuming, details: {} });
    await on(addDays(UNTIL, -31));
    expect(await kindsTold(student)).toEqual([]);
    await on(addDays(UNTIL, -30));
    await Promise.all([system.terms.pass(), system.terms.pass()]);
    expect(await kindsTold(student)).toEqual(['resumptionReminded']);
    expect(await kindsTold(resuming)).toEqual([]);
    const item = (await listed(school, 'schoolClerk', addDays(UNTIL, 1))).find(({ id }) => id === student);
    expect(item?.suspension).toMatchObject({ until: UNTIL, remindedAt: expect.any(String), expiredAt: null });
    expect(await listed(school, 'schoolClerk', UNTIL)).toEqual([]);
  });

  it('leads after the days of grace to one more word, which the authority sees; a resumption in time leads to nothing', async () => {
    const [student, resumed] = [suspended(school), suspended(school)];
    const story = await Story.within(system, demo, school, { kind: 'resumption', studentId: resumed, details: {} });
    const process = new ByHand(system);
    for (const step of ['school', 'authority']) {
      await process.settle(story.id);
      expect((await story.decide('approve', { step })).status).toBe(200);
    }
    expect((await process.settle(story.id)).closed).toBe('approved');
    await on(addDays(UNTIL, 14));
    expect(await kindsTold(student)).not.toContain('suspensionExpired');
    await on(addDays(UNTIL, 15));
    expect((await told(student)).at(-1)).toMatchObject({ kind: 'suspensionExpired', body: { follows: 'remind', schoolId: school.id } });
    expect(await kindsTold(resumed)).not.toContain('suspensionExpired');
    const authority = demo.organisations.get(school.parentId ?? '') as DemoOrganisation;
    const item = (await listed(authority, 'authorityReviewer', addDays(UNTIL, 1))).find(({ id }) => id === student);
    expect(item?.suspension).toMatchObject({ expiredAt: expect.any(String), orderId: null });
  });

  it('leads to an order to file the withdrawal where policy says so, once, and the filing answers it', async () => {
    const student = suspended(other);
    const [expired] = (await told(student)).slice(-1);
    expect(expired).toMatchObject({ kind: 'suspensionExpired', body: { follows: 'orderWithdrawal', authorityId: other.parentId } });
    await system.terms.pass();
    const clerk = await as(system, demo.holder(other.id, 'schoolClerk'));
    const orders = async () =>
      (await clerk.get<{ items: { id: string; studentId: string; state: string; kind: string }[] }>('/orders?limit=200')).body.items.filter(
        ({ studentId }) => studentId === student,
      );
    expect(await orders()).toMatchObject([{ id: expired?.body.orderId, kind: 'withdrawal', state: 'open' }]);
    await Story.within(system, demo, other, { kind: 'withdrawal', studentId: student, details: { ground: 'notResumed' } });
    expect(await orders()).toMatchObject([{ state: 'answered' }]);
  });
});
