import ExcelJS from 'exceljs';
import { addDays } from '../../src/domain/working-days.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { Demonstration, withinACounty, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner } from '../fixtures/owner.js';
import { startSystem, type System } from '../fixtures/system.js';

interface Version {
  enrolment: string;
  seq: number;
  school: string;
  authority: string;
  state: string;
  grade: string;
  sex: string;
  since: string;
}
interface Figure {
  school: { id: string } | null;
  grade: string | null;
  sex: string | null;
  state: string | null;
  count: number;
}
type Movement = Record<string, number> & { organisation: { id: string; name: string } };

const ON_ROLL = ['active', 'suspended'];
const LEFT = ['withdrawn', 'transferredOut', 'graduated', 'deceased', 'active', 'suspended'];

describe('figures of enrolments 统计', () => {
  let system: System;
  let county: DemoOrganisation;
  let reviewer: ApiClient;
  let versions: Version[];
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    const demo = await Demonstration.of(system);
    const [school] = withinACounty(demo);
    county = demo.organisations.get(school.parentId ?? '') as DemoOrganisation;
    reviewer = await as(system, demo.holder(county.id, 'authorityReviewer'));
    // Three rounds of changes, some of a day before the change that they follow, as what is undone is.
    for (const round of [1, 2, 3])
      await asOwner(
        system,
        `with one as (select e.id, ('x' || substr(md5(e.id::text || $2::int), 1, 6))::bit(24)::int as n from enrolment e)
         update enrolment e set state = ($1::text[])[1 + one.n % 6], since = date '2026-07-15' + one.n / 7 % 130
           + $2::int * 9 - case when one.n / 11 % 5 = 0 then 40 else 0 end, changed_at = changed_at + interval '1 second'
         from one where one.id = e.id and one.n / 13 % 4 < 3 and e.state in ('active', 'suspended')
           and e.valid_from < date '2026-06-01'
           and not exists (select 1 from enrolment f where f.student_id = e.student_id and f.id <> e.id)`,
        [LEFT, round],
      );
    versions = await asOwner<Version[]>(
      system,
      `select v.enrolment_id as enrolment, v.seq, v.school_id as school, o.parent_id as authority, v.state, v.grade, s.sex,
         to_char(v.since, 'YYYY-MM-DD') as since
       from enrolment_version v join enrolment e on e.id = v.enrolment_id join student s on s.id = e.student_id
         join organisation o on o.id = v.school_id order by v.enrolment_id, v.seq`,
    );
  });
  afterAll(() => system?.stop());

  const ours = () => versions.filter(({ authority }) => authority === county.id);
  /** Each enrolment as it stood on a day. */
  const on = (day: string): Version[] => [
    ...new Map(
      ours()
        .filter(({ since }) => since <= day)
        .map((version) => [version.enrolment, version]),
    ).values(),
  ];
  const counted = (stood: readonly Version[], key: (one: Version) => string) => {
    const counts = new Map<string, number>();
    for (const one of stood) counts.set(key(one), (counts.get(key(one)) ?? 0) + 1);
    return counts;
  };

  it.each(['2026-08-01', '2026-09-01', '2026-10-15', undefined])('count as they stood on a day: %s', async (day) => {
    const { body } = await reviewer.get<{ on: string; total: number; items: Figure[] }>(
      `/statistics/enrolments?by=school,grade,sex,state${day ? `&on=${day}` : ''}`,
    );
    const stood = on(body.on).filter(({ state }) => ON_ROLL.includes(state));
    const expected = counted(stood, ({ school, grade, sex, state }) => [school, grade, sex, state].join());
    expect(new Map(body.items.map((one) => [[one.school?.id, one.grade, one.sex, one.state].join(), one.count]))).toEqual(expected);
    expect([body.total, stood.length > 50]).toEqual([stood.length, true]);
  });

  it('count everybody together, or certain states alone', async () => {
    const { body } = await reviewer.get<{ items: Figure[] }>('/statistics/enrolments?by=state&state=withdrawn,graduated&on=2026-11-01');
    const stood = on('2026-11-01').filter(({ state }) => ['withdrawn', 'graduated'].includes(state));
    expect(new Map(body.items.map(({ state, count }) => [state, count]))).toEqual(counted(stood, ({ state }) => state));
    expect(body.items.length).toBe(2);
    expect(body.items[0]).toMatchObject({ school: null, grade: null, sex: null });
  });

  it('of a school year balance: who was on roll and came in, less who went out, is on roll at the end', async () => {
    const { body } = await reviewer.get<{ from: string; through: string; items: Movement[] }>('/statistics/movements?schoolYear=2026');
    const [before, after] = [on(addDays(body.from, -1)), on(body.through)].map((stood) =>
      counted(
        stood.filter(({ state }) => ON_ROLL.includes(state)),
        ({ school }) => school,
      ),
    );
    expect(body.items.length).toBeGreaterThan(1);
    const left = new Map<string, number>();
    for (const one of body.items) {
      const into = ['registered', 'transferredIn', 'reinstated', 'movedIn'].reduce((sum, way) => sum + (one[way] ?? NaN), 0);
      const ways = ['transferredOut', 'withdrawn', 'deregistered', 'deceased', 'graduated', 'completed', 'advanced', 'movedOut'];
      const out = [...ways, 'returnedToReview'].reduce((sum, way) => sum + (one[way] ?? NaN), 0);
      expect([one.opening, one.closing]).toEqual([before?.get(one.organisation.id) ?? 0, after?.get(one.organisation.id) ?? 0]);
      expect((one.opening ?? NaN) + into - out).toBe(one.closing);
      for (const way of [...ways, 'suspended', 'resumed']) left.set(way, (left.get(way) ?? 0) + (one[way] ?? 0));
    }
    expect(['withdrawn', 'transferredOut', 'graduated', 'deceased', 'suspended'].filter((way) => !left.get(way))).toEqual([]);
    const above = await reviewer.get<{ items: Movement[] }>('/statistics/movements?schoolYear=2026&by=authority');
    const sums = Object.fromEntries(
      ['opening', 'withdrawn', 'closing'].map((way) => [way, body.items.reduce((n, one) => n + (one[way] ?? 0), 0)]),
    );
    expect(above.body.items).toMatchObject([{ organisation: { id: county.id }, ...sums }]);
  });

  it('say of a cohort how many are on roll or finished on a later day, and how the others left', async () => {
    const [from, to] = ['2026-07-20', '2026-11-01'];
    const { body } = await reviewer.get<{ items: (Record<string, number> & { organisation: { id: string } })[] }>(
      `/statistics/retention?grade=2025&from=${from}&on=${to}`,
    );
    const later = new Map(on(to).map((one) => [one.enrolment, one.state]));
    const cohort = on(from).filter(({ state, grade }) => grade === '2025' && ON_ROLL.includes(state));
    const bySchool = counted(cohort, ({ school }) => school);
    expect(new Map(body.items.map((one) => [one.organisation.id, one.cohort]))).toEqual(bySchool);
    for (const one of body.items) {
      const states = cohort.filter(({ school }) => school === one.organisation.id).map(({ enrolment }) => later.get(enrolment) ?? '');
      const among = (...of: string[]) => states.filter((state) => of.includes(state)).length;
      expect(one).toMatchObject({
        onRoll: among(...ON_ROLL),
        finished: among('graduated'),
        withdrawn: among('withdrawn'),
        transferredOut: among('transferredOut'),
        deceased: among('deceased'),
        rate: Math.round((among(...ON_ROLL, 'graduated') / states.length) * 10_000) / 10_000,
      });
    }
    expect(body.items.some(({ onRoll, cohort: all }) => onRoll! < all!)).toBe(true);
    for (const wrong of ['from=2026-11-02&on=2026-11-01', 'on=2027-01-01', 'grade=25'])
      expect((await reviewer.get(`/statistics/retention?grade=2025&${wrong}`)).status).toBe(422);
  });

  it('are downloaded in words as CSV, of which no cell is a formula, and as a workbook', async () => {
    await asOwner(system, `update organisation set name = '=HYPERLINK("x")' where parent_id = $1 and level = 'school'`, [county.id]);
    const get = (format: string) =>
      fetch(`${system.url}/api/v1/statistics/enrolments/file?by=school,sex&format=${format}`, {
        headers: { authorization: `Bearer ${reviewer.token}` },
      });
    const csv = await get('csv');
    expect([csv.headers.get('content-type'), csv.headers.get('content-disposition')]).toEqual([
      'text/csv; charset=utf-8',
      expect.stringMatching(/enrolments-2026-\d\d-\d\d\.csv/),
    ]);
    const [head, first = ''] = (await csv.text()).split('\r\n');
    expect(head).toBe('学校代码,学校,性别,人数');
    expect(first).toMatch(/^[^,]+,"'=HYPERLINK\(""x""\)",(男|女),\d+$/);
    const book = new ExcelJS.Workbook();
    await book.xlsx.load((await (await get('xlsx')).arrayBuffer()) as never);
    expect((book.worksheets[0]?.getRow(1).values as string[]).slice(1)).toEqual(['学校代码', '学校', '性别', '人数']);
    expect(book.worksheets[0]?.getCell('B2').value).toBe(`'=HYPERLINK("x")`);
  });

  it('are of no day to come, no year to come, and by nothing else', async () => {
    const asked = await Promise.all(
      ['enrolments?on=2027-01-01', 'movements?schoolYear=2027', 'enrolments?by=name', 'enrolments?by=school,'].map((query) =>
        reviewer.get(`/statistics/${query}`),
      ),
    );
    expect(asked.map(({ status }) => status)).toEqual([422, 422, 422, 422]);
  });
});
