import pino from 'pino';
import type { DataSource } from 'typeorm';
import { DeadlineMoves } from '../../../src/deadlines/deadline-moves.js';
import { CalendarStore } from '../../../src/calendar/calendar.store.js';
import { moveBatch } from '../../../src/deadlines/moved-tasks.js';
import { applicationOptions, connected } from '../../../src/platform/database/data-source.js';
import { FieldCipher } from '../../../src/platform/database/field-cipher.js';
import { inScope } from '../../../src/platform/database/in-scope.js';
import { addDays, dayOfWeek } from '../../../src/domain/working-days.js';
import { APPROVER, calendarOf, DRAFTER, daysOf, draftOf, holiday, worked, type Day } from '../../fixtures/calendar.js';
import { as } from '../../fixtures/client.js';
import { manyTasks, openTasksOf, someLaterVisits, type TaskClock } from '../../fixtures/many-tasks.js';
import { asOwner } from '../../fixtures/owner.js';
import { recount, recountBetween, type PlainDays } from '../../fixtures/recount.js';
import { until } from '../../fixtures/story.js';
import { startSystem, type System } from '../../fixtures/system.js';
import { sized } from '../../fixtures/profile.js';

const MANY = sized(10_000, 100_000);

describe('moving the deadlines of a hundred thousand open tasks (A8)', () => {
  let system: System;
  let provinceId: string;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    const { body } = await (await as(system, DRAFTER)).get<{ items: { id: string }[] }>('/organisations?level=province');
    provinceId = body.items[0]?.id as string;
    await manyTasks(system, MANY, '2026-08-01', '2026-12-20');
    await someLaterVisits(system, sized(5, 50));
  });
  afterAll(() => system?.stop());

  const approved = async (body: object): Promise<string> => {
    const drafted = await (await as(system, DRAFTER)).post<{ id: string }>('/calendar/amendments', body);
    expect(drafted.status).toBe(201);
    expect((await (await as(system, APPROVER)).post(`/calendar/amendments/${drafted.body.id}/approval`)).status).toBe(200);
    return drafted.body.id;
  };
  const moveOf = async (id: string) =>
    (await (await as(system, DRAFTER)).get<{ move: { phase: string; moved: number } }>(`/calendar/amendments/${id}`)).body.move;

  const inSmallBatches = (db: DataSource): DeadlineMoves => {
    const { config, client, time } = system;
    const cipher = new FieldCipher(config.fieldKey, config.indexKey);
    const log = pino({ level: 'silent' });
    return new DeadlineMoves({ db, clock: time, cipher, calendar: new CalendarStore(), client, taskQueue: 'none', log }, 100);
  };

  /** Wrong deadlines, by the days of every year in force and the overlay of the one province that has one. */
  async function wrong(overlay: readonly Day[] = []): Promise<unknown[]> {
    const years = await Promise.all([2026, 2027].map((year) => daysOf(system, year)));
    const national = new Map(years.flat().map(({ date, kind }) => [date, kind as string]));
    const provincial = new Map([...national, ...overlay.map(({ date, kind }) => [date, kind as string] as const)]);
    const { publishedThrough: last } = await calendarOf(system);
    const counted = new Map<string, string>();
    const dueOf = (own: boolean, arrivedOn: string, n: number): string => {
      const key = `${own} ${arrivedOn} ${n}`;
      const due = counted.get(key) ?? recount(own ? provincial : national, arrivedOn, n);
      counted.set(key, due);
      return due;
    };
    return (await openTasksOf(system)).filter((task) => {
      const own = task.provinceId === provinceId;
      const days = left(own ? provincial : national, task);
      const due = dueOf(own, task.arrivedOn, days);
      const dueAt = Date.parse(`${addDays(due, 1)}T00:00:00+08:00`);
      return task.workingDays !== days || task.dueDate !== due || task.dueAt.getTime() !== dueAt || task.provisional !== due > last;
    });
  }
  /** What an earlier visit left of the days that both have together (A9); all that it has, of a first visit. */
  const left = (days: PlainDays, { workingDays, budget }: TaskClock): number => {
    const [limit] = budget?.limits ?? [];
    const used = limit?.used.flatMap(([after, through]) => recountBetween(days, after, through)) ?? [];
    return budget && limit ? Math.max(budget.least, limit.workingDays - used.length) : workingDays;
  };
  const autumn = (date: string) => (dayOfWeek(date) % 6 === 0 ? worked(date) : holiday(date));

  it('leaves no deadline wrong, by a plain recount, when days come off and others are worked for them', async () => {
    expect(await wrong()).toEqual([]);
    const before = new Map((await openTasksOf(system)).map((task) => [task.id, task]));
    const days = await daysOf(system, 2026);
    const id = await approved(draftOf(2026, [...days, ...['2026-11-12', '2026-11-13', '2026-11-21', '2026-12-05'].map(autumn)]));
    expect((await wrong()).length).toBeGreaterThan(MANY / 10);
    await system.moves.pass();
    expect(await wrong()).toEqual([]);
    const after = await openTasksOf(system);
    const moved = after.filter((task) => before.get(task.id)?.dueDate !== task.dueDate).length;
    const anew = after.filter((task) => before.get(task.id)?.workingDays !== task.workingDays);
    expect(anew.length).toBeGreaterThan(50);
    expect(anew.every(({ budget }) => budget !== null)).toBe(true);
    expect(await moveOf(id)).toMatchObject({ phase: 'done', moved });
  });

  it('goes on where another process died in the middle', async () => {
    const days = await daysOf(system, 2026);
    const id = await approved(draftOf(2026, [...days.filter(({ date }) => date !== '2026-11-12'), holiday('2026-11-18')]));
    const db = await connected(applicationOptions(system.config.databaseUrl, 2, 'dying'));
    const dying = inSmallBatches(db);
    const pass = dying.pass().then(
      () => 'finished',
      () => 'died',
    );
    await until(() => moveOf(id), ({ moved }) => moved > MANY / 100, 'the first batches'); // prettier-ignore
    await db.destroy();
    expect(await pass).toBe('died');
    const halfway = await moveOf(id);
    expect(halfway.phase).toBe('tasks');
    expect((await wrong()).length).toBeGreaterThan(MANY / 100);
    expect(await system.moves.pass()).toBe(1);
    expect(await wrong()).toEqual([]);
    expect((await moveOf(id)).moved).toBeGreaterThan(halfway.moved);
  });

  it('passes by a task that somebody holds, and moves it when it is free', async () => {
    const days = await daysOf(system, 2026);
    const id = await approved(draftOf(2026, [...days, holiday('2026-11-24')]));
    const held = ((await wrong()) as { id: string }[]).map((task) => task.id).sort()[0]; // prettier-ignore
    const skipped = await inScope(system.db, 'system', async (tx) => {
      await tx.query('select 1 from task where id = $1 for update', [held]);
      return (await inScope(system.db, 'process', (other) => moveBatch(other, id, null, 500))).skipped;
    });
    expect(skipped).toBe(1);
    await system.moves.pass();
    expect(await wrong()).toEqual([]);
  });

  it('moves the tasks of one province alone by its overlay, and none of another', async () => {
    const overlay = ['2026-11-25', '2026-11-26'].map((date) => ({ date, kind: 'holiday' as const, name: '台风停工' }));
    const { body } = await (
      await as(system, 'supervisor.330000')
    ).post<{ id: string; preview: { moved: number; byProvince: { province: { id: string }; moved: number }[] } }>(
      '/calendar/amendments',
      draftOf(2026, overlay, { provinceId, notice: '浙政办发明电〔2026〕5号' }),
    );
    const [mine, other] = [true, false].map((own) =>
      body.preview.byProvince.filter(({ province }) => (province.id === provinceId) === own),
    );
    expect(mine?.[0]?.moved).toBe(body.preview.moved);
    expect(body.preview.moved).toBeGreaterThan(MANY / 100);
    expect(other?.map(({ moved }) => moved)).toEqual([0]);
    expect((await (await as(system, DRAFTER)).post(`/calendar/amendments/${body.id}/approval`)).status).toBe(200);
    await system.moves.pass();
    expect(await wrong(overlay)).toEqual([]);
    expect(await moveOf(body.id)).toMatchObject({ moved: body.preview.moved });
  });

  it('settles provisional deadlines when the next year is published', async () => {
    const provisional = () =>
      asOwner<{ n: number }[]>(system, `select count(*)::int as n from task where state = 'open' and provisional`).then(([row]) => row?.n);
    expect(await provisional()).toBeGreaterThan(MANY / 100);
    const overlay = ['2026-11-25', '2026-11-26'].map(holiday);
    await approved(draftOf(2027, [holiday('2027-01-01'), worked('2027-01-03'), holiday('2027-01-04')]));
    await system.moves.pass();
    expect(await provisional()).toBe(0);
    expect(await wrong(overlay)).toEqual([]);
  });
});
