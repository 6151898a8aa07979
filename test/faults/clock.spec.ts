import { inScope } from '../../src/platform/database/in-scope.js';
import { addDays, dateOf } from '../../src/domain/working-days.js';
import { audited } from '../fixtures/audit.js';
import { ByHand } from '../fixtures/by-hand.js';
import { as, refused, signIn } from '../fixtures/client.js';
import { acrossCounties, Demonstration } from '../fixtures/demonstration.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

describe('a clock that is set', () => {
  let system: System;
  let demo: Demonstration;
  let byHand: ByHand;
  beforeEach(async () => {
    system = await startSystem({ engine: 'none', worker: false });
    demo = await Demonstration.of(system);
    byHand = new ByHand(system);
    system.time.jumpTo('2026-09-14', 10); // a Monday
  });
  afterEach(() => system?.stop());

  const acts = (id: string) =>
    inScope(system.db, 'system', (tx) =>
      tx.query<{ seq: number; at: Date; kind: string; key: string | null }[]>(
        'select seq, at, kind, key from act where stream_id = $1 order by seq',
        [id],
      ),
    );
  const faults = async () => {
    return (await audited(system)).problems;
  };

  it('back by an hour makes no act older than the one before it, and breaks no chain', async () => {
    const story = await Story.transfer(system, demo, acrossCounties(demo));
    await byHand.settle(story.id);
    const before = (await acts(story.id)).at(-1)!;
    system.time.jumpTo('2026-09-14', 9);
    expect(system.time.now()).toBeLessThan(before.at.getTime());
    expect((await story.decide('approve')).status).toBe(200);
    await byHand.settle(story.id);
    const after = await acts(story.id);
    expect(after.map(({ seq }) => seq)).toEqual(after.map((_, n) => n + 1));
    expect(after.map(({ at }) => at.getTime())).toEqual(after.map(({ at }) => at.getTime()).toSorted((a, b) => a - b));
    expect(after.at(-1)!.at).toEqual(before.at);
    expect((await story.task()).step).toBe('destinationSchool');
    expect(await faults()).toEqual([]);
  });

  it('forward by a month ends sessions and sends what is due; set right again it takes nothing back and sends nothing twice', async () => {
    const story = await Story.transfer(system, demo, acrossCounties(demo));
    await byHand.settle(story.id);
    const { dueDate } = await story.task();
    const today = dateOf(system.time.now());
    system.time.jumpTo(addDays(today, 30), 10);
    expect(await story.filer.get(`/change-requests/${story.id}`)).toMatchObject(refused(401, 'unauthenticated'));
    await byHand.settle(story.id);
    const messages = async () =>
      (await acts(story.id)).filter(({ kind }) => kind === 'reminded' || kind === 'escalated').map(({ key }) => key);
    const sent = await messages();
    expect(sent.length).toBeGreaterThan(1);
    system.time.jumpTo(today, 11);
    await byHand.settle(story.id);
    expect(await messages()).toEqual(sent);
    const clerk = await signIn(system.url, demo.holder(story.source.id, 'schoolClerk'));
    expect((await story.show(clerk)).currentTasks).toMatchObject([{ dueDate, overdue: false }]);
    system.time.jumpTo(addDays(today, 30), 10);
    await byHand.settle(story.id);
    expect(await messages()).toEqual(sent);
    expect(new Set(sent).size).toBe(sent.length);
    expect((await acts(story.id)).filter(({ kind }) => kind === 'decided')).toEqual([]); // silence never approves
    expect(await faults()).toEqual([]);
    await as(system, 'operator');
  });
});
