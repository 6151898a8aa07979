import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { connected } from '../../src/platform/database/data-source.js';
import { ByHand } from '../fixtures/by-hand.js';
import { as, refused, type ApiClient } from '../fixtures/client.js';
import { acrossCounties, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { UNTIL } from '../fixtures/dates.js';
import { generatedTasks } from '../fixtures/many-tasks.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { sized } from '../fixtures/profile.js';
import { inTheClear } from '../fixtures/registrations.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { unmasked } from '../fixtures/unmasked.js';

interface Item {
  id: string;
  number: string;
  kind: string;
  filedAt: string;
  dueDate: string;
  overdue: boolean;
  sourceSchool: { id: string };
  destinationSchool: { id: string } | null;
  currentTasks: { id: string; dueDate: string; dueAt: string; overdue: boolean }[];
}

/** 2026-11-30, a Monday: of the generated cases some are overdue and some due on that day. */
const TODAY = '2026-11-30';

describe('finding requests and tasks', () => {
  let system: System;
  let demo: Demonstration;
  let process: ByHand;
  let source: DemoOrganisation;
  let destination: DemoOrganisation;
  let transfer: Story;
  let returned: Story;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    process = new ByHand(system);
    [source, destination] = acrossCounties(demo);
    system.time.jumpTo('2026-11-02', 9);
    transfer = await Story.transfer(system, demo, [source, destination]);
    returned = await Story.within(system, demo, source, { kind: 'suspension', details: { ground: 'illness', until: UNTIL } });
    for (const { id } of [transfer, returned]) await process.settle(id);
    expect((await transfer.decide('approve')).status).toBe(200);
    expect((await returned.decide('return', { opinion: '缺证明' })).status).toBe(200);
    await generatedTasks(system, 4_000, '2026-11-01', '2026-11-29');
    await asOwner(
      system,
      `with pupil as (select id, row_number() over (order by id) as nth, count(*) over () as n from student
         where name_index not in (select name_index from student where id = any($1))),
         colleague as (select id, row_number() over (order by id) as nth, count(*) over () as n from person),
         one as (select id, row_number() over (order by number) as nth from change_request where number like 'G-%')
       update change_request r set student_id = pupil.id, filer_id = colleague.id,
         kind = (array['death','transfer','suspension'])[1 + one.nth % 3]
       from one, pupil, colleague where r.id = one.id and pupil.nth = 1 + one.nth % pupil.n and colleague.nth = 1 + one.nth % colleague.n`,
      [[transfer.studentId, returned.studentId]],
    );
    await asOwner(
      system,
      `update task t set kind = r.kind, assignee_id = case when t.working_days = 7 then r.filer_id end,
         escalated_to = case when t.working_days = 9 then array[h.parent_id] else '{}' end
       from change_request r, organisation h where r.id = t.request_id and h.id = t.holder_id and r.number like 'G-%'`,
    );
    system.time.jumpTo(TODAY, 9);
    for (const { id } of [transfer, returned]) await process.settle(id);
    await asOwner(system, 'vacuum analyze');
  }, 240_000);
  afterAll(() => system?.stop());

  const at = (organisation: string | null | undefined, office: string): Promise<ApiClient> =>
    as(system, demo.holder(organisation ?? '', office));
  /** The whole list, page by page. */
  async function all(by: ApiClient, path: string, limit = 200): Promise<Item[]> {
    const items: Item[] = [];
    for (let cursor = ''; ;) {
      const { status, body } = await by.get<{ items: Item[]; nextCursor: string | null }>(
        `${path}${path.includes('?') ? '&' : '?'}limit=${limit}${cursor}`,
      );
      if (status !== 200) throw new Error(JSON.stringify(body));
      items.push(...body.items);
      if (!body.nextCursor) return items;
      cursor = `&cursor=${encodeURIComponent(body.nextCursor)}`;
    }
  }
  const ids = (items: readonly { id: string }[]): string[] => items.map(({ id }) => id);

  const day = fc.integer({ min: 1, max: 30 }).map((n) => `2026-11-${String(n).padStart(2, '0')}`);
  const dueDay = fc.integer({ min: 15, max: 42 }).map((n) => (n > 30 ? `2026-12-${String(n - 30).padStart(2, '0')}` : `2026-11-${n}`));
  const question = fc.record(
    {
      kind: fc.constantFrom('death', 'transfer', 'suspension'),
      overdue: fc.boolean(),
      schoolId: fc.integer({ min: 0, max: 3 }),
      filedFrom: day,
      filedTo: day,
      dueFrom: dueDay,
      dueTo: dueDay,
      sort: fc.constantFrom('filedAt' as const, 'dueAt' as const),
      order: fc.constantFrom('asc' as const, 'desc' as const),
    },
    { requiredKeys: [] },
  );
  const filed = ({ filedAt }: Item): string => filedAt.slice(0, 10);
  const nearest = ({ currentTasks }: Item) => currentTasks.toSorted((a, b) => (a.dueAt + a.id < b.dueAt + b.id ? -1 : 1))[0];

  it('of a supervisor: requests by kind, school and days, in either order, are those of the whole list that fit', async () => {
    const by = await at(source.parentId, 'authoritySupervisor');
    const whole = await all(by, '/change-requests');
    expect(whole.length).toBeGreaterThan(100);
    const schools = demo.schools().slice(0, 4);
    await fc.assert(
      fc.asyncProperty(question, fc.constantFrom(7, 200), async ({ schoolId, ...asked }, limit) => {
        const { kind, overdue, filedFrom, filedTo, dueFrom, dueTo, sort = 'filedAt', order = sort === 'dueAt' ? 'asc' : 'desc' } = asked;
        const school = schoolId === undefined ? undefined : schools[schoolId]!.id;
        const fits = whole.filter(
          (one) =>
            (kind === undefined || one.kind === kind) &&
            (school === undefined || [one.sourceSchool.id, one.destinationSchool?.id].includes(school)) &&
            (filedFrom === undefined || filed(one) >= filedFrom) &&
            (filedTo === undefined || filed(one) <= filedTo) &&
            (overdue === undefined || one.currentTasks.some((task) => task.overdue) === overdue) &&
            ((dueFrom === undefined && dueTo === undefined) ||
              one.currentTasks.some(({ dueDate }) => dueDate >= (dueFrom ?? '') && dueDate <= (dueTo ?? '9'))) &&
            (sort === 'filedAt' || one.currentTasks.length > 0),
        );
        const key = (one: Item): string => (sort === 'filedAt' ? one.filedAt + one.id : `${nearest(one)?.dueAt}${nearest(one)?.id}`);
        const right = fits.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
        if (order === 'desc') right.reverse();
        const query = new URLSearchParams({ ...(school ? { schoolId: school } : {}), ...text(asked) });
        expect(ids(await all(by, `/change-requests?${query.toString()}`, limit))).toEqual(ids(right));
      }),
      { numRuns: sized(25, 200) },
    );
  });

  it('of a reviewer and of a supervisor: tasks by the same, as the whole inbox has them', async () => {
    for (const by of [await at(source.id, 'schoolReviewer'), await at(source.parentId, 'authoritySupervisor')]) {
      const whole = await all(by, '/tasks');
      expect(whole.length).toBeGreaterThan(20);
      await fc.assert(
        fc.asyncProperty(question, fc.constantFrom(7, 200), async ({ schoolId: _, ...asked }, limit) => {
          const { kind, overdue, filedFrom, filedTo, dueFrom, dueTo, sort = 'dueAt', order = sort === 'dueAt' ? 'asc' : 'desc' } = asked;
          const fits = whole.filter(
            (one) =>
              (kind === undefined || one.kind === kind) &&
              (overdue === undefined || one.overdue === overdue) &&
              (filedFrom === undefined || filed(one) >= filedFrom) &&
              (filedTo === undefined || filed(one) <= filedTo) &&
              (dueFrom === undefined || one.dueDate >= dueFrom) &&
              (dueTo === undefined || one.dueDate <= dueTo),
          );
          const key = (one: Item): string => `${sort === 'filedAt' ? one.filedAt : one.dueDate}${one.id}`;
          const right = fits.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
          if (order === 'desc') right.reverse();
          expect(ids(await all(by, `/tasks?${new URLSearchParams(text(asked)).toString()}`, limit))).toEqual(ids(right));
        }),
        { numRuns: sized(12, 100) },
      );
    }
  });

  it('by student, number, filer and holder', async () => {
    const clerk = await at(source.id, 'schoolClerk');
    const { id: clerkId } = (await clerk.get('/me')).body;
    const { number } = (await transfer.show()) as { number: string };
    for (const query of [`studentId=${transfer.studentId}&kind=transfer&filedTo=2026-11-02&filedFrom=2026-11-02`, `number=${number}`])
      expect((await all(clerk, `/change-requests?${query}`)).map((one) => one.number)).toContain(number);
    expect(ids(await all(clerk, `/change-requests?filedBy=${clerkId}&filedTo=2026-11-02&number=${number}`))).toEqual([transfer.id]);
    const reviewer = await at(destination.id, 'schoolReviewer');
    const { id: reviewerId } = (await reviewer.get('/me')).body;
    const task = await transfer.task('destinationSchool');
    expect(await all(reviewer, `/tasks?heldBy=${reviewerId}&number=${number}`)).toEqual([]);
    expect((await reviewer.post(`/tasks/${task.id}/claim`)).status).toBe(200);
    expect(ids(await all(reviewer, `/tasks?heldBy=${reviewerId}&number=${number}`))).toEqual([task.id]);
    expect(ids(await all(clerk, `/change-requests?heldBy=${reviewerId}&number=${number}`))).toEqual([transfer.id]);
    expect((await reviewer.post(`/tasks/${task.id}/release`)).status).toBe(200);
  });

  it('by name and student number in a body, in one’s own reach, and never by an operator', async () => {
    const { name } = inTheClear(transfer.studentId);
    const { studentNumber } = await unmasked(await at(source.id, 'schoolClerk'), transfer.studentId);
    const task = await transfer.task('destinationSchool');
    for (const student of [{ name }, { name: ` ${name} ` }, { studentNumber: studentNumber.toLowerCase() }, { name, studentNumber }]) {
      for (const by of [await at(source.id, 'schoolClerk'), await at(destination.id, 'schoolReviewer')]) {
        const { status, body } = await by.post('/change-requests/search', { student, kind: 'transfer', filedTo: '2026-11-02' });
        expect([status, ids(body.items).includes(transfer.id)]).toEqual([200, true]);
      }
      const { body } = await (await at(destination.id, 'schoolReviewer')).post('/tasks/search', { student });
      expect(ids(body.items)).toEqual([task.id]);
    }
    const elsewhere = demo.schools().find(({ parentId }) => parentId !== source.parentId && parentId !== destination.parentId);
    const stranger = (await (await at(elsewhere?.id, 'schoolClerk')).post('/change-requests/search', { student: { studentNumber } })).body;
    expect(ids(stranger.items)).not.toContain(transfer.id);
    const { body } = await (await at(source.id, 'schoolClerk')).post('/change-requests/search', { student: { name: `${name}甲` } });
    expect(body.items).toEqual([]);
    const operator = await at(demo.at(source, 'national'), 'operator');
    for (const path of ['/change-requests/search', '/tasks/search'])
      expect(await operator.post(path, { student: { name } })).toMatchObject(refused(403, 'not-your-office'));
  });

  it('what a person decided comes by the same questions, the latest decision first', async () => {
    const reviewer = await transfer.reviewer({ holder: { id: source.id } });
    const decided = await all(reviewer, '/tasks?state=decided', 1);
    expect(decided.map(({ number }) => number)).toEqual([(await returned.show()).number, (await transfer.show()).number]);
    expect(await all(reviewer, '/tasks?state=decided&sort=filedAt&order=asc', 1)).toEqual(decided.toReversed());
    expect(await all(reviewer, `/tasks?state=decided&studentId=${transfer.studentId}`)).toEqual([decided[1]]);
  });

  it('counts by kind, step and due state are those of the whole list, and a step is a question too', async () => {
    const by = await at(source.parentId, 'authoritySupervisor');
    interface Count {
      kind: string;
      step: string;
      due: string;
      count: number;
    }
    const counts = async (query = '') =>
      (await by.get<{ total: number; isCapped: boolean; items: Count[] }>(`/tasks/counts?${query}`)).body;
    const all = await counts();
    expect(all.isCapped).toBe(false);
    expect(all.total).toBe(all.items.reduce((sum, { count }) => sum + count, 0));
    const inKind = await counts('kind=death&overdue=true');
    expect(inKind.total).toBe(
      all.items.filter(({ kind, due }) => kind === 'death' && due === 'overdue').reduce((n, { count }) => n + count, 0),
    );
    const step = all.items[0]?.step ?? '';
    const { body } = await by.get<{ items: { step: string }[] }>(`/tasks?step=${step}&limit=200`);
    expect(new Set(body.items.map((one) => one.step))).toEqual(new Set([step]));
    expect((await counts('step=nowhere')).total).toBe(0);
    expect((await by.get(`/change-requests?step=${step}`)).body.items.length).toBeGreaterThan(0);
    expect((await by.get('/change-requests?step=nowhere')).body.items).toEqual([]);
  });

  it('the numbers for badges are those of the lists, in every office', async () => {
    const home = demo.superiors(source);
    const offices: [string, string][] = [
      [source.id, 'schoolClerk'],
      [source.id, 'schoolReviewer'],
      [destination.id, 'schoolReviewer'],
      ...home.flatMap(({ id, level }): [string, string][] => [
        [id, 'authorityReviewer'],
        [id, 'authoritySupervisor'],
        ...(level === 'national' ? ([[id, 'operator']] as [string, string][]) : ([[id, 'orgAdmin']] as [string, string][])),
      ]),
    ];
    const seen: unknown[] = [];
    for (const [organisation, office] of offices) {
      const by = await at(organisation, office);
      const { id: me } = (await by.get('/me')).body;
      const { status, body } = await by.get('/me/summary');
      const count = async (query: string) => (await all(by, `/tasks?${query}`)).length;
      const state = async (one: string): Promise<[string, number]> => {
        const list = await by.get('/change-requests');
        return [one, list.status === 200 ? (await all(by, `/change-requests?filedBy=${me}&state=${one}`)).length : 0];
      };
      const states = ['open', 'approved', 'rejected', 'recalled', 'superseded', 'cancelled'];
      const right = {
        inbox: await count('state=open'),
        mine: await count('mine=true'),
        dueToday: (await all(by, '/tasks?overdue=false')).filter(({ dueDate }) => dueDate === TODAY).length,
        overdue: await count('overdue=true'),
        returnedToMe: await count(`returned=true&filedBy=${me}`),
        paused: await count('state=paused'),
        requests: Object.fromEntries(await Promise.all(states.map(state))),
        unread: (await by.get('/notifications')).body.unread,
      };
      expect([office, status, body]).toEqual([office, 200, right]);
      seen.push(body);
    }
    const [clerk, reviewer] = seen as [{ returnedToMe: number }, { inbox: number; overdue: number; dueToday: number }];
    expect(clerk.returnedToMe).toBe(1);
    expect(Math.min(reviewer.inbox, reviewer.overdue, reviewer.dueToday)).toBeGreaterThan(0);
  });

  describe('asks an index', () => {
    let owner: DataSource;
    beforeAll(async () => {
      owner = await connected({ type: 'postgres', url: system.databaseUrl, poolSize: 1 });
      await owner.query(`set enable_seqscan = off`);
    });
    afterAll(() => owner?.destroy());

    const ID = '9e3b8136-9634-504a-984e-f340fb23cf18';
    const AT = `${TODAY}T00:00:00.000Z`;
    /** The plan of what the function runs, in its owner's sight and by the values at hand, as the function plans it. */
    async function planOf(by: 'find_requests_by' | 'find_tasks_by', filters: object, place: string): Promise<string> {
      const f = JSON.stringify({ most: 51, order: 'desc', sort: by === 'find_tasks_by' ? 'dueAt' : 'filedAt', ...filters });
      const [{ text: sql }] = await owner.query<[{ text: string }]>(`select ${by}($1) as text`, [f]);
      const values = [`'${f}'::jsonb`, `'{${place}}'::uuid[]`, by === 'find_tasks_by' ? `'${ID}'::uuid` : `'{${place}}'::uuid[]`];
      const said = values.reduce((text, value, n) => text.replaceAll(`$${n + 1}`, value), sql);
      const rows = await owner.query<Record<string, string>[]>(`explain (costs off) ${said}`);
      return rows.map((row) => row['QUERY PLAN'] ?? '').join('\n');
    }

    it.each([
      ['of one student', { studentId: ID }, 'change_request_of_student'],
      ['with a number', { number: '2026-0000042' }, 'change_request_number_key'],
      ['of who has a name', { name: 'ab' }, 'student_by_name'],
      ['of who has a student number', { studentNumber: 'ab' }, 'student_number_index_key'],
      ['of one filer', { filedBy: ID }, 'change_request_filed_by'],
      ['of one school', { schoolId: ID }, 'change_request_seen_by'],
      ['of the one person who has the task', { heldBy: ID }, 'task_assignee[^]*task_claimant[^]*task_delegate'],
      ['by filing, the latest first', {}, 'Index Scan Backward using change_request_filed '],
      ['by filing, the first first', { filedFrom: '2026-11-02T00:00:00Z', order: 'asc' }, 'Index Scan using change_request_filed '],
      ['by the nearest deadline', { sort: 'dueAt', order: 'asc' }, 'Index (Only )?Scan using task_deadlines on task d'],
      ['by the farthest deadline', { sort: 'dueAt', dueFrom: AT }, 'Index (Only )?Scan Backward using task_deadlines on task d'],
    ])('for requests %s', async (_, filters, index) => {
      const plan = await planOf('find_requests_by', filters, demo.at(source, 'national') ?? '');
      expect(plan).toMatch(new RegExp(index));
      expect(plan).not.toMatch(/Seq Scan on (task|change_request|student)/);
    });

    it.each([
      ['of offices', {}, 'task_(inbox|overdue)'],
      ['of offices in a span of days', { dueFrom: AT, dueTo: AT }, 'Index Cond: [^\\n]*due_at'],
      ['of a student', { studentId: ID }, 'change_request_of_student'],
      ['that were escalated', { supervised: [ID] }, 'task_escalated'],
      ['that a person decided', { state: 'decided', sort: 'decidedAt' }, 'task_decided_by'],
    ])('for tasks %s', async (_, filters, index) => {
      const offices = [{ office: 'schoolReviewer', organisationId: source.id }];
      const plan = await planOf('find_tasks_by', { state: 'open', offices, supervised: [], ...filters }, source.id);
      expect(plan).toMatch(new RegExp(index));
      expect(plan).not.toMatch(/Seq Scan on (task|change_request|student)/);
    });
  });
});

const text = (asked: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(asked).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])));
