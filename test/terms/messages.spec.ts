import { addDays } from '../../src/domain/working-days.js';
import { amended, calendarOf, draftOf, daysOf, holiday } from '../fixtures/calendar.js';
import { as } from '../fixtures/client.js';
import { Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { held } from '../fixtures/held.js';
import { recount } from '../fixtures/recount.js';
import { startSystem, type System } from '../fixtures/system.js';
import { Telling } from '../fixtures/telling.js';
import { suspended, sweepsOf, TermAt } from '../fixtures/terms.js';

const FIRST = '2026-09-01';
type Sweeps = ReturnType<typeof sweepsOf>;

/** In the demonstration a school of each of two provinces has registered nobody in the autumn of 2026, and one of the first everybody. */
describe('telling of the registration of a term (R-15, A8, A12)', () => {
  let system: System;
  let demo: Demonstration;
  let telling: Telling;
  let sweeps: Sweeps;
  let east: DemoOrganisation;
  let west: DemoOrganisation;
  let complete: DemoOrganisation;
  let dates: Awaited<ReturnType<typeof calendarOf>>;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false });
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    const of = (code: string) => demo.schools().find((one) => one.code === code) as DemoOrganisation;
    [east, west, complete] = [of('3306-01'), of('5101-02'), of('3301-01')];
    telling = new Telling(system);
    sweeps = sweepsOf(system);
    dates = await calendarOf(system);
    await on(FIRST);
  });
  afterAll(() => system?.stop());

  async function on(date: string, hour = 10): Promise<void> {
    system.time.jumpTo(date, hour);
    await sweeps.counted();
    await sweeps.messages.pass();
    await telling.now();
  }
  const told = async (school: DemoOrganisation) =>
    asOwner<{ kind: string; body: { dueDate: string; unregistered: number; authorityId: string }; on: string }[]>(
      system,
      `select a.kind, a.body, to_char(a.at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as on from act a join school_term t
        on t.id = a.stream_id
       where t.school_id = $1 and a.kind in ('reminded','overdue') order by a.seq`,
      [school.id],
    );
  const kindsOf = async (at: DemoOrganisation, office: string) => {
    const client = await as(system, demo.holder(at.id, office));
    const { body } = await client.get<{
      items: { kind: string; term: { term: string; unregistered: number; school: { id: string } } | null }[];
    }>('/notifications?limit=200');
    return body.items.filter(({ kind }) => kind.startsWith('term'));
  };
  const due = () => dates.after(FIRST, 20);
  const term = async (school: DemoOrganisation) => new TermAt(await as(system, demo.holder(school.id, 'schoolClerk')), school.id, '2026-1');
  /** The last day by plain lists of days. */
  const recounted = async (...closed: string[]) => {
    const days = new Map((await daysOf(system, 2026)).map(({ date, kind }) => [date, kind as string]));
    for (const date of closed) days.set(date, 'holiday');
    return recount(days, FIRST, 20);
  };

  it('reminds the school once, some working days before the last day, from nine o’clock, and says how many are missing', async () => {
    expect(due()).toBe(await recounted());
    const near = dates.before(due(), 5);
    await on(dates.before(near, 1));
    expect(await told(east)).toEqual([]);
    await on(near, 8);
    expect(await told(east)).toEqual([]);
    await on(near);
    const { unregistered } = await (await term(east)).shown();
    expect(await told(east)).toMatchObject([{ kind: 'reminded', on: near, body: { dueDate: due(), unregistered } }]);
    const notice = { kind: 'termEnding', term: { term: '2026-1', dueDate: due(), unregistered, school: { id: east.id } } };
    expect(await kindsOf(east, 'schoolClerk')).toMatchObject([notice]);
    expect(await kindsOf(demo.organisations.get(east.parentId ?? '') as DemoOrganisation, 'authoritySupervisor')).toEqual([]);
    expect(await told(complete)).toEqual([]);
    expect((await (await term(east)).shown()).remindedAt).not.toBeNull();
  });

  it('does so once however often and by however many it is swept', async () => {
    await Promise.all([1, 2, 3].map(() => sweepsOf(system).messages.pass()));
    await sweeps.messages.pass();
    expect(await told(east)).toHaveLength(1);
    // as if the first had not seen the other
    await asOwner(system, `update school_term set reminded_at = null where school_id = $1`, [east.id]);
    await expect(sweeps.messages.pass()).rejects.toMatchObject({ message: expect.stringContaining('act_key') });
    expect(await told(east)).toHaveLength(1);
    await asOwner(system, `update school_term set reminded_at = now() where school_id = $1`, [east.id]);
  });

  it('leaves a school to the process that has its term in hand, and goes on to the others', async () => {
    await asOwner(system, `update school_term set reminded_at = null where school_id = $1`, [east.id]);
    const [row] = await asOwner<{ id: string }[]>(system, `select id from school_term where school_id = $1 and nth = 1 and year = 2026`, [
      east.id,
    ]);
    const elsewhere = await held(system, row?.id ?? '', 'school_term');
    await sweeps.messages.pass(); // would wait, or find the key taken and fail
    await elsewhere.release();
    expect(await told(east)).toHaveLength(1);
    await asOwner(system, `update school_term set reminded_at = now() where school_id = $1`, [east.id]);
  });

  it('counts the days of a province by its own calendar', async () => {
    const closed = dates.before(due(), 2);
    const [drafter, approver] = demo.holders(demo.at(west, 'province') ?? '', 'authoritySupervisor') as [string, string];
    const provinceId = demo.at(west, 'province');
    await amended(system, draftOf(2026, [holiday(closed)], { provinceId }), [drafter, approver]);
    const [ours, theirs] = [await (await term(east)).shown(), await (await term(west)).shown()];
    expect([ours.dueDate, theirs.dueDate]).toEqual([due(), await recounted(closed)]);
    expect(theirs.dueDate > due()).toBe(true);
  });

  it('tells school and authority once on the first working day after the last one, with the number', async () => {
    const day21 = dates.after(due(), 1);
    await on(day21, 8);
    expect((await told(east)).map(({ kind }) => kind)).toEqual(['reminded']);
    await on(day21);
    expect((await told(west)).map(({ kind }) => kind)).toEqual(['reminded']);
    const { unregistered } = await (await term(east)).shown();
    expect((await told(east)).at(-1)).toMatchObject({ kind: 'overdue', body: { unregistered, authorityId: east.parentId } });
    const authority = demo.organisations.get(east.parentId ?? '') as DemoOrganisation;
    for (const [at, office] of [
      [east, 'schoolClerk'],
      [east, 'schoolReviewer'],
      [authority, 'authoritySupervisor'],
    ] as const)
      expect((await kindsOf(at, office)).find(({ kind, term: of }) => kind === 'termOverdue' && of?.school.id === east.id)).toMatchObject({
        term: { unregistered },
      });
    await Promise.all([1, 2].map(() => sweepsOf(system).messages.pass()));
    expect((await told(east)).map(({ kind }) => kind)).toEqual(['reminded', 'overdue']);
    expect(await told(complete)).toEqual([]);
  });

  it('is not overdue any more when the calendar is amended, is again when it is amended back, and is not told a second time', async () => {
    const days = await daysOf(system, 2026);
    const before = due();
    const closed = [1, 2, 3, 4].map((n) => dates.before(before, n));
    await amended(system, draftOf(2026, [...days.filter(({ date }) => !closed.includes(date)), ...closed.map(holiday)]));
    expect(await (await term(east)).shown()).toMatchObject({ dueDate: await recounted(), overdue: false });
    expect((await recounted()) > before).toBe(true);
    await on(system.time.today(), 11);
    await amended(system, draftOf(2026, days));
    expect(await (await term(east)).shown()).toMatchObject({ dueDate: before, overdue: true });
    await on(dates.nextDayOff(addDays(before, 12))); // nobody is told anything on a day off
    expect((await told(west)).map(({ kind }) => kind)).toEqual(['reminded']);
    await on(addDays(before, 20));
    expect((await told(east)).map(({ kind }) => kind)).toEqual(['reminded', 'overdue']);
    expect((await told(west)).map(({ kind }) => kind)).toEqual(['reminded', 'overdue']);
  });

  it('tells nobody of a student who resumed after the last day, nor of a term that is over', async () => {
    const [{ resumed }] = await asOwner<[{ resumed: string }]>(
      system,
      `select student_id as resumed from enrolment where school_id = $1 and state = 'suspended' and enrolled_on < '2026-01-01' limit 1`,
      [complete.id],
    );
    await suspended(system, resumed, '2026-09-02', system.time.today());
    await on(dates.after(system.time.today(), 3));
    expect((await (await term(complete)).shown()).unregistered).toBe(1);
    expect(await told(complete)).toEqual([]);
  });
});
