import { appointed } from '../fixtures/appointed.js';
import { as, refused, signIn } from '../fixtures/client.js';
import { acrossCounties, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { ByHand } from '../fixtures/by-hand.js';
import { held } from '../fixtures/held.js';
import { asOwner } from '../fixtures/owner.js';
import { standing } from '../fixtures/process.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

describe('whoever decides holds the office in the moment of the decision (invariant 2)', () => {
  let system: System;
  let demo: Demonstration;
  let source: DemoOrganisation;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    demo = await Demonstration.of(system);
    source = acrossCounties(demo)[0];
  });
  afterAll(() => system?.stop());

  const decide = async (story: Story, username: string) => {
    const task = await story.task('sourceSchool');
    const reviewer = await signIn(system.url, username);
    return reviewer.post(`/tasks/${task.id}/decision`, { verdict: 'approve', opinion: '', version: task.version });
  };
  const opened = async (): Promise<Story> => {
    const story = await Story.transfer(system, demo, acrossCounties(demo));
    await new ByHand(system).settle(story.id);
    return story;
  };

  it('another office that was granted meanwhile takes nothing away: the act stands, once', async () => {
    const story = await opened();
    const username = demo.holder(source.id, 'schoolClerk');
    const other = demo.schools().find(({ parentId, id }) => parentId === source.parentId && id !== source.id);
    const holder = await held(system, story.id);
    const recalled = story.filer.post(`/change-requests/${story.id}/recall`, { reason: '算了' });
    await holder.waitedFor();
    await appointed(system, demo, other?.id ?? source.id, { username, office: 'schoolReviewer' });
    await holder.release();
    expect((await recalled).status).toBe(200);
    expect((await standing(story)).acts.filter(({ kind }) => kind === 'recalled')).toHaveLength(1);
  });

  it('an administrator may end an office of their own, the very office in which they end it', async () => {
    const [, username = ''] = demo.holders(demo.superiors(source).at(-1)?.id ?? '', 'orgAdmin');
    const admin = await as(system, username);
    const { body: me } = await admin.get<{ offices: { office: string; organisation: { id: string } }[] }>('/me');
    const nation = me.offices[0]?.organisation.id ?? '';
    const { body: held } = await admin.get<{ id: string; username: string }[]>(`/organisations/${nation}/offices`);
    const own = held.find((one) => one.username === username);
    expect((await admin.post(`/organisations/${nation}/offices/${own?.id}/end`, { reason: '不再兼任' })).status).toBe(200);
    expect((await admin.get<{ offices: object[] }>('/me')).body.offices).toEqual([]);
  });

  it.each(['ended', 'account disabled'] as const)('an office %s while the decision waits for the row decides nothing', async (how) => {
    const [first, second] = demo.holders(source.id, 'schoolReviewer');
    const username = (how === 'ended' ? first : second) as string;
    const admin = await as(system, demo.holder(source.parentId ?? '', 'orgAdmin'));
    const story = await opened();
    const holder = await held(system, story.id);
    const decision = decide(story, username);
    await holder.waitedFor();
    const [office] = await asOwner<{ id: string; personId: string }[]>(
      system,
      `select o.id, p.id as "personId" from office o join person p on p.id = o.person_id where p.username = $1`,
      [username],
    );
    const done =
      how === 'ended'
        ? await admin.post(`/organisations/${source.id}/offices/${office?.id}/end`, { reason: '调离' })
        : await admin.post(`/people/${office?.personId}/disabling`, { reason: '调离' });
    expect(done.status).toBe(200);
    await holder.release();
    expect(await decision).toMatchObject(how === 'ended' ? refused(404, 'not-found') : refused(401, 'unauthenticated'));
    expect((await standing(story)).acts.map(({ kind }) => kind)).not.toContain('decided');
  });
});
