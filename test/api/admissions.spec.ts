import { randomUUID } from 'node:crypto';
import ExcelJS from 'exceljs';
import { acrossProvinces, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
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

  it('is overdue from day 21 after the day of reporting, while somebody is missing (R-05)', async () => {
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
