import { amended, calendarOf, draftOf, DRAFTER, holiday, worked } from '../fixtures/calendar.js';
import { as } from '../fixtures/client.js';
import { acrossProvinces, Demonstration, withinACounty } from '../fixtures/demonstration.js';
import { staySignedIn } from '../fixtures/owner.js';
import { workflowOf } from '../fixtures/process.js';
import { Story, until } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { inScope } from '../../src/database/in-scope.js';
import { addDays, dateOf } from '../../src/domain/working-days.js';

describe('waking processes for an amended calendar (A8)', () => {
  let system: System;
  let demo: Demonstration;
  let here: Story;
  let there: Story;
  beforeAll(async () => {
    system = await startSystem({ engine: 'time-skipping' });
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    [here, there] = [
      await Story.transfer(system, demo, withinACounty(demo)),
      await Story.transfer(system, demo, [...acrossProvinces(demo)].reverse() as never),
    ];
    await Promise.all([here.task(), there.task()]);
    await Promise.all([here, there].map((story) => until(() => nextWake(story), (at) => at !== undefined, 'the process to lie down'))); // prettier-ignore
  });
  afterAll(() => system?.stop());

  const nextWake = async ({ id }: Story): Promise<number | undefined> => {
    const [row] = await inScope(system.db, 'system', (tx) =>
      tx.query<{ at: Date | null }[]>('select next_wake_at as at from process_cursor where request_id = $1', [id]),
    );
    return row?.at?.getTime();
  };
  /** How often the case's process was told that the calendar was amended. */
  async function told(story: Story): Promise<number> {
    const { events } = await (await workflowOf(story)).fetchHistory();
    const signals = (events ?? []).map(({ workflowExecutionSignaledEventAttributes: signal }) => signal?.input?.payloads?.[0]?.data);
    return signals.filter((data) => data && Buffer.from(data).toString().includes('calendarAmended')).length;
  }
  const moveOf = async (id: string) =>
    (await (await as(system, DRAFTER)).get<{ move: { moved: number; woken: number } }>(`/calendar/amendments/${id}`)).body.move;
  const province = (story: Story) => demo.at(story.source, 'province') as string;
  /** An amendment of the province where the first case's task is held. */
  const overlay = (...days: ReturnType<typeof holiday>[]) =>
    amended(system, draftOf(Number(days[0]?.date.slice(0, 4)), days, { provinceId: province(here) }), [
      demo.holder(province(here), 'authoritySupervisor'),
      DRAFTER,
    ]);
  /** The first date after today that the nation works, or does not. */
  async function nextDay(isWorked: boolean): Promise<string> {
    const calendar = await calendarOf(system);
    let date = addDays(system.time.today(), 1);
    while (calendar.isWorked(date) !== isWorked) date = addDays(date, 1);
    return date;
  }

  it('wakes nobody when messages go out later: their timers read the calendar when they ring', async () => {
    const before = await nextWake(here);
    const { dueDate } = await here.task();
    const id = await overlay(holiday(await nextDay(true)));
    expect(await moveOf(id)).toMatchObject({ phase: 'done', moved: 1, woken: 0 });
    expect((await here.task()).dueDate > dueDate).toBe(true);
    expect([await told(here), await told(there)]).toEqual([0, 0]);
    expect(await nextWake(here)).toBe(before);
  });

  it('wakes the case whose next message came nearer, and no other; the message goes out on the nearer day', async () => {
    const before = (await nextWake(here)) as number;
    const others = await nextWake(there);
    const id = await overlay(worked(await nextDay(false)));
    expect(await moveOf(id)).toMatchObject({ phase: 'done', moved: 1, woken: 1 });
    expect(await told(here)).toBe(1);
    expect(await told(there)).toBe(0);
    expect(await nextWake(there)).toBe(others);
    const nearer = (await nextWake(here)) as number;
    expect(nearer).toBeLessThan(before);
    await system.time.passTo(dateOf(nearer), 20);
    const { timeline } = await until(() => here.show(), (detail) => detail.timeline.some(({ kind }) => kind === 'reminded'), 'the reminder'); // prettier-ignore
    const reminded = timeline.find(({ kind }) => kind === 'reminded') as unknown as { at: string };
    expect(dateOf(Date.parse(reminded.at))).toBe(dateOf(nearer));
    // The other province gives fewer days: its own reminder comes on the day it was for all along.
    const elsewhere = (await there.settled()).timeline.find(({ kind }) => kind === 'reminded') as unknown as { at: string } | undefined;
    expect(elsewhere && dateOf(Date.parse(elsewhere.at))).toBe(dateOf(others as number));
  });
});
