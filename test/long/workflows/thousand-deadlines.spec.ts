import { populate } from '../../../bench/population.js';
import { inScope } from '../../../src/platform/database/in-scope.js';
import { spreadOverHalfHour } from '../../../src/domain/case/agenda.js';
import { addDays, instantOf, type PlainDate } from '../../../src/domain/working-days.js';
import { amended, calendarOf, daysOf, draftOf, DRAFTER, holiday, worked, type Day } from '../../fixtures/calendar.js';
import { as } from '../../fixtures/client.js';
import { inLanes } from '../../fixtures/lanes.js';
import { fileAll, filingsFrom } from '../../fixtures/many-cases.js';
import { morning } from '../../fixtures/morning.js';
import { staySignedIn } from '../../fixtures/owner.js';
import { recount, type PlainDays } from '../../fixtures/recount.js';
import { until } from '../../fixtures/story.js';
import { startSystem, type System } from '../../fixtures/system.js';

const MANY = 1000;
const BYSTANDERS = 50;

interface Standing {
  taskId: string;
  requestId: string;
  workflowId: string;
  provinceId: string;
  arrivedOn: string;
  workingDays: number;
  remindBefore: number[];
  nextWakeAt: Date;
}

/** What goes out in the province for a task that nobody decides, and on which working day from its due date. */
const MESSAGES = [
  ['reminded', 3, -3],
  ['reminded', 1, -1],
  ['escalated', 1, 1],
] as const;

