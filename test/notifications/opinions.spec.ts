import { CalendarStore } from '../../src/calendar/calendar.store.js';
import { FieldCipher } from '../../src/platform/database/field-cipher.js';
import { addDays } from '../../src/domain/working-days.js';
import { remindOfOpinions } from '../../src/tasks/overdue-consultations.js';
import { ByHand } from '../fixtures/by-hand.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { acrossCounties, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { staySignedIn } from '../fixtures/owner.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { Telling } from '../fixtures/telling.js';

describe('an opinion whose date has passed 征求意见', () => {
  let system: System;
  let demo: Demonstration;
  let process: ByHand;
  let telling: Telling;
  let asked: DemoOrganisation;
  let answers: ApiClient;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    await staySignedIn(system);
    system.time.jumpTo('2026-03-02', 10); // a Monday
    demo = await Demonstration.of(system);
    process = new ByHand(system);
    telling = new Telling(system);
    const [source, destination] = acrossCounties(demo);
    asked = [...demo.organisations.values()].find(
      ({ id, level }) => level === 'county' && id !== source.parentId && id !== destination.parentId,
    ) as DemoOrganisation;
    answers = await as(system, demo.holder(asked.id, 'authorityReviewer'));
  });
  afterAll(() => system?.stop());

  const pass = async () => {
    const { db, time, config } = system;
    const deps = { db, clock: time, cipher: new FieldCipher(config.fieldKey, config.indexKey), calendar: new CalendarStore() };
    while (await remindOfOpinions(deps));
  };
  /** A transfer whose reviewer asks for an opinion by Friday 6 March. */
  async function asking(): Promise<{ story: Story; reviewer: ApiClient; id: string; taskId: string }> {
    const story = await Story.transfer(system, demo, acrossCounties(demo));
    await process.settle(story.id);
    const task = await story.task();
    const reviewer = await story.reviewer(task);
    const body = { organisationId: asked.id, question: '属实否？', dueDate: '2026-03-06' };
    const { status, body: made } = await reviewer.post<{ id: string }>(`/tasks/${task.id}/consultations`, body);
    expect(status).toBe(201);
    return { story, reviewer, id: made.id, taskId: task.id };
  }
  const reminders = async ({ story }: { story: Story }) =>
    (await story.show()).timeline.filter(({ kind }) => kind === 'consultationReminded');
  const listed = async (client: ApiClient, query: string) =>
    (await client.get<{ items: { id: string }[] }>(`/consultations?${query}`)).body.items.map(({ id }) => id);

  it('is reminded once, from 09:00 on the next working day, to the asked office and to who asked; the task stays as it is', async () => {
    const [late, inTime, decided] = [await asking(), await asking(), await asking()];
    expect((await answers.post(`/consultations/${inTime.id}/answer`, { answer: '属实' })).status).toBe(200);
    expect((await decided.story.decide('approve')).status).toBe(200);
    for (const [date, hour] of [
      ['2026-03-06', 23],
      ['2026-03-07', 12],
      ['2026-03-09', 8],
    ] as const) {
      system.time.jumpTo(date, hour);
      await pass();
      expect(await reminders(late)).toEqual([]);
    }
    const before = await late.story.task();
    system.time.jumpTo('2026-03-09', 9);
    await Promise.all([pass(), pass()]);
    await pass();
    expect(await reminders(late)).toMatchObject([{ consultationId: late.id, dueDate: '2026-03-06', consulted: { id: asked.id } }]);
    expect([await reminders(inTime), await reminders(decided)]).toEqual([[], []]);
    expect(await late.story.task()).toEqual(before);
    await telling.now();
    for (const client of [answers, late.reviewer])
      expect((await telling.of(client, late.story))[0]).toMatchObject({ kind: 'opinionOverdue', taskId: late.taskId });
    expect((await telling.of(late.story.filer, late.story)).map(({ kind }) => kind)).not.toContain('opinionOverdue');
  });

  it('stands in the asked office’s inbox as overdue until it is given, late, and then no longer', async () => {
    system.time.jumpTo('2026-03-02', 10);
    const one = await asking();
    expect(await listed(answers, 'overdue=true')).not.toContain(one.id);
    expect(await listed(answers, 'overdue=false&state=open')).toContain(one.id);
    system.time.jumpTo(addDays('2026-03-06', 4));
    expect(await listed(answers, 'overdue=true')).toContain(one.id);
    expect(await listed(one.reviewer, 'box=asking&overdue=true')).toContain(one.id);
    expect(await answers.post(`/consultations/${one.id}/answer`, { answer: '属实' })).toMatchObject({
      status: 200,
      body: { overdue: false },
    });
    expect(await listed(answers, 'overdue=true')).not.toContain(one.id);
    await pass();
    expect(await reminders(one)).toEqual([]);
    expect((await one.story.show()).timeline.at(-1)).toMatchObject({ kind: 'consultationAnswered', late: true });
  });
});
