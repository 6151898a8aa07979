import type { Activities } from '../../activities/index.js';
import { NOTHING_SEEN } from '../../activities/reading.js';
import { CalendarStore } from '../../src/calendar/calendar.store.js';
import { inScope } from '../../src/platform/database/in-scope.js';
import { asAct, readCase } from '../../src/cases/cases.store.js';
import { findDiffering, expectedOf } from '../../src/cases/drift.js';
import { historyOf } from '../../src/cases/rows.js';
import { ByHand } from '../fixtures/by-hand.js';
import { APPROVER, amended, DRAFTER, daysOf, draftOf, holiday, worked, type Day } from '../fixtures/calendar.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { Demonstration, withinACounty } from '../fixtures/demonstration.js';
import { staySignedIn } from '../fixtures/owner.js';
import { activitiesOf } from '../fixtures/process.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

interface Clock {
  budget: number;
  dueDate: string;
  segments: { kind: string; budget: number; consumed: number }[];
  days: { date: string; kind: string; nth?: number }[];
}

describe('what earlier visits of a step have used is counted by the calendar in force (A8, A9)', () => {
  let system: System;
  let demo: Demonstration;
  let activities: Activities;
  let process: ByHand;
  let drafter: ApiClient;
  let approver: ApiClient;
  let operator: ApiClient;
  let before: Day[];
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    await staySignedIn(system);
    system.time.jumpTo('2020-09-01');
    demo = await Demonstration.of(system);
    activities = activitiesOf(system);
    process = new ByHand(system);
    [drafter, approver, operator] = await Promise.all([as(system, DRAFTER), as(system, APPROVER), as(system, 'operator')]);
    before = await daysOf(system, 2020);
  });
  afterAll(() => system?.stop());

  const detail = async (story: Story, id: string) =>
    (await (await story.reviewer({ holder: { id: story.source.id } })).get<Record<string, unknown>>(`/tasks/${id}`)).body;
  const clockOf = async (story: Story) => (await story.filer.get<Clock>(`/tasks/${(await story.task()).id}/clock`)).body;
  const asks = async ({ id }: Story, what: string, more = {}) =>
    expect((await operator.post(`/change-requests/${id}/${what}`, { reason: '裁定', ...more })).status).toBe(200);
  /** Days that a draft adds to the year, and what it would do; nothing yet. */
  const drafted = async (...more: Day[]) =>
    (await drafter.post<{ id: string; preview: object }>('/calendar/amendments', draftOf(2020, [...before, ...more]))).body;
  const approved = async ({ id }: { id: string }) => expect((await approver.post(`/calendar/amendments/${id}/approval`)).status).toBe(200);

  /** Arrived on Friday 4 September 2020 and returned on Tuesday, with two days used; the second visit begins on Thursday with eight. */
  async function onceReturned(): Promise<Story> {
    system.time.jumpTo('2020-09-04');
    const story = await Story.transfer(system, demo, withinACounty(demo));
    await process.settle(story.id);
    system.time.jumpTo('2020-09-08');
    expect((await story.decide('return', { opinion: '缺材料' })).status).toBe(200);
    await process.settle(story.id);
    system.time.jumpTo('2020-09-10');
    const supplement = { evidenceIds: [await story.filer.evidence()], note: '已补齐' };
    expect((await story.filer.post(`/change-requests/${story.id}/supplement`, supplement)).status).toBe(200);
    await process.settle(story.id);
    return story;
  }
  /** Paused on Tuesday the 15th, after three more days; the third visit begins on Thursday with five. */
  async function twiceStopped(): Promise<Story> {
    const story = await onceReturned();
    system.time.jumpTo('2020-09-15');
    await asks(story, 'pause', { cause: 'courtOrder' });
    system.time.jumpTo('2020-09-17');
    await asks(story, 'continuation');
    await process.settle(story.id);
    return story;
  }
  /** A task's date and days, the same in its row, its clock day by day, what its process reads, and a rebuild from the acts. */
  async function standsAt(story: Story): Promise<string> {
    const { id, dueDate } = await story.task();
    const clock = await clockOf(story);
    const { workingDays } = await detail(story, id);
    expect(clock).toMatchObject({ dueDate, budget: workingDays });
    expect(clock.days.find(({ date }) => date === dueDate)).toMatchObject({ nth: 10 });
    expect(clock.segments.at(-1)).toMatchObject({ budget: workingDays, endedOn: null });
    const { due } = await activities.readActs({ requestId: story.id, seen: NOTHING_SEEN });
    expect(due).toMatchObject([{ taskId: id, dueDate }]);
    expect(await driftOf(story)).toEqual([]);
    return `${dueDate}, ${String(workingDays)} days`;
  }
  const driftOf = ({ id }: Story) =>
    inScope(system.db, 'system', async (tx) => {
      const history = historyOf(((await readCase(tx, id))?.acts ?? []).map(asAct));
      return findDiffering(tx, [expectedOf(id, history, await new CalendarStore().current(tx), true)]);
    });

  it('an open second and third visit move both ways with days before their arrival, and the clock says why', async () => {
    const [second, third] = [await onceReturned(), await twiceStopped()];
    const stand = async () => [await standsAt(second), await standsAt(third)];
    expect(await stand()).toEqual(['2020-09-22, 8 days', '2020-09-24, 5 days']);

    const off = await drafted(holiday('2020-09-07'));
    expect(off.preview).toMatchObject({ moved: 2, later: 2, earlier: 0 });
    await approved(off);
    expect(await clockOf(second)).toMatchObject({ budget: 9, dueDate: '2020-09-23' }); // at once, the row within seconds
    await system.moves.pass();
    expect(await stand()).toEqual(['2020-09-23, 9 days', '2020-09-25, 6 days']);
    const [first, supplement, open] = (await clockOf(second)).segments;
    expect([first, supplement, open]).toMatchObject([{ budget: 10, consumed: 1 }, { kind: 'supplement' }, { kind: 'visit', budget: 9 }]);

    const on = await drafted(worked('2020-09-05'));
    expect(on.preview).toMatchObject({ moved: 2, later: 0, earlier: 2 });
    await approved(on);
    await system.moves.pass();
    expect(await stand()).toEqual(['2020-09-21, 7 days', '2020-09-23, 4 days']);
    expect((await approver.get(`/calendar/amendments/${on.id}`)).body).toMatchObject({ move: { phase: 'done', moved: 2 } });
    expect(await system.moves.pass()).toBe(0);
    await approved(await drafted());
    await system.moves.pass();
    expect(await stand()).toEqual(['2020-09-22, 8 days', '2020-09-24, 5 days']);
  });

  it('one that was escalated has its move in the timeline; one decided before the move is judged by the calendar in force', async () => {
    const [escalated, decided] = [await onceReturned(), await twiceStopped()];
    await amended(system, draftOf(2020, [...before, worked('2020-09-05')]));
    const { id } = await decided.task();
    system.time.jumpTo('2020-09-24', 11);
    await process.settle(escalated.id);
    expect((await escalated.show()).timeline.at(-1)).toMatchObject({ kind: 'escalated' });
    await approved(await drafted());
    expect((await decided.decide('approve')).body).toMatchObject({ id, workingDays: 5, dueDate: '2020-09-24', decidedLate: false });
    await system.moves.pass();
    expect(await standsAt(escalated)).toBe('2020-09-22, 8 days');
    const moved = { kind: 'deadlineMoved', step: 'sourceSchool', dueFrom: '2020-09-21', dueTo: '2020-09-22' };
    expect((await escalated.show()).timeline.at(-1)).toMatchObject(moved);
    expect(await detail(decided, id)).toMatchObject({ workingDays: 5, dueDate: '2020-09-24' });
    expect(await driftOf(decided)).toEqual([]);
  });

  it('the floor and the days that an operator added stay as they are', async () => {
    const story = await twiceStopped();
    const { id } = await story.task();
    await asks(story, 'deadline', { taskId: id, workingDays: 2 });
    const stands = async () => {
      expect(await driftOf(story)).toEqual([]);
      return detail(story, id);
    };
    expect(await stands()).toMatchObject({ workingDays: 7, dueDate: '2020-09-27' });
    await amended(system, draftOf(2020, [...before, ...['2020-09-05', '2020-09-06', '2020-09-12', '2020-09-13'].map(worked)]));
    expect(await stands()).toMatchObject({ workingDays: 5, dueDate: '2020-09-24' });
    await amended(system, draftOf(2020, [...before, holiday('2020-09-14')]));
    expect(await stands()).toMatchObject({ workingDays: 8, dueDate: '2020-09-28' });
    await amended(system, draftOf(2020, before));
  });
});
