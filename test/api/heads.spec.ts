import { addDays } from '../../src/domain/working-days.js';
import { audited } from '../fixtures/audit.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { acrossCounties, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

interface Head {
  id: string;
  displayName: string;
  from: string;
  to: string | null;
}
interface Signed {
  kind: string;
  by?: { organisation: { id: string }; head: { id: string; displayName: string } | null };
}

describe("an organisation's head 负责人, dated, on every act (A18, Art 26)", () => {
  let system: System;
  let demo: Demonstration;
  let schools: [DemoOrganisation, DemoOrganisation];
  let school: DemoOrganisation;
  let admin: ApiClient;
  beforeAll(async () => {
    system = await startSystem();
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    schools = acrossCounties(demo);
    school = schools[0];
    admin = await as(system, demo.holder(school.parentId ?? '', 'orgAdmin'));
  });
  afterAll(() => system?.stop());

  const headsOf = async ({ id }: { id: string }, client = admin) => (await client.get<Head[]>(`/organisations/${id}/heads`)).body;
  const set = (body: object, { id }: { id: string } = school, client = admin, key?: string) =>
    client.post<Head & { code: string }>(`/organisations/${id}/heads`, body, key);
  const signed = async (story: Story) => (await story.show()).timeline as unknown as Signed[];
  const verified = () => audited(system);

  it('is known for every organisation of the demonstration, to its own people and its superiors only', async () => {
    for (const { id, level } of demo.organisations.values()) {
      const own = await as(system, demo.holder(id, level === 'school' ? 'schoolClerk' : 'authorityReviewer'));
      expect(await headsOf({ id }, own)).toMatchObject([{ from: '2014-11-15', to: null }]);
    }
    expect(await headsOf(school, await as(system, 'supervisor.000000'))).toHaveLength(1);
    expect((await (await as(system, demo.holder(schools[1].id, 'schoolClerk'))).get(`/organisations/${school.id}/heads`)).status).toBe(404);
  });

  it('stands beside every act of a person, as the head of the organisation that acted; the process has none', async () => {
    const story = await Story.transfer(system, demo, schools);
    await story.approveAll();
    const acts = await signed(story);
    expect(acts.filter(({ by }) => by).length).toBe(5);
    for (const { by } of acts.filter((act) => act.by)) {
      const [head] = await headsOf(by?.organisation ?? { id: '' }, await as(system, 'supervisor.000000'));
      expect(by?.head).toEqual({ id: head?.id, displayName: head?.displayName });
    }
    expect(acts.filter(({ kind }) => ['opened', 'effected', 'closed'].includes(kind)).some(({ by }) => by)).toBe(false);
  });

  it('is set by who may grant offices there, once for a key, with an act that has its name encrypted beside it', async () => {
    const tomorrow = addDays(system.time.today(), 1);
    const [before] = await headsOf(school);
    const key = 'the-new-head';
    const first = await set({ displayName: ' 沈明远 ', from: tomorrow }, school, admin, key);
    expect(first).toMatchObject({ status: 201, body: { displayName: '沈明远', from: tomorrow, to: null } });
    expect((await set({ displayName: ' 沈明远 ', from: tomorrow }, school, admin, key)).body).toEqual(first.body);
    expect(await headsOf(school)).toEqual([first.body, { ...before, to: system.time.today() }]);
    const acts = await asOwner<{ body: object; head_id: string }[]>(
      system,
      `select body, head_id from act where stream_id = $1 and kind = 'headSet'`,
      [school.id],
    );
    expect(acts).toEqual([{ body: { headId: first.body.id, from: tomorrow, to: null }, head_id: expect.any(String) }]);
    expect(JSON.stringify(acts)).not.toContain('沈明远');
    expect((await set({ displayName: '某人' }, school, await as(system, demo.holder(school.id, 'schoolClerk')))).body.code).toBe(
      'not-your-office',
    );
    expect((await set({ displayName: '某人' }, schools[1])).status).toBe(404);
  });

  it('follows one another: neither before today, nor on or before the day the last one begins, nor ending before it begins', async () => {
    const today = system.time.today();
    expect((await set({ displayName: '甲', from: addDays(today, -1) })).body).toMatchObject({ errors: [{ pointer: '/from' }] });
    expect((await set({ displayName: '甲', from: addDays(today, 1) })).body.code).toBe('head-overlap');
    expect((await set({ displayName: '甲', from: addDays(today, 9), to: addDays(today, 8) })).body).toMatchObject({
      errors: [{ pointer: '/to' }],
    });
    expect((await set({ displayName: '  ' })).body).toMatchObject({ code: 'invalid-input', errors: [{ pointer: '/displayName' }] });
  });

  it('is on an act as of the day of the act, and stays on it when another head follows', async () => {
    const names = async (story: Story) => (await signed(story)).flatMap(({ by }) => by?.head?.displayName ?? []);
    const old = await Story.transfer(system, demo, schools);
    const [oldName] = await names(old);
    expect(oldName).not.toBe('沈明远');
    await system.time.passTo(addDays(system.time.today(), 1));
    expect(await names(await Story.transfer(system, demo, schools))).toEqual(['沈明远']);
    expect(await names(old)).toEqual([oldName]);
  });

  it('is missing from the acts of an organisation after its last day; they are made all the same', async () => {
    const [, east] = schools;
    const eastAdmin = await as(system, demo.holder(east.parentId ?? '', 'orgAdmin'));
    const from = addDays(system.time.today(), 1);
    expect((await set({ displayName: '代理', from, to: from }, east, eastAdmin)).status).toBe(201);
    await system.time.passTo(addDays(from, 1));
    const story = await Story.transfer(system, demo, [east, school]);
    expect((await signed(story))[0]).toMatchObject({ kind: 'filed', by: { head: null } });
  });

  it('is covered by the hash of the act, while acts without a head verify as they always did', async () => {
    expect((await verified()).problems).toEqual([]);
    const tampered = (sql: string) =>
      asOwner(system, `alter table act disable trigger act_append_only; ${sql}; alter table act enable trigger act_append_only`);
    const one = `(stream_id, seq) = (select stream_id, seq from act where head_id is not null order by position limit 1)`;
    await tampered(`create table kept as select stream_id, seq, head_id from act where ${one}; update act set head_id = null where ${one}`);
    expect((await verified()).problems).toEqual([expect.stringContaining('its hash does not follow')]);
    await tampered(`update act set head_id = kept.head_id from kept where act.stream_id = kept.stream_id and act.seq = kept.seq`);
    expect((await verified()).problems).toEqual([]);
    await tampered(`update act set head_id = (select id from head limit 1) where kind = 'established' and stream_id = '${school.id}'`);
    expect((await verified()).problems).toEqual([expect.stringContaining('act 1: its hash does not follow')]);
  });
});