describe('a thousand deadlines at the same instant', () => {
  let system: System;
  let provinceId: string;
  /** The province's own days, by year. */
  const overlay = new Map<string, Day[]>();

  beforeAll(async () => {
    system = await startSystem({ engine: 'time-skipping' });
    await staySignedIn(system);
    const population = await populate(system.databaseUrl, { counties: 4, schools: 8, students: 2 * MANY });
    provinceId = population.schools[0]?.provinceId as string;
    // In the middle of a working day: however long the filing takes, all arrive on one.
    await system.time.passTo((await calendarOf(system)).after(system.time.today(), 1), 10);
    const mine = filingsFrom(population, (school) => school.provinceId === provinceId).slice(0, MANY);
    const others = filingsFrom(population, (school) => school.provinceId !== provinceId).slice(0, BYSTANDERS);
    await took('filed', () => fileAll(system.url, [...mine, ...others]));
    await took('opened and laid down', () =>
      until(standings, (all) => all.length === MANY + BYSTANDERS, 'every process to lie down', 120_000),
    );
  });
  afterAll(() => system?.stop());

  async function took<T>(what: string, work: () => Promise<T>): Promise<T> {
    const began = performance.now();
    const result = await work();
    process.stderr.write(`${what}: ${Math.round(performance.now() - began)} ms\n`);
    return result;
  }
  const ask = <T>(sql: string, values: unknown[] = []): Promise<T[]> => inScope(system.db, 'system', (tx) => tx.query<T[]>(sql, values));

  /** Every open task whose process sleeps towards something. */
  const standings = () =>
    ask<Standing>(
      `select t.id as "taskId", r.id as "requestId", r.kind || '/' || r.number as "workflowId", h.province_id as "provinceId",
         to_char(t.arrived_on, 'YYYY-MM-DD') as "arrivedOn", t.working_days as "workingDays",
         array(select n::int from jsonb_array_elements_text(r.route -> 'remindBefore') n) as "remindBefore", c.next_wake_at as "nextWakeAt"
       from task t join change_request r on r.id = t.request_id join organisation h on h.id = t.holder_id join process_cursor c
         on c.request_id = r.id
       where t.state = 'open' and c.next_wake_at is not null order by r.id`,
    );

  /** The days in force for a holder, as plain lists. */
  async function plainDays(): Promise<(one: Pick<Standing, 'provinceId'>) => PlainDays> {
    const year = Number(system.time.today().slice(0, 4));
    const national = (await Promise.all([year, year + 1].map((one) => daysOf(system, one)))).flat();
    const lay = (days: readonly Day[]) => new Map(days.map(({ date, kind }) => [date, kind] as const));
    const [plain, own] = [lay(national), lay([...national, ...[...overlay.values()].flat()])];
    return (one) => (one.provinceId === provinceId ? own : plain);
  }
  /** When the first of a task's messages goes out: the first reminder that is later than the day of arrival. */
  const firstOf = (days: PlainDays, { requestId, arrivedOn, workingDays, remindBefore }: Standing): number => {
    const due = recount(days, arrivedOn, workingDays);
    const dates = remindBefore.map((n) => recount(days, due, -n)).filter((date) => date > arrivedOn);
    return instantOf(dates.sort()[0] as string, 9) + spreadOverHalfHour(requestId);
  };

  /** The province amends its days of one year; how many were woken, by the amendment's own count. */
  async function amend(day: Day): Promise<number> {
    const year = day.date.slice(0, 4);
    overlay.set(year, [...(overlay.get(year) ?? []), day]);
    const body = draftOf(Number(year), overlay.get(year) ?? [], { provinceId });
    const id = await took('amended, moved and woken', () => amended(system, body, ['supervisor.330000', DRAFTER]));
    return (await (await as(system, DRAFTER)).get<{ move: { woken: number } }>(`/calendar/amendments/${id}`)).body.move.woken;
  }

  it('that an amendment brings nearer wake exactly the processes that a recount of their agendas says must wake', async () => {
    const told = new Map<string, number>();
    const before = await standings();
    const days = await plainDays();
    for (const one of before) expect(one.nextWakeAt.getTime()).toBe(firstOf(days(one), one));
    const due = recount(days({ provinceId }), before.find((one) => one.provinceId === provinceId)?.arrivedOn as string, 10);
    const calendar = await calendarOf(system);
    let off = addDays(system.time.today(), 1);
    while (calendar.isWorked(off)) off = addDays(off, 1);
    const woken: number[] = [];
    // A day off is worked: all is nearer. A working day shortly before the due date is off: all is later. Both only in the province.
    for (const amendment of [worked(off), holiday(recount(days({ provinceId }), due, -2))]) {
      const asleep = await standings();
      const count = await amend(amendment);
      const now = await plainDays();
      const nearer = new Map(asleep.map((one) => [one.requestId, firstOf(now(one), one)] as const));
      const must = asleep.filter(({ requestId, nextWakeAt }) => (nearer.get(requestId) as number) < nextWakeAt.getTime());
      for (const { requestId } of must) told.set(requestId, (told.get(requestId) ?? 0) + 1);
      expect(count).toBe(must.length);
      woken.push(count);
      const names = new Set(must.map(({ requestId }) => requestId));
      for (const one of await standings()) {
        const was = asleep.find(({ requestId }) => requestId === one.requestId) as Standing;
        expect(one.nextWakeAt.getTime()).toBe(names.has(one.requestId) ? nearer.get(one.requestId) : was.nextWakeAt.getTime());
      }
    }
    expect(woken).toEqual([MANY, 0]);
    const heard = await took('histories read', () => amendmentsHeard(before));
    expect(before.map(({ requestId }) => heard.get(requestId))).toEqual(before.map(({ requestId }) => told.get(requestId) ?? 0));
  });

  /** How often each process was told that the calendar was amended. */
  async function amendmentsHeard(all: readonly Standing[]): Promise<Map<string, number>> {
    const heard = await inLanes(16, all, async ({ requestId, workflowId }): Promise<[string, number]> => {
      const { events } = await system.client.workflow.getHandle(workflowId).fetchHistory();
      const said = (events ?? []).map(({ workflowExecutionSignaledEventAttributes: signal }) => signal?.input?.payloads?.[0]?.data);
      return [requestId, said.filter((data) => data && Buffer.from(data).toString().includes('calendarAmended')).length];
    });
    return new Map(heard);
  }

  it('are each reminded three and one working days before, escalated the day after, once, within half an hour from nine', async () => {
    const days = await plainDays();
    const all = (await standings()).filter((one) => one.provinceId === provinceId);
    expect(all).toHaveLength(MANY);
    const due = recount(days({ provinceId }), all[0]?.arrivedOn as string, 10);
    expect(await ask(`select distinct to_char(t.due_date, 'YYYY-MM-DD') as due from task t join organisation h on h.id = t.holder_id
      where h.province_id = $1`, [provinceId])).toEqual([{ due }]); // prettier-ignore
    for (const [kind, n, from] of MESSAGES)
      await took(`${kind} ${n}`, () => goesOut(recount(days({ provinceId }), due, from), `${kind}:%:${n}`, all));

    const [sent] = await ask<Record<string, number | string>>(
      `select count(*)::int as tasks, count(*) filter (where three = 1 and one = 1 and up = 1)::int as "onceEach",
        sum(early + late)::int as "atAnotherTime"
       from (select t.id, count(*) filter (where a.key = 'reminded:' || t.id || ':3') as three,
         count(*) filter (where a.key = 'reminded:' || t.id || ':1') as one,
           count(*) filter (where a.key = 'escalated:' || t.id || ':1') as up,
           count(*) filter (where (a.at at time zone 'Asia/Shanghai')::time < '09:00') as early,
           count(*) filter (where (a.at at time zone 'Asia/Shanghai')::time > '09:31') as late
         from task t join organisation h on h.id = t.holder_id and h.province_id = $1
           left join act a on a.stream_id = t.request_id and a.kind in ('reminded', 'escalated') group by t.id) told`,
      [provinceId],
    );
    expect(sent).toEqual({ tasks: MANY, onceEach: MANY, atAnotherTime: 0 });
    const expected = MESSAGES.map(([kind, n, from]) => ({ key: `${kind}:${n}`, date: recount(days({ provinceId }), due, from), n: MANY }));
    expect(
      await ask(
        `select a.kind || ':' || split_part(a.key, ':', 3) as key, to_char(a.at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as date,
          count(*)::int as n
         from act a join task t on t.request_id = a.stream_id join organisation h on h.id = t.holder_id and h.province_id = $1
         where a.kind in ('reminded', 'escalated') group by 1, 2 order by 2`,
        [provinceId],
      ),
    ).toEqual(expected);
  });

  async function goesOut(date: PlainDate, like: string, all: readonly Standing[]): Promise<void> {
    const mine = all.map(({ requestId }) => requestId);
    const sql = 'select count(*)::int as n from act where stream_id = any($1) and key like $2';
    await morning(system.time, date, mine, async () => (await ask<{ n: number }>(sql, [mine, like]))[0]?.n ?? 0);
  }
});
