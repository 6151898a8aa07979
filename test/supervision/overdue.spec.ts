import { countOverdue } from '../../src/supervision/count-overdue.js';
import { addDays, instantOf } from '../../src/domain/working-days.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { manyTasks } from '../fixtures/many-tasks.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { startSystem, type System } from '../fixtures/system.js';

interface Row {
  key: string;
  organisation: { id: string } | null;
  overdue: number;
  longestDays: number;
  sevenDaysAgo: number | null;
}
interface Table {
  items: Row[];
  nextCursor: string | null;
  total: number;
  trend: { day: string; overdue: number }[];
}
interface Task {
  id: string;
  holder: string;
  level: string;
  parent: string | null;
  ancestors: string[];
  kind: string;
  due: Date;
}

describe('the overdue table (A4)', () => {
  let system: System;
  let demo: Demonstration;
  let all: Task[];
  let province: DemoOrganisation;
  let client: ApiClient;
  const now = () => system.time.now();
  /** Everything open, as a plain list. */
  const plain = () =>
    asOwner<Task[]>(
      system,
      `select t.id, t.holder_id as holder, o.level, o.parent_id as parent, o.ancestors, r.kind, t.due_at as due
       from task t join organisation o on o.id = t.holder_id join change_request r on r.id = t.request_id where t.state = 'open'`,
    );

  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    demo = await Demonstration.of(system);
    await staySignedIn(system);
    await manyTasks(system, 6_000, addDays(system.time.today(), -90), addDays(system.time.today(), 3));
    // some at the schools' authorities
    await asOwner(
      system,
      `with moved as (select t.id, o.parent_id from task t join organisation o on o.id = t.holder_id order by t.id limit 1500)
       update task t set holder_id = m.parent_id, office = 'authorityReviewer' from moved m where m.id = t.id`,
    );
    await asOwner(system, 'analyze task');
    all = await plain();
    const school = demo.schools()[0] as DemoOrganisation;
    province = demo.organisations.get(demo.at(school, 'province') as string) as DemoOrganisation;
    client = await as(system, demo.holder(province.id, 'authoritySupervisor'));
  }, 180_000);
  afterAll(() => system?.stop());

  const below = (id: string) =>
    all.filter(({ holder, ancestors, due }) => (holder === id || ancestors.includes(id)) && due.getTime() <= now());
  const days = (due: Date) => Math.floor((now() - due.getTime()) / 86_400_000);
  const age = (due: Date) =>
    ['1-5', '6-10', '11-20', '21-60', '61-'][[5, 10, 20, 60].filter((limit) => days(due) >= limit).length] as string;
  const keyOf: Record<string, (task: Task) => string | null> = {
    authority: ({ level, holder, parent }) => (level === 'school' ? parent : holder),
    school: ({ level, holder }) => (level === 'school' ? holder : null),
    kind: ({ kind }) => kind,
    age: ({ due }) => age(due),
  };
  const whole = async (by: string, one: ApiClient, cursor?: string): Promise<Row[]> => {
    const { status, body } = await one.get<Table>(`/supervision/overdue?by=${by}&limit=3${cursor ? `&cursor=${cursor}` : ''}`);
    expect(status).toBe(200);
    return [...body.items, ...(body.nextCursor ? await whole(by, one, body.nextCursor) : [])];
  };

  it.each(['authority', 'school', 'kind', 'age'])('counts by %s what a plain recount counts, page by page', async (by) => {
    const counted = new Map<string, { overdue: number; longestDays: number }>();
    for (const task of below(province.id)) {
      const key = keyOf[by]?.(task) ?? undefined;
      if (key === undefined) continue;
      const { overdue, longestDays } = counted.get(key) ?? { overdue: 0, longestDays: 0 };
      counted.set(key, { overdue: overdue + 1, longestDays: Math.max(longestDays, days(task.due) + 1) });
    }
    const rows = await whole(by, client);
    expect(Object.fromEntries(rows.map(({ key, overdue, longestDays }) => [key, { overdue, longestDays }]))).toEqual(
      Object.fromEntries(counted),
    );
    expect(rows.map(({ overdue }) => overdue)).toEqual(rows.map(({ overdue }) => overdue).sort((a, b) => b - a));
    expect(rows.every(({ organisation }) => (organisation === null) === (by === 'kind' || by === 'age'))).toBe(true);
  });

  it('shows the whole nation to its supervisor, a school its own, and refuses a clerk', async () => {
    const nation = [...demo.organisations.values()].find(({ level }) => level === 'national') as DemoOrganisation;
    const total = async (one: ApiClient) => (await one.get<Table>('/supervision/overdue?by=age')).body.total;
    expect(await total(await as(system, demo.holder(nation.id, 'authoritySupervisor')))).toBe(below(nation.id).length);
    const school = demo.schools()[0] as DemoOrganisation;
    expect(await total(await as(system, demo.holder(school.id, 'schoolReviewer')))).toBe(below(school.id).length);
    const clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
    expect((await clerk.get('/supervision/overdue?by=age')).body.code).toBe('not-your-office');
    expect((await client.get('/supervision/overdue?by=weather')).body.code).toBe('invalid-input');
  });

  it('lists the tasks themselves, the longest overdue first, of all below or of one organisation below', async () => {
    const list = async (query: string, cursor?: string): Promise<{ id: string }[]> => {
      const { body } = await client.get(`/supervision/overdue/tasks?limit=200${query}${cursor ? `&cursor=${cursor}` : ''}`);
      return [...body.items, ...(body.nextCursor ? await list(query, body.nextCursor as string) : [])];
    };
    const inOrder = (tasks: Task[]) =>
      tasks.sort((a, b) => a.due.getTime() - b.due.getTime() || (a.id < b.id ? -1 : 1)).map(({ id }) => id);
    const school = demo.schools().find((one) => demo.at(one, 'province') === province.id) as DemoOrganisation;
    expect((await list('')).map(({ id }) => id)).toEqual(inOrder(below(province.id)));
    expect((await list(`&organisationId=${school.id}`)).map(({ id }) => id)).toEqual(inOrder(below(school.id)));
    const stranger = demo.schools().find((one) => demo.at(one, 'province') !== province.id) as DemoOrganisation;
    expect((await client.get(`/supervision/overdue/tasks?organisationId=${stranger.id}`)).body.code).toBe('not-found');
  });

  it('shows the trend day by day, and beside each row how it stood a week ago', async () => {
    const expected = [];
    for (let day = 0; day < 8; day += 1) {
      await Promise.all([countOverdue(system.db, system.time), countOverdue(system.db, system.time)]);
      const today = system.time.today();
      const overdue = all.filter(
        ({ ancestors, holder, due }) => (holder === province.id || ancestors.includes(province.id)) && due.getTime() <= instantOf(today),
      );
      expected.push({ day: today, overdue: overdue.length });
      await system.time.pass(86_400_000);
    }
    const { body } = await client.get<Table>('/supervision/overdue?by=kind');
    expect(body.trend).toEqual(expected);
    expect(body.items.reduce((sum, row) => sum + (row.sevenDaysAgo ?? NaN), 0)).toBe(expected[1]?.overdue);
  });
});
