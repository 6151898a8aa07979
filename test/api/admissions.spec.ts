import { randomUUID } from 'node:crypto';
import ExcelJS from 'exceljs';
import { acrossProvinces, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { CalendarStore } from '../../src/calendar/calendar.store.js';
import { instantOf } from '../../src/domain/working-days.js';
import { tellOfMissing } from '../../src/admissions/missing-told.js';
import { FieldCipher } from '../../src/platform/database/field-cipher.js';
import { Telling } from '../fixtures/telling.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { clerkAt, register, somebody } from '../fixtures/registrations.js';
import { startSystem, type System } from '../fixtures/system.js';

interface Major {
  majorCode: string;
  plan: number | null;
  admitted: number;
  reported: number;
  registered: number;
  missing: number;
  overPlan: number | null;
  unlisted: number;
}
interface List {
  id: string;
  admitted: number;
  reported: number;
  registered: number;
  missing: number;
  overdue: boolean;
  dueDate: string;
  majors: Major[];
}
type People = { items: { row: number; name: string; documentNumber: string; state: string; studentId: string | null }[] };

describe('an admission list 录取名册 (Art 6, R-05)', () => {
  let system: System;
  let demo: Demonstration;
  let here: DemoOrganisation;
  let there: DemoOrganisation;
  let clerk: ApiClient;
  let authority: ApiClient;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    [here, there] = acrossProvinces(demo);
    clerk = await clerkAt(system, demo, here);
    authority = await as(system, demo.holder(here.parentId ?? '', 'authorityReviewer'));
  });
  afterAll(() => system?.stop());

  const options = (more: object = {}) => ({
    schoolId: here.id,
    year: 2026,
    season: 'autumn',
    reportsOn: '2026-09-01',
    ...more,
  });
  const admitted = (person: Record<string, unknown>) => {
    const { type, number } = person.document as { type: string; number: string };
    return { name: person.name, documentType: type, documentNumber: number, majorCode: person.majorCode };
  };

  it('says by major who was planned, admitted, reported and registered, who is missing and who came besides', async () => {
    const [came, never, besides] = [somebody(), somebody(), somebody()];
    const people = [came, never].map(admitted);
    const handedIn = await authority.post<List>('/admission-lists', { ...options({ plans: [{ majorCode: '710201', plan: 1 }] }), people });
    expect([handedIn.status, handedIn.body]).toMatchObject([201, { admitted: 2, reported: 0, missing: 2, overdue: true }]);
    const registered = await register(system, demo, here, came);
    await register(system, demo, here, besides);
    const path = `/admission-lists/${handedIn.body.id}`;
    const before = (await clerk.get<List>(path)).body;
    expect(before).toMatchObject({ admitted: 2, reported: 1, registered: 0, missing: 1 });
    expect(before.majors.find(({ majorCode }) => majorCode === '710201')).toMatchObject({
      plan: 1,
      admitted: 2,
      reported: 1,
      registered: 0,
      missing: 1,
      overPlan: 1,
      unlisted: 1,
    });
    await asOwner(system, `update enrolment set state = 'active' where student_id = $1`, [registered.body.studentId]);
    expect((await clerk.get<List>(path)).body).toMatchObject({ reported: 1, registered: 1, missing: 1 });
    const missing = await clerk.get<People>(`${path}/people?state=missing`);
    expect(missing.body.items).toEqual([
      expect.objectContaining({
        row: 2,
        name: never.name,
        documentNumber: expect.stringMatching(/^\*+..$/),
        state: 'missing',
        studentId: null,
      }),
    ]);
    expect((await clerk.get<People>(`${path}/people`)).body.items.map(({ state, studentId }) => [state, studentId])).toEqual([
      ['registered', registered.body.studentId],
      ['missing', null],
    ]);
  });

  it('is told of once, on the day after the last of the working days, while somebody is missing (R-05)', async () => {
    const list = async (people: object[]) =>
      (await authority.post<List>('/admission-lists', { ...options({ reportsOn: '2026-09-01' }), people })).body;
    const came = somebody();
    await register(system, demo, here, came);
    const [one, whole] = [await list([admitted(somebody())]), await list([admitted(came)])];
    const { config, db } = system;
    const on = (day: string) => {
      const clock = { now: () => instantOf(day, 10) };
      return tellOfMissing({ db, clock, cipher: new FieldCipher(config.fieldKey, config.indexKey), calendar: new CalendarStore() });
    };
    const told = () =>
      asOwner<{ body: object }[]>(
        system,
        `select body from act where stream_id = $1 and kind = 'admittedMissing' and body ->> 'listId' = any($2::text[])`,
        [here.id, [one.id, whole.id]],
      );
    await on((one as unknown as { dueDate: string }).dueDate);
    expect(await told()).toEqual([]);
    for (let pass = 0; pass < 2; pass += 1) await on('2026-11-24');
    expect(await told()).toMatchObject([{ body: { listId: one.id, missing: 1 } }]);
    await new Telling(system).now();
    const { items } = (await clerk.get<{ items: { kind: string; admissionListId: string | null }[] }>('/notifications?limit=200')).body;
    expect(items.filter(({ admissionListId }) => admissionListId === one.id)).toMatchObject([{ kind: 'admittedMissing' }]);
  });

  it('says the same of each list among all as by itself', async () => {
    const { items } = (await clerk.get<{ items: List[] }>('/admission-lists')).body;
    for (const { id, admitted: n, reported } of items)
      expect((await clerk.get<List>(`/admission-lists/${id}`)).body).toMatchObject({ admitted: n, reported });
  });

  it('is kept encrypted, and seen by nobody to whom the school is no concern', async () => {
    const person = admitted(somebody());
    const { body } = await clerk.post<List>('/admission-lists', { ...options(), people: [person] });
    const [row] = await asOwner<{ text: string }[]>(system, 'select a::text as text from admission a where list_id = $1', [body.id]);
    expect(row?.text).not.toContain(person.name);
    expect(row?.text).not.toContain(Buffer.from(String(person.documentNumber)).toString('hex'));
    const elsewhere = await clerkAt(system, demo, there);
    const asked = [`/admission-lists/${body.id}`, `/admission-lists/${body.id}/people`].map((path) => elsewhere.get(path));
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([404, 404]);
    expect((await elsewhere.post('/admission-lists', { ...options(), people: [person] })).status).toBe(404);
  });

  it('is refused with every fault at once; the same person twice names the other row', async () => {
    const [one, two] = [admitted(somebody()), admitted(somebody())];
    const people = [one, { ...two, documentNumber: '110101201001011234' }, one];
    const { status, body } = await clerk.post<{ errors: { pointer: string; detail: string }[] }>('/admission-lists', {
      ...options(),
      people,
    });
    expect(status).toBe(422);
    expect(body.errors.map(({ pointer }) => pointer)).toEqual(['/people/1/documentNumber', '/people/2/documentNumber']);
    expect(body.errors[1]?.detail).toMatch('第 1 行');
  });

  it('is handed in as the sheet that the system gave, in words; faults name row, column and heading', async () => {
    const template = await fetch(`${system.url}/api/v1/admission-lists/template?schoolId=${here.id}`, {
      headers: { authorization: `Bearer ${clerk.token}` },
    });
    const book = new ExcelJS.Workbook();
    await book.xlsx.load((await template.arrayBuffer()) as never);
    const page = book.worksheets[0] as ExcelJS.Worksheet;
    expect((page.getRow(1).values as string[]).slice(1)).toEqual(['*姓名', '*证件类型', '*证件号码', '*录取专业']);
    const [one, two] = [admitted(somebody()), admitted(somebody())];
    page.addRow([one.name, '居民身份证', one.documentNumber, '710201']);
    page.addRow([two.name, '学生证', two.documentNumber, '710201']);
    page.addRow(['', '居民身份证', two.documentNumber, '710201']);
    const send = async () => {
      const form = new FormData();
      form.append('file', new Blob([Buffer.from(await book.xlsx.writeBuffer())]), 'list.xlsx');
      form.append('options', JSON.stringify(options()));
      const answer = await fetch(`${system.url}/api/v1/admission-lists/sheet`, {
        method: 'POST',
        headers: { authorization: `Bearer ${clerk.token}`, 'idempotency-key': randomUUID() },
        body: form,
      });
      return { status: answer.status, body: (await answer.json()) as List & { errors: { pointer: string }[] } };
    };
    const faulty = await send();
    expect([faulty.status, faulty.body.errors?.map(({ pointer }) => pointer)]).toEqual([422, ['/rows/3/B/证件类型', '/rows/4/A/姓名']]);
    for (const line of [3, 4]) for (const at of [1, 2, 3, 4]) page.getCell(line, at).value = null;
    const whole = await send();
    expect([whole.status, whole.body]).toMatchObject([201, { admitted: 1, majors: [{ majorCode: '710201', admitted: 1 }] }]);
  });

  describe('beside the roster 新生名册 of who came', () => {
    interface Roster {
      rows: number;
      clean: number;
      faults: { row: number; column: string | null; heading: string | null; detail: string }[];
      intake: { id: string; counts: { rows: number } } | null;
      entered: { row: number; state: string }[];
    }
    const headers = () => ({ authorization: `Bearer ${clerk.token}` });
    const send = async (path: string, sheet: Buffer, key = randomUUID()) => {
      const form = new FormData();
      form.append('file', new Blob([sheet]), 'roster.xlsx');
      form.append('options', JSON.stringify({ schoolId: here.id, year: 2026, season: 'autumn' }));
      return fetch(`${system.url}/api/v1/intakes/${path}`, {
        method: 'POST',
        headers: { ...headers(), 'idempotency-key': key },
        body: form,
      });
    };
    const read = async (answer: Response): Promise<ExcelJS.Worksheet> => {
      const book = new ExcelJS.Workbook();
      await book.xlsx.load((await answer.arrayBuffer()) as never);
      return book.worksheets[0] as ExcelJS.Worksheet;
    };
    /** A row in the words of the template, by its headings. */
    const words = (person: Record<string, unknown>, more: Record<string, string> = {}): Record<string, string> => ({
      姓名: String(person.name),
      性别: '男',
      出生日期: String(person.birthDate).replaceAll('-', '/'),
      证件类型: '居民身份证',
      证件号码: (person.document as { number: string }).number,
      民族: '汉族',
      专业: '710201',
      年级: '2026',
      学习形式: '全日制',
      学制: '三年',
      报到日期: '2026-11-02',
      入学日期: '20260901',
      预计离校日期: '2029-06-30',
      国籍: '中国',
      监护人姓名: '李建国',
      与监护人关系: '父亲',
      ...more,
    });
    const filled = async (rows: readonly Record<string, string>[]): Promise<Buffer> => {
      const page = await read(await fetch(`${system.url}/api/v1/intakes/roster-template?schoolId=${here.id}`, { headers: headers() }));
      const headings = (page.getRow(1).values as string[]).slice(1).map((heading) => heading.replace('*', ''));
      for (const row of rows) page.addRow(headings.map((heading) => row[heading] ?? ''));
      return Buffer.from(await page.workbook.xlsx.writeBuffer());
    };

    it('offers words to choose from, and a star at what is required', async () => {
      const page = await read(await fetch(`${system.url}/api/v1/intakes/roster-template?schoolId=${here.id}`, { headers: headers() }));
      const headings = (page.getRow(1).values as string[]).slice(1);
      expect(headings.slice(0, 5)).toEqual(['*姓名', '*性别', '*出生日期', '*证件类型', '*证件号码']);
      expect(headings).toContain('第二监护人姓名');
      expect(headings.join()).not.toMatch(/[a-z]/i);
      expect(page.getCell(2, 2).dataValidation?.formulae).toEqual(['"男,女"']);
    });

    it('tells all faults of every row by row, column and heading, and gives the sheet back with each marked', async () => {
      const [one, two] = [somebody(), somebody()];
      const wrong = words(two, { 性别: '男生', 证件号码: '110101201001011234', 年级: '' });
      const sheet = await filled([words(one), wrong, words(one, { 姓名: '另一个人' })]);
      const { rows, clean, faults } = (await (await send('roster/check', sheet)).json()) as Roster;
      expect([rows, clean]).toEqual([3, 1]);
      const told = faults.map(({ row, column, heading }) => [row, column, heading]);
      expect(told).toEqual(
        expect.arrayContaining([
          [3, 'B', '性别'],
          [3, expect.any(String), '年级'],
          [4, 'E', '证件号码'],
        ]),
      );
      expect(faults.at(-1)?.detail).toContain('第 2 行');
      const page = await read(await send('roster/marked', sheet));
      expect(page.getCell('B3').note).toBeTruthy();
      expect([page.getCell('B2').note, page.getCell('A3').value]).toEqual([undefined, two.name]);
      const last = page.columnCount;
      expect(page.getCell(1, last).value).toBe('存在问题');
      expect([page.getCell(2, last).text, page.getCell(3, last).text]).toEqual(['', expect.stringContaining('年级')]);
    });

    it('enters the clean rows into an intake, once, and what the marked copy puts right later', async () => {
      const [one, two] = [somebody(), somebody()];
      const sheet = await filled([words(one), words(two, { 民族: '无此民族' })]);
      const key = randomUUID();
      const first = (await (await send('roster', sheet, key)).json()) as Roster;
      expect(first).toMatchObject({ rows: 2, clean: 1, entered: [{ row: 2 }], intake: { counts: { rows: 1 } } });
      expect(first.faults).toMatchObject([{ row: 3, heading: '民族' }]);
      expect(await (await send('roster', sheet, key)).json()).toEqual(first);
      const marked = await read(await send('roster/marked', sheet));
      const at = (marked.getRow(1).values as string[]).indexOf('*民族');
      marked.getCell(3, at).value = '汉族';
      for (let cell = 1; cell <= marked.columnCount; cell += 1) marked.getCell(2, cell).value = null;
      const second = (await (await send('roster', Buffer.from(await marked.workbook.xlsx.writeBuffer()))).json()) as Roster;
      expect(second).toMatchObject({ rows: 1, clean: 1, faults: [], entered: [{ row: 3 }] });
    });
  });

  it('is overdue from day 21 after the day of reporting, while somebody is missing (R-05)', async () => {
    system.time.jumpTo('2026-11-30');
    const { body } = await clerk.post<List>('/admission-lists', {
      ...options({ reportsOn: '2026-11-02' }),
      people: [admitted(somebody())],
    });
    expect(body).toMatchObject({ dueDate: '2026-11-30', overdue: false });
    const [due] = await asOwner<{ day: string }[]>(system, `select to_char(date '2026-11-30' + 1, 'YYYY-MM-DD') as day`);
    system.time.jumpTo(due?.day ?? '');
    expect((await clerk.get<List>(`/admission-lists/${body.id}`)).body.overdue).toBe(true);
    const withdrawn = await clerk.post(`/admission-lists/${body.id}/withdrawal`, { reason: '误传了名册' });
    expect(withdrawn.body).toMatchObject({ withdrawn: true, overdue: false });
  });
});
