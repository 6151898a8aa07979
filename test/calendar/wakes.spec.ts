import { amended, calendarOf, draftOf, DRAFTER, holiday, worked } from '../fixtures/calendar.js';
import { as } from '../fixtures/client.js';
import { acrossProvinces, Demonstration, withinACounty } from '../fixtures/demonstration.js';
import { staySignedIn } from '../fixtures/owner.js';
import { workflowOf } from '../fixtures/process.js';
import { Story, until } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { OVERDUE } from '../../workflows/messages.js';
import { inScope } from '../../src/platform/database/in-scope.js';
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
    // prettier-ignore
    await Promise.all([here, there].map((story) => until(() => nextWake(story), (at) => at !== undefined, 'the process to lie down')));
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
  const overdueSaid = async (story: Story) => (await (await workflowOf(story)).describe()).typedSearchAttributes.get(OVERDUE);
  /** What the run says of itself in the Web UI. */
  const wordsOf = async (story: Story): Promise<string> => {
    const metadata = await (await workflowOf(story)).query<{ currentDetails?: string }>('__temporal_workflow_metadata');
    return metadata.currentDetails ?? '';
  };
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

  it('wakes nobody at once when messages go out later, and then slowly those whose story is of the former date, once', async () => {
    const before = await nextWake(here);
    const { dueDate } = await here.task();
    const id = await overlay(holiday(await nextDay(true)));
    expect(await moveOf(id)).toMatchObject({ phase: 'done', moved: 1, woken: 0 });
    expect((await here.task()).dueDate > dueDate).toBe(true);
    expect([await told(here), await told(there)]).toEqual([0, 0]);
    expect(await nextWake(here)).toBe(before);
    expect(await system.moves.tell()).toBe(1);
    await until(() => nextWake(here), (at) => at !== before, 'the process to read the calendar'); // prettier-ignore
    expect([await told(here), await told(there), await system.moves.tell()]).toEqual([1, 0, 0]);
  });

  it('wakes the case whose next message came nearer, and no other; the message goes out on the nearer day', async () => {
    const before = (await nextWake(here)) as number;
    const others = await nextWake(there);
    const id = await overlay(worked(await nextDay(false)));
    expect(await moveOf(id)).toMatchObject({ phase: 'done', moved: 1, woken: 1 });
    expect(await told(here)).toBe(2);
    expect(await told(there)).toBe(0);
    expect(await nextWake(there)).toBe(others);
    const nearer = (await nextWake(here)) as number;
    expect(nearer).toBeLessThan(before);
    await system.time.passTo(dateOf(nearer), 20);
    // prettier-ignore
    const { timeline } = await until(() => here.show(), (shown) => shown.timeline.some(({ kind }) => kind === 'reminded'), 'the reminder');
    const reminded = timeline.find(({ kind }) => kind === 'reminded') as unknown as { at: string };
    expect(dateOf(Date.parse(reminded.at))).toBe(dateOf(nearer));
    // The other province gives fewer days: its own reminder comes on the day it was for all along.
    const elsewhere = (await there.settled()).timeline.find(({ kind }) => kind === 'reminded') as unknown as { at: string } | undefined;
    expect(elsewhere && dateOf(Date.parse(elsewhere.at))).toBe(dateOf(others as number));
  });

  it('says overdue while a deadline has passed, and no longer when the calendar moved it, also of an escalated task', async () => {
    const { dueDate } = await here.task();
    const calendar = await calendarOf(system);
    const escalatedOn = calendar.after(dueDate, 1);
    await system.time.passTo(escalatedOn, 12);
    // prettier-ignore
    await until(() => here.show(), ({ timeline }) => timeline.some(({ kind }) => kind === 'escalated'), 'the escalation');
    const says = async (overdue: boolean) =>
      until(() => overdueSaid(here), (said) => said === overdue, `overdue to be ${overdue}`); // prettier-ignore
    await says(true);
    await overlay(...[dueDate, escalatedOn, calendar.after(dueDate, 2)].map(holiday));
    expect(await here.show()).toMatchObject({ currentTasks: [{ overdue: false }] });
    expect((await here.show()).timeline.at(-1)).toMatchObject({ kind: 'deadlineMoved', dueFrom: dueDate });
    const told = async () => (await system.moves.tell(), overdueSaid(here)); // earlier amendments are told of first
    await until(told, (said) => said === false, 'overdue to be false');
    const { dueDate: moved } = await here.task();
    expect(await wordsOf(here)).toMatch(new RegExp(`due ${moved}.*not overdue now`));
  });
});
