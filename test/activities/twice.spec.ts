import { NOTHING_SEEN, type Seen } from '../../activities/reading.js';
import type { Activities } from '../../activities/index.js';
import type { AgendaItem } from '../../src/domain/case/agenda.js';
import { acrossProvinces, Demonstration } from '../fixtures/demonstration.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { activitiesOf } from '../fixtures/process.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

/** All that the activities may write, but for the cursor, which says who read last. */
const FINGERPRINT = ['act', 'act_text', 'task', 'change_request', 'enrolment', 'dossier_evidence', 'filing_notice', 'student']
  .map((table) => `select '${table}' as name, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as md5 from ${table} t`)
  .join(' union all ');

describe('every activity may run twice, at the same time (invariant 7)', () => {
  let system: System;
  let demo: Demonstration;
  let activities: Activities;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false });
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    activities = activitiesOf(system);
  });
  afterAll(() => system?.stop());

  const fingerprint = () => asOwner<{ name: string; md5: string }[]>(system, FINGERPRINT);
  const kinds = async ({ id }: Story) =>
    (await asOwner<{ kind: string }[]>(system, 'select kind from act where stream_id = $1 order by seq', [id])).map(({ kind }) => kind);
  const seenOf = async ({ id }: Story): Promise<Seen> => (await activities.readActs({ requestId: id, seen: NOTHING_SEEN })).seen;
  const agendaOf = async ({ id }: Story): Promise<readonly AgendaItem[]> =>
    (await activities.readActs({ requestId: id, seen: NOTHING_SEEN })).agenda;

  /** Twice at the same time, then twice more in a row: its acts once, and after them nothing changes. */
  async function twice<A>(story: Story, activity: (ask: A) => Promise<unknown>, ask: A, ...acts: string[]): Promise<void> {
    const before = await kinds(story);
    await Promise.all([activity(ask), activity(ask)]);
    const once = await fingerprint();
    expect(await kinds(story)).toEqual([...before, ...acts]);
    await activity(ask);
    await activity({ ...ask, seen: await seenOf(story) });
    expect(await fingerprint()).toEqual(once);
  }

  const filed = () => Story.transfer(system, demo, acrossProvinces(demo));
  async function open(story: Story, step: string): Promise<void> {
    await activities.openTask({ requestId: story.id, seen: await seenOf(story), step, visit: 1, supplement: false });
  }
  async function approved(): Promise<Story> {
    const story = await filed();
    for (const step of ['sourceSchool', 'destinationSchool', 'sourceAuthority', 'destinationAuthority']) {
      await open(story, step);
      expect((await story.decide('approve', { step })).status).toBe(200);
    }
    return story;
  }

  it('readActs writes no act and answers alike', async () => {
    const story = await filed();
    const ask = { requestId: story.id, seen: NOTHING_SEEN };
    const before = await fingerprint();
    const [one, other] = await Promise.all([activities.readActs(ask), activities.readActs(ask)]);
    expect(one).toEqual(other);
    expect(await activities.readActs(ask)).toEqual(one);
    expect(await fingerprint()).toEqual(before);
  });

  it('openTask opens one task', async () => {
    const story = await filed();
    const ask = { requestId: story.id, seen: await seenOf(story), step: 'sourceSchool', visit: 1, supplement: false };
    await twice(story, activities.openTask, ask, 'opened');
    expect((await story.show()).currentTasks).toHaveLength(1);
  });

  it('openTask opens one supplement', async () => {
    const story = await filed();
    await open(story, 'sourceSchool');
    expect((await story.decide('return', { opinion: '缺材料' })).status).toBe(200);
    const ask = { requestId: story.id, seen: await seenOf(story), step: 'sourceSchool', visit: 1, supplement: true };
    await twice(story, activities.openTask, ask, 'opened');
    expect((await story.show()).currentTasks).toMatchObject([{ capacity: 'supplement' }]);
  });

  it('a stale cursor writes nothing and learns what it missed', async () => {
    const story = await filed();
    const stale = await seenOf(story);
    await open(story, 'sourceSchool');
    const before = await fingerprint();
    const reading = await activities.close({ requestId: story.id, seen: stale, outcome: 'rejected' });
    expect(reading.acts.map(({ kind }) => kind)).toEqual(['opened']);
    expect(await fingerprint()).toEqual(before);
  });

  it('a run that was woken by an approval opens the next step without reading first', async () => {
    const story = await filed();
    await open(story, 'sourceSchool');
    const ask = { requestId: story.id, seen: await seenOf(story), step: 'destinationSchool', visit: 1, supplement: false };
    expect((await story.decide('approve')).status).toBe(200);
    await twice(story, activities.openTask, ask, 'opened');
    const { acts } = await activities.readActs({ requestId: story.id, seen: ask.seen });
    expect(acts.map(({ kind }) => kind)).toEqual(['decided', 'opened']);
  });

  it('a run that was woken for nothing opens nothing', async () => {
    const story = await filed();
    await open(story, 'sourceSchool');
    const ask = { requestId: story.id, seen: await seenOf(story), step: 'destinationSchool', visit: 1, supplement: false };
    const before = await fingerprint();
    expect((await activities.openTask(ask)).acts).toEqual([]);
    expect((await activities.openTask({ ...ask, seen: NOTHING_SEEN })).acts.map(({ kind }) => kind)).toEqual(['filed', 'opened']);
    expect(await fingerprint()).toEqual(before);
  });

  it.each(['reject', 'return'] as const)('a run that expected an approval writes nothing after a %s and learns of it', async (verdict) => {
    const story = await filed();
    await open(story, 'sourceSchool');
    const ask = { requestId: story.id, seen: await seenOf(story), step: 'destinationSchool', visit: 1, supplement: false };
    expect((await story.decide(verdict, { opinion: '材料不符' })).status).toBe(200);
    const before = await fingerprint();
    expect((await activities.openTask(ask)).acts).toMatchObject([{ kind: 'decided', verdict }]);
    expect((await activities.applyChange(ask)).acts).toMatchObject([{ kind: 'decided', verdict }]);
    expect(await fingerprint()).toEqual(before);
  });

  it('a cursor of a ledger that never was is told so and writes nothing', async () => {
    const story = await filed();
    const before = await fingerprint();
    const seen = { seq: 1, hash: '0000000000000000' };
    expect(await activities.openTask({ requestId: story.id, seen, step: 'sourceSchool', visit: 1, supplement: false })).toMatchObject({
      diverged: true,
      acts: [],
    });
    expect(await fingerprint()).toEqual(before);
  });

  it('remind and escalate refuse before their time, then write one act each, and none once the task is decided', async () => {
    const story = await filed();
    await open(story, 'sourceSchool');
    for (const what of ['remind', 'escalate'] as const) {
      const item = (await agendaOf(story)).find((one) => one.what === what) as AgendaItem;
      const ask = { requestId: story.id, seen: await seenOf(story), item };
      const before = await fingerprint();
      const early = await activities[what](ask);
      expect(early).toMatchObject({ acts: [], retryAfter: expect.any(Number) });
      expect(await fingerprint()).toEqual(before);
      await system.time.pass(item.at - system.time.now() + 1000);
      await twice(story, activities[what], ask, what === 'remind' ? 'reminded' : 'escalated');
    }
    const [item] = (await agendaOf(story)).filter(({ what }) => what === 'escalate');
    expect((await story.decide('approve')).status).toBe(200);
    await system.time.pass((item as AgendaItem).at - system.time.now() + 1000);
    const before = await fingerprint();
    await activities.escalate({ requestId: story.id, seen: await seenOf(story), item: item as AgendaItem });
    await activities.remind({ requestId: story.id, seen: await seenOf(story), item: item as AgendaItem });
    expect(await fingerprint()).toEqual(before);
  });

  it('applyChange moves the student and closes the case once, with the notices to both provinces', async () => {
    const story = await approved();
    await twice(story, activities.applyChange, { requestId: story.id, seen: await seenOf(story) }, 'effected', 'closed');
    expect(await story.show()).toMatchObject({ state: 'approved', notices: { length: 4 } });
  });

  it('applyChange that fails half-way leaves nothing half done, and succeeds when tried again', async () => {
    const story = await approved();
    const ask = { requestId: story.id, seen: await seenOf(story) };
    const before = await fingerprint();
    await asOwner(
      system,
      `create function break_down() returns trigger language plpgsql as $$ begin raise exception 'a disk broke'; end $$;
       create trigger break_down before insert on filing_notice for each row execute function break_down()`,
    );
    await expect(activities.applyChange(ask)).rejects.toThrow('a disk broke');
    expect(await fingerprint()).toEqual(before);
    await asOwner(system, 'drop trigger break_down on filing_notice');
    await activities.applyChange(ask);
    expect((await kinds(story)).slice(-2)).toEqual(['effected', 'closed']);
  });

  it('applyChange changes nothing before the last approval', async () => {
    const story = await filed();
    await open(story, 'sourceSchool');
    const before = await fingerprint();
    expect((await activities.applyChange({ requestId: story.id, seen: await seenOf(story) })).acts).toEqual([]);
    expect(await fingerprint()).toEqual(before);
  });

  it('close closes once', async () => {
    const story = await filed();
    expect((await story.filer.post(`/change-requests/${story.id}/recall`, { reason: '家长改变主意' })).status).toBe(200);
    await twice(story, activities.close, { requestId: story.id, seen: await seenOf(story), outcome: 'recalled' as const }, 'closed');
    expect((await story.show()).state).toBe('recalled');
  });
});
