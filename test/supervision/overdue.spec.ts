import { inScope } from '../../src/platform/database/in-scope.js';
import { foldOpenTasks } from '../../src/supervision/count-open.js';
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
  });
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

  describe('while tasks are opened, decided and moved', () => {
    /** Every grouping of the nation against a plain recount of what is open now. */
    async function agrees(): Promise<void> {
      all = await plain();
      const nation = [...demo.organisations.values()].find(({ level }) => level === 'national') as DemoOrganisation;
      const supervisor = await as(system, demo.holder(nation.id, 'authoritySupervisor'));
      for (const [by, key] of Object.entries(keyOf)) {
        const counted = new Map<string, [number, number]>();
        for (const task of below(nation.id)) {
          const [n, longest] = counted.get(key(task) ?? '') ?? [0, 0];
          counted.set(key(task) ?? '', [n + 1, Math.max(longest, days(task.due) + 1)]);
        }
        counted.delete('');
        const { body } = await supervisor.get<Table>(`/supervision/overdue?by=${by}&limit=200`);
        expect(body.nextCursor).toBeNull();
        expect(new Map(body.items.map((row) => [row.key, [row.overdue, row.longestDays]]))).toEqual(counted);
      }
    }
    const some = (sql: string, n: number) =>
      asOwner(
        system,
        `with few as (select id, holder_id, request_id from task where state = 'open' order by random() limit ${n}) update task t ${sql}
          from few where few.id = t.id`,
      );
    const MOVES: Record<string, () => Promise<unknown>> = {
      decided: () => some(`set state = 'decided', decided_at = now()`, 300),
      ended: () => some(`set state = 'void'`, 100),
      'moved by a calendar': () => some(`set due_date = due_date + 9, due_at = due_at + interval '9 days'`, 300),
      'moved back': () => some(`set due_date = due_date - 20, due_at = due_at - interval '20 days'`, 300),
      'passed on in a merger': () =>
        some(
          `set holder_id = coalesce((select parent_id from organisation where id = few.holder_id and level = 'school'), few.holder_id)`,
          200,
        ),
      escalated: () => some(`set escalated_to = array[few.holder_id]`, 200),
      claimed: () => some(`set version = t.version + 1`, 200),
      opened: () => asOwner(system, `update task set state = 'open' where id in (select id from task where state = 'void' limit 50)`),
      removed: () => asOwner(system, `delete from task where id in (select id from task where state = 'open' order by random() limit 20)`),
    };

    it('agrees with a plain recount after each, whether it was added to the counts already or not', async () => {
      await agrees();
      for (const move of Object.values(MOVES)) {
        await move();
        await agrees();
        if (move === MOVES['moved back'] || move === MOVES.escalated) {
          while (await foldOpenTasks(system.db));
          await agrees();
        }
      }
      await Promise.all([foldOpenTasks(system.db), MOVES.decided?.(), foldOpenTasks(system.db), MOVES['moved back']?.()]);
      await agrees();
      while (await foldOpenTasks(system.db));
      await agrees();
      const [left] = await asOwner<[{ changes: number; none: number }]>(
        system,
        'select (select count(*)::int from open_task_change) as changes, (select count(*)::int from open_task_count where n <= 0) as none',
      );
      expect(left).toEqual({ changes: 0, none: 0 });
    });

    it('lets two tasks of one holder, kind and day be decided at the same time, also while counts are added up', async () => {
      const [one, two] = await asOwner<{ id: string }[]>(
        system,
        `select t.id from task t join (select holder_id, kind, due_at from task where state = 'open' group by 1, 2, 3 having count(*) > 1
          limit 1) g
           on (g.holder_id, g.kind, g.due_at) = (t.holder_id, t.kind, t.due_at) where t.state = 'open' limit 2`,
      );
      const decide = `update task set state = 'decided' where id = $1`;
      await inScope(system.db, 'process', async (tx) => {
        await tx.query(decide, [one?.id]);
        await inScope(system.db, 'process', (other) =>
          Promise.all([other.query(`select set_config('lock_timeout', '500ms', true)`), other.query(decide, [two?.id])]),
        );
        await foldOpenTasks(system.db);
      });
      await agrees();
    });
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
