import { giveBackVacated } from '../../src/tasks/vacated-tasks.js';
import { CalendarStore } from '../../src/calendar/calendar.store.js';
import { FieldCipher } from '../../src/platform/database/field-cipher.js';
import { addDays } from '../../src/domain/working-days.js';
import { as, signIn, type ApiClient } from '../fixtures/client.js';
import { Demonstration, withinACounty, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { Story, until } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { Telling } from '../fixtures/telling.js';
import { UNTIL } from '../fixtures/dates.js';

describe('what becomes of a task in hand, and who is told', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let telling: Telling;
  let first: ApiClient;
  let second: ApiClient;
  beforeAll(async () => {
    system = await startSystem();
    telling = new Telling(system);
    demo = await Demonstration.of(system);
    await staySignedIn(system);
    [school] = withinACounty(demo);
    const [one = '', other = ''] = demo.holders(school.id, 'schoolReviewer');
    [first, second] = await Promise.all([as(system, one), as(system, other)]);
  });
  afterAll(() => system?.stop());

  const filed = () => Story.within(system, demo, school, { kind: 'suspension', details: { ground: 'illness', until: UNTIL } });
  const personId = async (client: ApiClient) => (await client.get<{ id: string }>('/me')).body.id;
  const voided = async (client: ApiClient, story: Story) => {
    await telling.now();
    return (await telling.of(client, story)).filter(({ kind }) => kind === 'taskVoided').map(({ taskId }) => taskId);
  };
  const recall = async ({ id, filer }: Story) =>
    expect((await filer.post(`/change-requests/${id}/recall`, { reason: '不再需要' })).status).toBe(200);

  it('by a recall: who had claimed it, and nobody who had not; once, however often it is derived', async () => {
    const story = await filed();
    const { id } = await story.task();
    expect((await first.post(`/tasks/${id}/claim`)).status).toBe(200);
    await recall(story);
    expect([await voided(first, story), await voided(second, story), await voided(story.filer, story)]).toEqual([[id], [], []]);
    expect((await telling.of(first, story))[0]).toMatchObject({
      kind: 'taskVoided',
      requestId: story.id,
      office: 'schoolReviewer',
      organisation: { id: school.id },
      title: '您办理中的任务已收回或终止',
    });
    await asOwner(system, 'update notification_cursor set told_to = 0');
    expect(await voided(first, story)).toEqual([id]);
  });

  it('by an operator’s cancellation: to whom it was assigned; by a recall: who was asked to look into it, and who asked', async () => {
    const [cancelled, recalled] = [await filed(), await filed()];
    const [task, delegated] = [await cancelled.task(), await recalled.task()];
    const to = await personId(second);
    expect((await first.post(`/tasks/${task.id}/reassignment`, { to, reason: '转办' })).status).toBe(200);
    expect((await first.post(`/tasks/${delegated.id}/delegation`, { to, question: '请核对' })).status).toBe(200);
    const operator = await as(system, 'operator');
    expect((await operator.post(`/change-requests/${cancelled.id}/cancellation`, { reason: '裁定' })).status).toBe(200);
    await recall(recalled);
    expect([await voided(first, cancelled), await voided(second, cancelled)]).toEqual([[], [task.id]]);
    expect([await voided(first, recalled), await voided(second, recalled)]).toEqual([[delegated.id], [delegated.id]]);
  });

  it('by a death that is filed beside it: it is paused, and its office is told so', async () => {
    const story = await filed();
    const { id } = await story.task();
    expect((await first.post(`/tasks/${id}/claim`)).status).toBe(200);
    const death = { kind: 'death', studentId: story.studentId, details: { diedOn: addDays(system.time.today(), -3) } };
    expect(await (await Story.within(system, demo, school, death)).approveAll()).toMatchObject({ state: 'approved' });
    await until(() => story.show(), ({ state }) => state === 'superseded', 'the end'); // prettier-ignore
    await telling.now();
    for (const reviewer of [first, second])
      expect((await telling.of(reviewer, story)).find(({ kind }) => kind === 'taskPaused')).toMatchObject({ taskId: id });
    expect(await voided(first, story)).toEqual([]);
  });

  it('by a retraction: to whom was assigned what had opened because of the decision; who retracted knows', async () => {
    const story = await filed();
    const decided = await story.task();
    const retractor = await story.reviewer(decided);
    expect((await retractor.post(`/tasks/${decided.id}/claim`)).status).toBe(200);
    expect((await story.decide('approve')).status).toBe(200);
    const next = await story.task('authority');
    const above = await story.reviewer(next, 1);
    const to = await personId(above);
    expect((await (await story.reviewer(next)).post(`/tasks/${next.id}/reassignment`, { to, reason: '转办' })).status).toBe(200);
    expect((await retractor.post(`/tasks/${decided.id}/retraction`, { reason: '误点' })).status).toBe(200);
    expect([await voided(above, story), await voided(retractor, story)]).toEqual([[next.id], []]);
  });

  it('unless the claim had lapsed', async () => {
    const story = await filed();
    const { id } = await story.task();
    expect((await first.post(`/tasks/${id}/claim`)).status).toBe(200);
    await system.time.passTo(addDays(system.time.today(), 5));
    await recall(story);
    expect(await voided(first, story)).toEqual([]);
  });

  const given = async () => {
    const { db, time, config } = system;
    const cipher = new FieldCipher(config.fieldKey, config.indexKey);
    return giveBackVacated({ db, clock: time, cipher, calendar: new CalendarStore() });
  };
  const toldVacated = async (client: ApiClient, story: Story) => {
    await telling.now();
    return (await telling.of(client, story)).filter(({ kind }) => kind === 'taskVacated').length;
  };

  it('gives a task back to who delegated it, when the colleague’s account is disabled', async () => {
    const story = await filed();
    const { id, version } = await story.task();
    const to = await personId(second);
    const admin = await as(system, demo.holder(school.parentId ?? '', 'orgAdmin'));
    expect((await first.post(`/tasks/${id}/delegation`, { to, question: '请核对' })).status).toBe(200);
    await given();
    expect((await first.get(`/tasks/${id}`)).body).toMatchObject({ delegateId: to });
    expect((await admin.post(`/people/${to}/disabling`, { reason: '离职' })).status).toBe(200);
    await given();
    expect((await first.get(`/tasks/${id}`)).body).toMatchObject({ delegateId: null, assigneeId: await personId(first) });
    expect(await toldVacated(first, story)).toBe(1);
    expect((await first.post(`/tasks/${id}/decision`, { verdict: 'approve', opinion: '同意', version })).status).toBe(200);
    expect((await admin.post(`/people/${to}/enabling`, { reason: '返岗' })).status).toBe(200);
    // A disabled account is signed out.
    second = await signIn(system.url, demo.holders(school.id, 'schoolReviewer')[1] ?? '');
  });

  it('lets a task bar no colleague once the claimant’s office has ended, and the office is told once', async () => {
    const story = await filed();
    const { id } = await story.task();
    expect((await first.post(`/tasks/${id}/claim`)).status).toBe(200);
    expect((await second.post(`/tasks/${id}/claim`)).body.code).toBe('already-claimed');
    const admin = await as(system, demo.holder(school.parentId ?? '', 'orgAdmin'));
    const holders = (
      await admin.get<{ id: string; personId: string; office: string; heldUntil: string | null }[]>(`/organisations/${school.id}/offices`)
    ).body;
    const mine = await personId(first);
    const held = holders.find(({ personId: person, office }) => person === mine && office === 'schoolReviewer');
    expect((await admin.post(`/organisations/${school.id}/offices/${held?.id}/end`, { reason: '岗位调整' })).status).toBe(200);
    await given();
    await given();
    expect([await toldVacated(second, story), (await second.get(`/tasks/${id}`)).body.claimantId]).toEqual([1, null]);
    expect((await second.post(`/tasks/${id}/claim`)).status).toBe(200);
  });
});
