import { inScope } from '../../../src/platform/database/in-scope.js';
import { addDays } from '../../../src/domain/working-days.js';
import type { Actor } from '../../../src/domain/offices.js';
import { askedOf, COUNT_MANY, COUNT_ONE, UNREGISTERED, valuesOf } from '../../../src/school-terms/standing.store.js';
import { TERM_TABLE } from '../../../src/school-terms/term-tables.service.js';
import { calendarOf } from '../../fixtures/calendar.js';
import { as } from '../../fixtures/client.js';
import { Demonstration, type DemoOrganisation } from '../../fixtures/demonstration.js';
import { manyStudents } from '../../fixtures/many-students.js';
import { asOwner, staySignedIn } from '../../fixtures/owner.js';
import { startSystem, type System } from '../../fixtures/system.js';
import { sweepsOf, TermAt } from '../../fixtures/terms.js';

const [YEAR, FIRST, TODAY] = [2026, '2026-09-01', '2026-10-20'] as const;
const RULES = {
  term: { year: YEAR, nth: 1 as const },
  firstDay: FIRST,
  nextFirstDay: '2027-02-20',
  workingDays: 20,
  reminderWorkingDays: 5,
  retractionWorkingDays: 20,
  shiftDays: 14,
};

interface Row {
  organisation: { id: string };
  schools: number;
  toRegister: number;
  registered: number;
  unregistered: number;
  late: number;
  suspended: number;
  pending: number;
  overdue: number;
  dueDate: string | null;
}
interface Plain {
  school: string;
  authority: string;
  ancestors: string[];
  state: string;
  enrolled: string;
  registered: boolean;
  late: boolean;
}

