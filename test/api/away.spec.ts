import { addDays, instantOf } from '../../src/domain/working-days.js';
import { appointed as hasOffice } from '../fixtures/appointed.js';
import { as, refused, type ApiClient } from '../fixtures/client.js';
import { acrossCounties, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { staySignedIn } from '../fixtures/owner.js';
import { Story, type Detail } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { Telling } from '../fixtures/telling.js';

type Task = Detail['currentTasks'][number];
interface Entry {
  kind: string;
  step?: string;
  by?: { personId: string; office: string };
  onBehalfOfPerson?: { id: string };
}

describe('a reviewer who is away', () => {
  let system: System;
  let demo: Demonstration;
  let telling: Telling;
  let source: DemoOrganisation;
  let destination: DemoOrganisation;
  beforeAll(async () => {
    system = await startSystem();
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    telling = new Telling(system);
    [source, destination] = acrossCounties(demo);
  });
  afterAll(() => system?.stop());

  const me = async (client: ApiClient) => (await client.get<{ id: string }>('/me')).body.id;
  const at = (organisation: { id: string }, office: string, nth = 0) => as(system, demo.holders(organisation.id, office)[nth] as string);
  const county = ({ parentId }: DemoOrganisation) => demo.organisations.get(parentId ?? '') as DemoOrganisation;
  const awayFrom = async (absent: ApiClient, username: string, office: string, organisation: DemoOrganisation): Promise<string> => {
    const until = new Date(instantOf(addDays(system.time.today(), 30))).toISOString();
    const { status, body } = await absent.post('/me/proxies', {
      username,
      office,
      organisationId: organisation.id,
      until,
      reason: '年休假',
    });
    expect(status).toBe(201);
    return body.id as string;
  };
  const appointed = async (username: string, office: string, organisation: DemoOrganisation) => {
    await hasOffice(system, demo, organisation.id, { username, office });
  };
  const decision = ({ version }: Task, more = {}) => ({ verdict: 'approve', opinion: '同意', version, ...more });
  const decide = async (client: ApiClient, story: Story, more = {}) => {
    const task = await story.task();
    return client.post(`/tasks/${task.id}/decision`, decision(task, more));
  };
  const inbox = async (client: ApiClient) =>
    (await client.get<{ items: { id: string }[] }>('/tasks?limit=200')).body.items.map(({ id }) => id);

  it('is stood in for in reassignment, delegation, opinion, return and supplement, and finds everything as it was done', async () => {
    const [first, absent] = [await at(destination, 'schoolReviewer'), await at(destination, 'schoolReviewer', 1)];
    const proxyName = demo.holder(destination.id, 'schoolClerk');
    const proxy = await as(system, proxyName);
    const thirdName = demo.holders(
      demo.schools().find(({ id }) => id !== source.id && id !== destination.id)?.id ?? '',
      'schoolReviewer',
    )[0];
    await appointed(thirdName ?? '', 'schoolReviewer', destination);
    const third = await as(system, thirdName ?? '');
    const [absentId, proxyId, thirdId, firstId] = await Promise.all([absent, proxy, third, first].map(me));
    const elsewhere = [...demo.organisations.values()].find(
      ({ id, level }) => level === 'county' && id !== source.parentId && id !== destination.parentId,
    ) as DemoOrganisation;
    const asked = await at(elsewhere, 'authorityReviewer');
    const absence = await awayFrom(absent, proxyName, 'schoolReviewer', destination);

    const story = await Story.transfer(system, demo, [source, destination]);
    await story.decide('approve', { step: 'sourceSchool' });
    const task = await story.task('destinationSchool');
    const on = (client: ApiClient, what: string, body: object = {}, { id } = task) => client.post(`/tasks/${id}/${what}`, body);

    // The reviewer hands the task to the absent colleague; it is in the inbox of who stands in.
    expect((await on(first, 'reassignment', { to: absentId, reason: '熟悉情况' })).body).toMatchObject({ assigneeId: absentId });
    expect(await inbox(proxy)).toContain(task.id);
    expect(await decide(first, story)).toMatchObject(refused(403, 'not-your-task'));
    expect(await decide(third, story)).toMatchObject(refused(403, 'not-your-task'));
    await telling.now();
    expect(await telling.of(proxy, story)).toMatchObject([
      { kind: 'taskAssigned', taskId: task.id, office: 'schoolReviewer' },
      { kind: 'taskOpened' },
    ]);

    // Who stands in asks another office and a third colleague, whose answer comes back to the absent person's name.
    const dueDate = addDays(system.time.today(), 5);
    const opinion = await on(proxy, 'consultations', { organisationId: elsewhere.id, question: '户籍是否属实？', dueDate });
    expect(opinion.status).toBe(201);
    const delegated = await on(proxy, 'delegation', { to: thirdId, question: '请核对' });
    expect(delegated.body).toMatchObject({ assigneeId: absentId, delegateId: thirdId });
    expect(await decide(proxy, story)).toMatchObject(refused(409, 'delegated'));
    expect((await on(third, 'delegation/answer', { answer: '相符' })).body).toMatchObject({ assigneeId: absentId, delegateId: null });
    expect((await asked.post(`/consultations/${opinion.body.id}/answer`, { answer: '属实' })).status).toBe(200);
    await telling.now();
    const kindsOf = async (client: ApiClient) => (await telling.of(client, story)).map(({ kind }) => kind);
    expect((await kindsOf(proxy)).slice(0, 2)).toEqual(['opinionGiven', 'delegationEnded']);
    expect((await kindsOf(absent)).slice(0, 2)).toEqual(['opinionGiven', 'delegationEnded']);
    expect((await kindsOf(third)).slice(0, 1)).toEqual(['taskDelegated']);
    expect(await kindsOf(asked)).toEqual(['opinionAsked']);

    // Who stands in returns it; the filer supplements; the next visit is handed on, claimed and delegated in the absent person's name.
    expect((await decide(proxy, story, { verdict: 'return', opinion: '缺材料', missing: ['户口迁移证明'] })).status).toBe(200);
    await story.task();
    const supplement = { evidenceIds: [await story.filer.evidence()], note: '已补齐' };
    expect((await story.filer.post(`/change-requests/${story.id}/supplement`, supplement)).status).toBe(200);
    const again = await story.task('destinationSchool');
    expect(again).toMatchObject({ visit: 2 });
    expect((await on(proxy, 'claim', {}, again)).body).toMatchObject({ claimantId: absentId });
    expect(await decide(first, story)).toMatchObject(refused(409, 'already-claimed'));
    expect((await on(proxy, 'delegation', { to: firstId, question: '请复核' }, again)).body).toMatchObject({ assigneeId: absentId });

    // Back before the answer: what was begun in the absent person's name is theirs, and no longer the proxy's.
    expect((await absent.post(`/me/proxies/${absence}/end`, { reason: '提前返岗' })).status).toBe(200);
    expect(await on(proxy, 'delegation/withdrawal', {}, again)).toMatchObject(refused(403, 'not-delegated-by-you'));
    expect(await inbox(proxy)).not.toContain(again.id);
    expect((await on(first, 'delegation/answer', { answer: '无误' }, again)).status).toBe(200);
    expect(await decide(proxy, story)).toMatchObject(refused(403, 'not-your-task'));
    expect((await decide(absent, story)).status).toBe(200);

    // Both names stand at every act that was done in the other's place, and neither decides another step.
    const { timeline } = (await story.settled()) as unknown as { timeline: Entry[] };
    const signed = timeline
      .filter(({ step, by }) => step === 'destinationSchool' && by)
      .map((one) => [one.kind, one.by?.personId, one.onBehalfOfPerson?.id]);
    expect(signed).toEqual([
      ['reassigned', firstId, undefined],
      ['consulted', proxyId, absentId],
      ['delegated', proxyId, absentId],
      ['delegationEnded', thirdId, undefined],
      ['consultationAnswered', await me(asked), undefined],
      ['decided', proxyId, absentId],
      ['supplemented', await me(story.filer), undefined],
      ['claimed', proxyId, absentId],
      ['delegated', proxyId, absentId],
      ['delegationEnded', firstId, undefined],
      ['decided', absentId, undefined],
    ]);
    for (const username of [proxyName, demo.holders(destination.id, 'schoolReviewer')[1] as string]) {
      await appointed(username, 'authorityReviewer', county(source));
      expect(await decide(await as(system, username), story)).toMatchObject(refused(403, 'separation-of-duties'));
    }
    expect((await story.approveAll()).state).toBe('approved');
    await telling.now();
    expect(await kindsOf(story.filer)).toContain('requestClosed');
  });

  it('is stood in for by a colleague of the same office, who acts in that name on what is the absent person’s alone', async () => {
    const [absent, colleague] = [await at(source, 'schoolReviewer'), await at(source, 'schoolReviewer', 1)];
    const absence = await awayFrom(absent, demo.holders(source.id, 'schoolReviewer')[1] as string, 'schoolReviewer', source);
    const [absentId, colleagueId] = await Promise.all([absent, colleague].map(me));
    const [own, handed] = [
      await Story.transfer(system, demo, [source, destination]),
      await Story.transfer(system, demo, [source, destination]),
    ];
    expect((await decide(colleague, own)).status).toBe(200);
    const task = await handed.task();
    await absent.post(`/tasks/${task.id}/reassignment`, { to: absentId, reason: '本人经办' });
    expect((await decide(colleague, handed)).status).toBe(200);
    const signed = async (story: Story) =>
      ((await story.settled()) as unknown as { timeline: Entry[] }).timeline
        .filter(({ kind }) => kind === 'decided')
        .map(({ by, onBehalfOfPerson }) => [by?.personId, onBehalfOfPerson?.id]);
    expect([await signed(own), await signed(handed)]).toEqual([[[colleagueId, undefined]], [[colleagueId, absentId]]]);
    await absent.post(`/me/proxies/${absence}/end`, { reason: '返岗' });
  });

  it('bars who stands in for two only in the barred name; the filer and who decided before never decide through another', async () => {
    const authority = county(source);
    const [one, other] = [0, 1].map((nth) => demo.holders(authority.id, 'authorityReviewer')[nth] as string) as [string, string];
    const supervisor = demo.holder(authority.id, 'authoritySupervisor');
    await appointed(one, 'schoolReviewer', source);
    const [first, second] = [await as(system, one), await as(system, other)];
    for (const absent of [first, second]) await awayFrom(absent, supervisor, 'authorityReviewer', authority);
    const filer = demo.holder(source.id, 'schoolClerk');
    const reviewer = await at(source, 'schoolReviewer');
    await awayFrom(reviewer, filer, 'schoolReviewer', source);

    const story = await Story.transfer(system, demo, [source, destination]);
    expect(await decide(await as(system, filer), story)).toMatchObject(refused(403, 'separation-of-duties'));
    expect((await decide(first, story)).status).toBe(200);
    await story.decide('approve', { step: 'destinationSchool' });
    const task = await story.task('sourceAuthority');
    const standsIn = await as(system, supervisor);
    expect(await decide(first, story)).toMatchObject(refused(403, 'separation-of-duties'));
    expect(await standsIn.post(`/tasks/${task.id}/reassignment`, { to: await me(first), reason: '转' })).toMatchObject(
      refused(403, 'separation-of-duties'),
    );
    expect((await decide(standsIn, story)).status).toBe(200);
    const { timeline } = (await story.settled()) as unknown as { timeline: Entry[] };
    expect(timeline.findLast(({ kind, step }) => kind === 'decided' && step === 'sourceAuthority')).toMatchObject({
      by: { personId: await me(standsIn), office: 'authorityReviewer' },
      onBehalfOfPerson: { id: await me(second) },
    });
  });
});
