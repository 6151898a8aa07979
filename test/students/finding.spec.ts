import { randomUUID } from 'node:crypto';
import ExcelJS from 'exceljs';
import { inScope } from '../../src/platform/database/in-scope.js';
import { COUNTS, PAGES } from '../../src/students/finding.store.js';
import { as, refused, type ApiClient } from '../fixtures/client.js';
import { Demonstration, withinACounty, type DemoOrganisation } from '../fixtures/demonstration.js';
import { manyStudents } from '../fixtures/many-students.js';
import { asOwner } from '../fixtures/owner.js';
import { startSystem, type System } from '../fixtures/system.js';

interface Item {
  id: string;
  name: string | null;
  maskedName: string;
  studentNumber: string;
  grade: string;
  className: string | null;
  state: string;
  unplaced: boolean;
  majorCode: string | null;
  changedAt: string;
}
interface Page {
  items: Item[];
  nextCursor: string | null;
  count: { students: number; more: boolean } | null;
}

describe('finding students', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let other: DemoOrganisation;
  let clerk: ApiClient;
  let authority: ApiClient;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false });
    demo = await Demonstration.of(system);
    [school, other] = withinACounty(demo);
    clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
    authority = await as(system, demo.holder(school.parentId ?? '', 'authorityReviewer'));
  });
  afterAll(() => system?.stop());

  const list = async (query = '', by = clerk) => (await by.get<Page>(`/students?limit=200${query}`)).body;
  const search = async (body: object, by = clerk) => (await by.post<Page>('/students/search', { limit: 200, ...body })).body;
  const ids = ({ items }: Page) => items.map(({ id }) => id);
  /** All of a list, page by page. */
  const all = async (query: string): Promise<Item[]> => {
    const found: Item[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: Page = (await clerk.get<Page>(`/students?limit=7${query}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)).body;
      found.push(...page.items);
      cursor = page.nextCursor;
    }
    return found;
  };

  it('shows names and student numbers whole in the list of the own school, and masked in every other', async () => {
    const [mine] = (await list('&state=active')).items;
    expect(mine).toMatchObject({ name: expect.not.stringContaining('*'), studentNumber: expect.stringMatching(/^G\w{18}$/) });
    const reviewer = await as(system, demo.holder(school.id, 'schoolReviewer'));
    expect((await list('&state=active', reviewer)).items[0]).toMatchObject({ name: mine?.name, studentNumber: mine?.studentNumber });
    const seen = (await list(`&schoolId=${school.id}&state=active`, authority)).items[0];
    expect(seen).toMatchObject({ id: mine?.id, name: null, maskedName: mine?.maskedName });
    expect(seen?.studentNumber).toBe(`G${'*'.repeat(16)}${mine?.studentNumber.slice(-2)}`);
    expect((await list(`&schoolId=${other.id}`)).items).toEqual([]);
  });

  it('finds students of the own school by the beginning of the name, or of a part of it, by number, and by its last six', async () => {
    const { items } = await list('&state=active');
    const one = items[5]!;
    const name = one.name!;
    for (const typed of [name, name.slice(0, 2), ` ${name.slice(0, 1)} `]) expect(ids(await search({ name: typed }))).toContain(one.id);
    const sameBeginning = items.filter((item) => item.name!.startsWith(name.slice(0, 2))).map(({ id }) => id);
    expect(ids(await search({ name: name.slice(0, 2), state: 'active' }))).toEqual(sameBeginning);
    expect(ids(await search({ name: name.slice(1) }))).not.toContain(one.id);
    expect(ids(await search({ studentNumber: one.studentNumber }))).toEqual([one.id]);
    expect(ids(await search({ numberEnding: one.studentNumber.slice(-6).toLowerCase() }))).toContain(one.id);
    expect(ids(await search({ name: `${name}某` }))).not.toContain(one.id);
  });

  it('finds nothing of another school, and for an authority only whole names and numbers', async () => {
    const one = (await list('&state=active')).items[3]!;
    const stranger = await as(system, demo.holder(other.id, 'schoolClerk'));
    for (const body of [{ name: one.name! }, { studentNumber: one.studentNumber }, { numberEnding: one.studentNumber.slice(-6) }])
      expect(ids(await search(body, stranger))).not.toContain(one.id);
    expect(ids(await search({ name: one.name! }, authority))).toContain(one.id);
    expect(ids(await search({ studentNumber: one.studentNumber }, authority))).toEqual([one.id]);
    expect(ids(await search({ name: one.name!.slice(0, 1), schoolId: school.id }, authority))).toEqual([]);
    expect(await authority.post('/students/search', { numberEnding: one.studentNumber.slice(-6) })).toMatchObject(
      refused(422, 'own-school-only'),
    );
  });

  it('finds a student by the new name after a correction', async () => {
    const [id = ''] = ids(await list('&state=active'));
    const { FieldCipher } = await import('../../src/platform/database/field-cipher.js');
    const { recordFacts } = await import('../../src/dossier/personal.store.js');
    const cipher = new FieldCipher(system.config.fieldKey, system.config.indexKey);
    const now = new Date(system.time.now());
    await inScope(system.db, 'system', (tx) =>
      recordFacts(tx, cipher, id, { name: '阿依古丽·买买提' }, { validFrom: '2026-09-01', at: now }),
    );
    for (const name of ['阿依', '阿依古丽•买买提', '买买']) expect(ids(await search({ name }))).toEqual([id]);
  });

  it('filters by class, grade, major, mode and state, and counts by the same filters', async () => {
    const { items } = await list();
    const one = items.find(({ state }) => state === 'active')!;
    const query = `&grade=${one.grade}&className=${encodeURIComponent(one.className!)}&majorCode=${one.majorCode}&state=active&count=true`;
    const page = await list(query);
    const same = items.filter((item) => item.className === one.className && item.state === 'active');
    expect(page.count).toEqual({ students: page.items.length, more: false });
    expect(ids(page)).toEqual(same.map(({ id }) => id));
    expect((await list('&studyMode=partTime&count=true')).count).toEqual({ students: 0, more: false });
    expect((await list()).count).toBeNull();
    await asOwner(system, 'update enrolment set class_name = null where student_id = $1', [one.id]);
    const unplaced = await list('&unplaced=true&count=true');
    expect(unplaced).toMatchObject({ items: [{ id: one.id, className: null, unplaced: true }], count: { students: 1, more: false } });
    expect(ids(await list('&unplaced=false'))).not.toContain(one.id);
  });

  it('filters by a class of the register, for school and authority alike; what is no open class there has nobody', async () => {
    const { items: classes } = (
      await clerk.get<{ items: { id: string; name: string; students: number }[] }>(`/schools/${school.id}/classes`)
    ).body;
    const one = classes.find(({ students }) => students > 0)!;
    const found = await list(`&classId=${one.id}&state=active&count=true`);
    expect(found.count).toEqual({ students: one.students, more: false });
    expect(new Set(found.items.map(({ className }) => className))).toEqual(new Set([one.name]));
    const above = (await authority.get<Page>(`/students?classId=${one.id}&state=active&count=true`)).body;
    expect(ids(above)).toEqual(ids(found));
    const stranger = await as(system, demo.holder(other.id, 'schoolClerk'));
    for (const [by, query] of [
      [clerk, `classId=${randomUUID()}`],
      [stranger, `classId=${one.id}`],
      [clerk, `classId=${one.id}&className=${encodeURIComponent('别班')}`],
      [authority, `classId=${one.id}&schoolId=${other.id}`],
    ] as const)
      expect(await by.get(`/students?${query}`)).toMatchObject({ status: 200, body: { items: [] } });
  });

  it.each(['class', 'changed'])('sorts by %s, each student once over all pages', async (sort) => {
    const sorted = await all(`&sort=${sort}`);
    const keys = sorted.map(({ grade, className, changedAt }) => (sort === 'class' ? `${grade} ${className ?? ''}` : changedAt));
    expect(new Set(sorted.map(({ id }) => id)).size).toBe(sorted.length);
    expect(new Set(sorted.map(({ id }) => id))).toEqual(new Set((await all('')).map(({ id }) => id)));
    if (sort === 'changed') expect(keys).toEqual([...keys].sort().reverse());
    else expect(sorted.map(({ grade }) => grade)).toEqual(sorted.map(({ grade }) => grade).sort());
    expect(await authority.get(`/students?sort=${sort}`)).toMatchObject(refused(422, 'invalid-input'));
    expect((await authority.get(`/students?sort=${sort}&schoolId=${school.id}`)).status).toBe(200);
  });

  it('keeps the present name from a school that a student has left, in its list and in its search', async () => {
    const [, gone = ''] = ids(await list('&state=active'));
    await asOwner(
      system,
      `with left_it as (update enrolment set state = 'withdrawn', valid_to = current_date where student_id = $1 returning *)
       insert into enrolment (id, student_id, school_id, state, grade, study_mode, length_years, enrolled_on, expected_leaving_on,
         valid_from, since, recorded_at, changed_at)
       select gen_random_uuid(), student_id, $2, 'active', grade, study_mode, length_years, current_date, expected_leaving_on, current_date,
         current_date, now(), now() from left_it`,
      [gone, other.id],
    );
    const stranger = await as(system, demo.holder(other.id, 'schoolClerk'));
    const now = (await list('&state=active', stranger)).items.find(({ id }) => id === gone)!;
    expect((await list('&state=withdrawn')).items.find(({ id }) => id === gone)).toMatchObject({ name: null, maskedName: now.maskedName });
    expect(ids(await search({ name: now.name! }))).not.toContain(gone);
    expect(ids(await search({ name: now.name! }, stranger))).toContain(gone);
  });

  describe('the list of the own school as a file', () => {
    const reason = '开学报到核对名单';
    const exported = (body: object, by = clerk, key: string = randomUUID()) =>
      fetch(`${system.url}/api/v1/students/exports`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${by.token}`, 'Idempotency-Key': key },
        body: JSON.stringify({ schoolId: school.id, reason, ...body }),
      });
    const rowsOf = async (answer: Response): Promise<string[][]> => {
      expect(answer.status).toBe(200);
      const book = new ExcelJS.Workbook();
      await book.xlsx.load(await answer.arrayBuffer());
      const rows: string[][] = [];
      book.worksheets[0]!.eachRow((row) => {
        const cells: string[] = [];
        row.eachCell({ includeEmpty: true }, (cell) => {
          expect([ExcelJS.ValueType.String, ExcelJS.ValueType.Null]).toContain(cell.type);
          cells.push(cell.text);
        });
        rows.push(cells);
      });
      return rows;
    };

    it('holds those whom the filters leave, and no cell that a spreadsheet would compute', async () => {
      const { items } = await list('&state=active&sort=class');
      await asOwner(system, 'update enrolment set class_name = $2 where student_id = $1', [items[0]!.id, '=HYPERLINK("http://x")']);
      const [head, ...rows] = await rowsOf(await exported({ state: 'active' }));
      expect(head?.slice(0, 2)).toEqual(['学籍号 student number', '姓名 name']);
      expect(rows).toHaveLength(items.length);
      for (const { studentNumber, name } of items) expect(rows.map((row) => row.slice(0, 2))).toContainEqual([studentNumber, name]);
      expect(rows.flat().filter((cell) => /^[=+@-]/.test(cell))).toEqual([]);
      expect(rows.flat()).toContain(`'=HYPERLINK("http://x")`);
      await asOwner(system, 'update enrolment set class_name = $2 where student_id = $1', [items[0]!.id, items[0]!.className]);
    });

    it('is on record: with its reason, as an act of the school, and in the record of reads of each student', async () => {
      const { items } = await list('&state=suspended');
      const key = randomUUID();
      expect((await exported({ state: 'suspended' }, clerk, key)).status).toBe(200);
      expect((await exported({ state: 'suspended' }, clerk, key)).status).toBe(409);
      const supervisor = await as(system, demo.holder(school.parentId ?? '', 'authoritySupervisor'));
      for (const { id } of items)
        expect((await supervisor.get<Page>(`/students/${id}/access`)).body.items).toMatchObject([{ what: 'export' }]);
      const acts = await asOwner(
        system,
        `select body from act where stream_id = $1 and kind = 'studentsExported' order by seq desc limit 1`,
        [school.id],
      );
      expect(acts).toEqual([{ body: { exportId: expect.any(String), students: items.length } }]);
    });

    it('is for clerks and reviewers of the school alone, and for a reason', async () => {
      expect((await exported({}, authority)).status).toBe(403);
      expect((await exported({}, await as(system, demo.holder(other.id, 'schoolClerk')))).status).toBe(403);
      expect((await exported({ reason: ' ' })).status).toBe(422);
    });
  });

  describe('reads by an index, as the application asks: by generic plans, in the scope of a person', () => {
    beforeAll(() => manyStudents(system, { schools: 26, each: 200, year: 2026 }), 60_000);

    const planOf = (sql: string, office: 'schoolClerk' | 'authorityReviewer', organisationId: string): Promise<string> =>
      inScope(system.db, { personId: school.id, offices: [{ office, organisationId }] }, async (tx) => {
        const parameters = Math.max(...[...sql.matchAll(/\$(\d+)/g)].map(([, n]) => Number(n)));
        await tx.query('set local plan_cache_mode = force_generic_plan');
        await tx.query(`prepare asked as ${sql}`);
        const rows = await tx.query<{ 'QUERY PLAN': string }[]>(
          `explain (costs off) execute asked (${Array<string>(parameters).fill('null').join(', ')})`,
        );
        await tx.query('deallocate asked');
        return rows.map((row) => row['QUERY PLAN']).join('\n');
      });

    it.each([
      ['id', /Index Scan using enrolment_at_school on enrolment e\n\s*Index Cond: \(\(school_id = \$2\) AND \(student_id > /],
      ['class', /Index Scan using enrolment_by_class on enrolment e\n\s*Index Cond: \(\(school_id = \$2\) AND \(ROW\(/],
    ] as const)('the list of a school by %s, in its order, from where the page begins', async (sort, index) => {
      const plan = await planOf(PAGES.school[sort]!, 'schoolClerk', school.id);
      expect(plan).toMatch(index);
      expect(plan).not.toMatch(/^(?!.*SubPlan).*Sort Key: e\./m);
    });
    it('what changed last in a school, from its own students alone', async () => {
      const plan = await planOf(PAGES.school.changed!, 'schoolClerk', school.id);
      expect(plan).toMatch(/Index Cond: \(school_id = \$2\)/);
      expect(plan).not.toMatch(/Seq Scan on (student|enrolment)/);
    });
    it('a number, and a whole name, below an authority', async () => {
      expect(await planOf(COUNTS.belowByNumber, 'authorityReviewer', school.parentId ?? '')).toMatch(/student_number_index_key/);
      expect(await planOf(COUNTS.belowByName, 'authorityReviewer', school.parentId ?? '')).toMatch(/student_by_name/);
    });
    it('a list of more than five thousand is refused, and says how to go on', async () => {
      await asOwner(system, `update enrolment set school_id = $1 where school_id in (select id from organisation where code like 'G-%')`, [
        school.id,
      ]);
      const body = { schoolId: school.id, reason: '开学报到核对名单' };
      expect(await clerk.post('/students/exports', body)).toMatchObject(refused(422, 'list-too-long'));
    });
  });
});