/** Two hundred schools beside those of the demonstration, with five hundred students each. */
describe('the registration of a term of a hundred thousand students', () => {
  let system: System;
  let demo: Demonstration;
  let all: Plain[];
  let largest: string;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false });
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    system.time.jumpTo(TODAY);
    await manyStudents(system, { schools: 200, each: 500, year: YEAR });
    await sweepsOf(system).counted();
    all = await plain();
    [{ id: largest }] = await asOwner<[{ id: string }]>(system, `select id from organisation where code like 'G-%' order by code limit 1`);
  });
  afterAll(() => system?.stop());

  const plain = () =>
    asOwner<Plain[]>(
      system,
      `select o.id as school, o.parent_id as authority, o.ancestors, to_char(e.enrolled_on, 'YYYY-MM-DD') as enrolled,
         case when (select count(*) > 1 from enrolment_version v where v.enrolment_id = e.id) and exists (
             select 1 from generate_series('${FIRST}'::date, '${TODAY}', '1 day') d where (select v.state from enrolment_version v
               where v.enrolment_id = e.id and v.since <= d order by v.since desc, v.seq desc limit 1) = 'active') then 'active'
           else e.state end as state,
        r.student_id is not null as registered,
         coalesce(r.late, false) as late from enrolment e join organisation o on o.id = e.school_id and o.type <> 'ordinaryMiddle'
         left join term_registration r on r.student_id = e.student_id and r.year = ${YEAR} and r.nth = 1 and r.retracted_at is null`,
    );
  const studied = ({ state }: Plain) => state === 'active';
  const entered = ({ enrolled }: Plain) => enrolled >= '2026-04-21';
  const table = async (by: string, cursor?: string): Promise<Row[]> => {
    const client = await as(system, 'supervisor.000000');
    const { status, body } = await client.get(`/supervision/terms?by=${by}&term=2026-1&limit=150${cursor ? `&cursor=${cursor}` : ''}`);
    expect(status).toBe(200);
    return [...(body.items as Row[]), ...(body.nextCursor ? await table(by, body.nextCursor as string) : [])];
  };

  it.each(['school', 'authority'] as const)('is counted by %s as a plain recount counts it, most unregistered first', async (by) => {
    const rows = await table(by);
    const due = (await calendarOf(system)).after(FIRST, 20);
    const groups = new Map<string, Plain[]>();
    for (const one of all)
      groups
        .set(one[by], groups.get(one[by]) ?? [])
        .get(one[by])
        ?.push(one);
    expect(rows).toHaveLength(groups.size);
    for (const row of rows) {
      const own = groups.get(row.organisation.id) ?? [];
      const active = own.filter(studied);
      const registered = active.filter((one) => entered(one) || one.registered).length;
      expect(row).toMatchObject({
        toRegister: active.length,
        registered,
        unregistered: active.length - registered,
        overdue: active.length - registered,
        suspended: own.filter(({ state }) => state === 'suspended').length,
        pending: own.filter(({ state }) => state === 'pending' || state === 'heldDuplicate').length,
        late: active.filter((one) => one.late).length,
        schools: new Set(own.map(({ school }) => school)).size,
      });
      if (by === 'school' && row.organisation.id === largest) expect(row.dueDate).toBe(due);
    }
    expect(rows.map(({ unregistered }) => unregistered)).toEqual(rows.map(({ unregistered }) => unregistered).sort((a, b) => b - a));
  });

  it('follows a registration and a change of state when the schools concerned are counted again, and no others', async () => {
    const school = demo.schools().find(({ code }) => code === '3306-01') as DemoOrganisation;
    const own = async () => (await table('school')).find(({ organisation }) => organisation.id === school.id) as Row;
    const before = await own();
    const term = new TermAt(await as(system, demo.holder(school.id, 'schoolClerk')), school.id, '2026-1');
    const [one] = await term.unregistered();
    expect((await term.register({ studentIds: [one!.studentId] })).body.done).toBe(1);
    await asOwner(system, `update enrolment set state = 'suspended', since = '${FIRST}' where student_id = $1`, [demo.student(school.id)]);
    expect(await own()).toEqual(before);
    expect(await asOwner(system, 'select distinct school_id as id from term_recount')).toEqual([{ id: school.id }]);
    const { counts } = sweepsOf(system);
    await Promise.all([counts.pass(), sweepsOf(system).counts.pass()]);
    while (await counts.pass());
    const after = await own();
    const live = await term.shown();
    expect([after.toRegister, after.registered, after.suspended]).toEqual([live.toRegister, live.registered, live.suspended]);
    expect([after.suspended - before.suspended, after.late - before.late]).toEqual([1, 1]);
  });

  it('shows each authority what is below it, and refuses a clerk', async () => {
    const county = demo.organisations.get(demo.schools()[0]?.parentId ?? '') as DemoOrganisation;
    const supervisor = await as(system, demo.holder(county.id, 'authoritySupervisor'));
    const { items } = (await supervisor.get<{ items: Row[] }>('/supervision/terms?by=school&term=2026-1&limit=200')).body;
    expect(items.map(({ organisation }) => organisation.id).sort()).toEqual(
      [...new Set(all.filter(({ ancestors }) => ancestors.includes(county.id)).map(({ school }) => school))].sort(),
    );
    const clerk = await as(system, demo.holder(demo.schools()[0]?.id ?? '', 'schoolClerk'));
    expect((await clerk.get('/supervision/terms?by=school')).body.code).toBe('not-your-office');
    expect((await supervisor.get('/supervision/terms?by=weather')).body.code).toBe('invalid-input');
    expect((await supervisor.get('/supervision/terms?by=school')).body).toMatchObject({ term: '2026-1' });
  });

  /** What PostgreSQL reads, as the application asks: generic plans, in a person's scope. */
  const plan = async (
    sql: string,
    values: unknown[],
    organisationId: string,
    office: Actor['offices'][number]['office'],
  ): Promise<string> => {
    const [person] = await asOwner<{ id: string }[]>(system, 'select id from person order by username limit 1');
    const actor: Actor = { personId: person?.id ?? '', offices: [{ office, organisationId }] };
    const explain = `explain (analyze, costs off, timing off, summary off) ${sql}`;
    const rows = await inScope(system.db, actor, (tx) => tx.query<{ 'QUERY PLAN': string }[]>(explain, values));
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  };
  const asked = () =>
    askedOf({ school: { id: largest }, rules: RULES, firstDay: FIRST, deadline: { dueDate: '2026-09-29' }, today: TODAY });
  /** Most rows that any node read of a table. */
  const read = (text: string, name: string): number =>
    Math.max(
      0,
      ...[...text.matchAll(new RegExp(`on ${name}\\b[^\\n]*\\(actual rows=([\\d.]+) loops=(\\d+)\\)`, 'g'))].map(
        ([, n, loops]) => Number(n) * Number(loops),
      ),
    );

  it('is counted for one school from a range of the index of who studies there alone, also where nothing was analysed', async () => {
    const many = COUNT_MANY.slice(COUNT_MANY.indexOf('select q.'), COUNT_MANY.indexOf('on conflict'));
    const frugal = async () => {
      for (const text of [
        await plan(COUNT_ONE, valuesOf(asked()), largest, 'schoolClerk'),
        await plan(many, [JSON.stringify([asked()]), new Date()], largest, 'schoolClerk'),
      ]) {
        expect(text).toMatch(/enrolment_in_study/);
        expect(text).toMatch(/term_registration_once/);
        expect([read(text, 'enrolment e') <= 500, read(text, 'term_registration r') <= 500]).toEqual([true, true]);
        expect(text).not.toMatch(/Seq Scan on (enrolment|term_registration)/);
      }
    };
    await frugal();
    const tables = `('enrolment'::regclass, 'term_registration'::regclass)`;
    await asOwner(system, `delete from pg_statistic where starelid in ${tables}`);
    await asOwner(system, `update pg_class set reltuples = -1 where oid in ${tables}`);
    await frugal();
  });

  it('is listed a page at a time from the same range', async () => {
    const text = await plan(UNREGISTERED, [...valuesOf(asked()), null, null, null, 11], largest, 'schoolClerk');
    expect(text).toMatch(/enrolment_in_study/);
    expect(read(text, 'enrolment e')).toBeLessThanOrEqual(500);
    expect(text).not.toMatch(/Seq Scan on (enrolment|student|term_registration)/);
  });

  it('is shown to the nation from one row a school, without a student', async () => {
    const nation = [...demo.organisations.values()].find(({ level }) => level === 'national') as DemoOrganisation;
    const provinces = [...demo.organisations.values()].filter(({ level }) => level === 'province');
    const rules = JSON.stringify(
      provinces.map(({ id }) => ({ province_id: id, ...RULES.term, first_day: FIRST, working_days: 20, reminder: 5 })),
    );
    const text = await plan(
      TERM_TABLE('authority'),
      [[nation.id], rules, addDays(TODAY, 1), null, null, 51],
      nation.id,
      'authoritySupervisor',
    );
    expect(text).not.toMatch(/on (enrolment|student|term_registration)\b/);
    expect(read(text, 'term_count n')).toBeLessThanOrEqual(217);
  });
});
