import { randomUUID } from 'node:crypto';
import { NATIONAL_NUMBERS } from '../../src/domain/dossier/certificate-number.js';
import ExcelJS from 'exceljs';
import { appointed } from '../fixtures/appointed.js';
import { audited } from '../fixtures/audit.js';
import { as, ApiClient, refused } from '../fixtures/client.js';
import { acrossProvinces, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { aGraduate, aStudent, handIn, type Checked, type Imported, type Row } from '../fixtures/imports.js';
import { portrait } from '../fixtures/portrait.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { again, inTheClear } from '../fixtures/registrations.js';
import { startSystem, type System } from '../fixtures/system.js';

describe('an import 导入 of what predates the system', () => {
  let system: System;
  let demo: Demonstration;
  let here: DemoOrganisation;
  let there: DemoOrganisation;
  let first: ApiClient;
  let second: ApiClient;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    await staySignedIn(system);
    system.time.jumpTo('2026-11-30', 9);
    demo = await Demonstration.of(system);
    [here, there] = acrossProvinces(demo);
    const authority = here.parentId ?? '';
    const [one = '', other] = demo.holders(authority, 'authorityReviewer');
    const colleague = other ?? demo.holder(authority, 'authoritySupervisor');
    if (!other) await appointed(system, demo, authority, { username: colleague, office: 'authorityReviewer' });
    [first, second] = [await as(system, one), await as(system, colleague)];
  });
  afterAll(() => system?.stop());

  const decide = (id: string, by = second, verdict = 'approve') =>
    by.post<Imported>(`/imports/${id}/decision`, { verdict, opinion: '已与原学籍档案核对' });
  const shown = async (id: string) => (await first.get<Imported>(`/imports/${id}`)).body;
  async function applied(id: string): Promise<Imported> {
    await system.doJobs();
    return shown(id);
  }
  async function signedOff(answer: { status: number; body: Checked }): Promise<Imported> {
    expect([answer.status, answer.body.faulty, answer.body.import]).toEqual([200, [], expect.anything()]);
    const id = answer.body.import?.id ?? '';
    expect((await decide(id)).status).toBe(200);
    const done = await applied(id);
    expect(done).toMatchObject({ state: 'done', progress: 1 });
    return done;
  }
  const lookUp = async (studentNumber: string) =>
    (await first.post<{ id: string; state: string; studentNumber: string }>('/students/lookup', { studentNumber })).body;

  it('says all faults of every row, holds whom another register has, and a dry run writes nothing', async () => {
    const wrong = aStudent(here, { schoolCode: there.code });
    const elsewhere = demo.student(there.id);
    const rows = [
      aStudent(here),
      wrong,
      aStudent(here, { ethnicGroup: '99', studentNumber: 'L1', expectedLeavingOn: '2020-01-01' }),
      {
        ...aStudent(here),
        ...again(elsewhere),
        reportedOn: undefined,
        grade: '2025',
        enrolledOn: '2025-09-01',
        expectedLeavingOn: '2028-06-30',
      },
      aStudent(here, { state: 'suspended' }),
      aStudent(here, { nickname: '小' }),
    ];
    const dry = await handIn(first, 'students', rows, { dryRun: true });
    expect([dry.status, dry.body]).toMatchObject([200, { import: null, rows: 6, clean: 1, known: 0 }]);
    const faults = new Map(dry.body.faulty.map(({ row, errors }) => [row, errors.map(({ pointer }) => pointer).sort()]));
    expect([...faults]).toEqual([
      [2, ['/schoolCode']],
      [3, ['/ethnicGroup', '/expectedLeavingOn', '/expectedLeavingOn', '/studentNumber']],
      [5, ['/suspendedFrom']],
      [6, ['/nickname']],
    ]);
    expect(dry.body.held).toMatchObject([{ row: 4, errors: [{ code: 'possible-duplicate', pointer: '/document/number' }] }]);
    expect(JSON.stringify(dry.body)).not.toContain(there.name);
    expect(await asOwner(system, 'select 1 from import')).toEqual([]);
    expect(inTheClear(elsewhere).name).toBeTruthy();
  });

  it('becomes dossiers after a second person signed it off, under the numbers that were given; again it changes nothing', async () => {
    const rows = [aStudent(here), aStudent(here, { state: 'suspended', suspendedFrom: '2026-03-02', suspendedUntil: '2027-03-01' })];
    const handedIn = await handIn(first, 'students', rows);
    const { id = '' } = handedIn.body.import ?? {};
    expect(handedIn.body.import).toMatchObject({ state: 'awaitingSignOff', counts: { rows: 2, waiting: 2 }, progress: 0 });
    expect(await decide(id, first)).toMatchObject(refused(403, 'separation-of-duties'));
    expect(await applied(id)).toMatchObject({ state: 'awaitingSignOff', counts: { applied: 0 } });
    const done = await signedOff(handedIn);
    expect(done).toMatchObject({ state: 'done', counts: { applied: 2 }, progress: 1 });
    expect(await decide(id)).toMatchObject(refused(409, 'import-decided'));
    const student = await lookUp(rows[0]?.studentNumber ?? '');
    expect(student).toMatchObject({ state: 'active' });
    const asOf = async (day: string) => (await first.get<{ state: string }>(`/students/${suspended.id}/dossier?asOf=${day}`)).body.state;
    const suspended = await lookUp(rows[1]?.studentNumber ?? '');
    expect([await asOf('2025-10-01'), await asOf('2026-03-02')]).toEqual(['active', 'suspended']);
    const owed = await first.get<{ items: { studentId: string }[] }>(`/schools/${here.id}/terms/2026-1/unregistered?limit=200`);
    expect([owed.status, owed.body.items.some(({ studentId }) => studentId === student.id)]).toEqual([200, false]);
    const told = await asOwner<unknown[]>(system, `select 1 from event e join act a using (stream_id, seq) where a.kind like '%mported'`);
    expect(told).toEqual([]);
    const twice = await handIn(first, 'students', rows);
    expect(twice.body).toMatchObject({ import: null, clean: 0, known: 2, held: [], faulty: [] });
    const otherwise = await handIn(first, 'students', [{ ...rows[0], numberAtSchool: '7' }]);
    expect(otherwise.body.faulty).toMatchObject([{ errors: [{ code: 'imported-otherwise', pointer: '/document/number' }] }]);
  });

  it('brings graduates in with their certificates, which anybody verifies, and attests a lost one (Art 21)', async () => {
    const graduate = aGraduate(here);
    await signedOff(await handIn(first, 'graduates', [graduate]));
    const { studentNumber, name, document } = graduate;
    const paper = {
      certificateNumber: 'zj2023-000117',
      certificate: 'graduation',
      studentNumber,
      name,
      issuedOn: '2023-06-30',
      schoolName: '旧名职业中学',
    };
    const wrong = await handIn(first, 'certificates', [
      { ...paper, name: '别人' },
      { ...paper, certificate: 'completion', certificateNumber: 'ZJ9999' },
    ]);
    expect(wrong.body.faulty).toMatchObject([
      { row: 1, errors: [{ code: 'imported-student-unknown' }] },
      { row: 2, errors: [{ code: 'imported-state-differs' }] },
    ]);
    await signedOff(await handIn(first, 'certificates', [paper]));
    const question = { certificateNumber: 'ZJ2023-000117', documentNumber: document.number, name };
    const verified = await new ApiClient(system.url).post('/verifications', question);
    expect(verified.body).toMatchObject({
      match: true,
      shown: { school: '旧名职业中学', state: 'graduated', certificate: { number: 'ZJ2023-000117', issuedOn: '2023-06-30' } },
    });
    const student = await lookUp(studentNumber);
    const { items } = (await first.get<{ items: { id: string; imported: boolean }[] }>(`/certificates?studentId=${student.id}`)).body;
    expect(items).toMatchObject([{ imported: true, handedOverOn: '2023-06-30' }]);
    expect(await first.get(`/certificates/${items[0]?.id}/pdf`)).toMatchObject(refused(409, 'certificate-imported'));
    const photographId = await first.evidence(await portrait(), '证件照.png');
    const loss = { declaredOn: '2026-11-02', statement: '本人不慎遗失毕业证书，已登报声明作废' };
    const attested = await first.post<{ id: string; number: string }>(`/students/${student.id}/attestations`, {
      kind: 'attestation',
      photographId,
      loss,
    });
    expect([attested.status, attested.body]).toEqual([201, expect.objectContaining({ kind: 'attestation', imported: false })]);
  });

  it('leaves numbers that came in so out of the own sequences', async () => {
    const attestation = async (graduate: Row, certificateNumber?: string): Promise<string> => {
      await signedOff(await handIn(first, 'graduates', [graduate]));
      const { studentNumber, name } = graduate;
      const paper = { certificateNumber, certificate: 'graduation', studentNumber, name, issuedOn: '2023-06-30' };
      if (certificateNumber) await signedOff(await handIn(first, 'certificates', [paper]));
      const { id } = await lookUp(studentNumber);
      const photographId = await first.evidence(await portrait(), '证件照.png');
      const loss = { declaredOn: '2026-11-02', statement: '本人不慎遗失毕业证书，已登报声明作废' };
      const { body } = await first.post<{ number: string }>(`/students/${id}/attestations`, { kind: 'attestation', photographId, loss });
      return body.number;
    };
    const own = await attestation(aGraduate(here));
    const [divisionCode, year, nth] = [own.slice(1, 7), Number(own.slice(7, 11)), Number(own.slice(11, 18))];
    const numberOf = (sequence: number) => NATIONAL_NUMBERS.number({ kind: 'attestation', divisionCode, year }, sequence);
    expect(await attestation(aGraduate(here), numberOf(nth + 1))).toBe(numberOf(nth + 2));
  });

  it('adds past changes to the history of who was imported, and not one that contradicts the others', async () => {
    const student = aStudent(here, { grade: '2025', expectedLeavingOn: '2028-06-30' });
    await signedOff(await handIn(first, 'students', [student]));
    const { studentNumber, name } = student;
    const change = (kind: string, effectiveOn: string, more: object = {}) => ({ studentNumber, name, kind, effectiveOn, ...more });
    const suspension = change('suspension', '2025-02-24', {
      suspendedUntil: '2025-08-31',
      reason: '因病休养',
      approvalNumber: '教职〔2025〕3号',
    });
    const alone = await handIn(first, 'changes', [suspension, change('repeatYear', '2025-09-01')]);
    expect(alone.body.faulty).toMatchObject([
      { row: 1, errors: [{ code: 'imported-history-differs', pointer: '/kind' }] },
      { row: 2, errors: [{ pointer: '/gradeBefore' }] },
    ]);
    const changes = [suspension, change('resumption', '2025-09-01'), change('repeatYear', '2025-09-01', { gradeBefore: '2024' })];
    await signedOff(await handIn(first, 'changes', changes));
    const { id } = await lookUp(studentNumber);
    type Dossier = {
      enrolment: { grade: string; state: string; imported: boolean };
      importedChanges: { kind: string; reason: string | null }[];
    };
    const asOf = async (day: string) => (await first.get<Dossier>(`/students/${id}/dossier?asOf=${day}`)).body;
    expect((await asOf('2024-10-01')).enrolment).toMatchObject({ grade: '2024', state: 'active' });
    expect((await asOf('2025-03-01')).enrolment).toMatchObject({ grade: '2024', state: 'suspended' });
    const now = await asOf('2026-11-01');
    expect(now.enrolment).toMatchObject({ grade: '2025', state: 'active', imported: true });
    expect(now.importedChanges.map(({ kind, reason }) => [kind, reason])).toEqual([
      ['suspension', '因病休养'],
      ['resumption', null],
      ['repeatYear', null],
    ]);
    const twice = await handIn(first, 'changes', changes);
    expect(twice.body).toMatchObject({ import: null, known: 3 });
  });

  it('takes the same as a sheet, tells faults by column and heading, and marks them on a copy', async () => {
    const headers = { authorization: `Bearer ${first.token}` };
    const read = async (answer: Response): Promise<ExcelJS.Worksheet> => {
      const book = new ExcelJS.Workbook();
      await book.xlsx.load((await answer.arrayBuffer()) as never);
      return book.worksheets[0] as ExcelJS.Worksheet;
    };
    const page = await read(await fetch(`${system.url}/api/v1/imports/template?kind=graduates`, { headers }));
    const headings = (page.getRow(1).values as string[]).slice(1);
    expect(headings).toEqual(expect.arrayContaining(['*学校', '*学籍号', '*离校类别', '*姓名', '*证件号码', '到本校日期']));
    const { studentNumber, name, document, birthDate } = aGraduate(here);
    const words: Record<string, string> = {
      学校: `${here.code} ${here.name}`, 学籍号: studentNumber, 离校类别: '毕业', '毕业（离校）日期': '2023年6月30日', 姓名: name, 性别: '男',
      出生日期: String(birthDate), 证件类型: '居民身份证', 证件号码: document.number, 民族: '汉族', 专业: '710201', 年级: '2020',
      学习形式: '全日制', 学制: '3', 入学日期: '2020/9/1',
    }; // prettier-ignore
    const rowOf = (more: object = {}) =>
      page.addRow(headings.map((heading) => ({ ...words, ...more })[heading.replace('*', '') as '学校'] ?? ''));
    rowOf();
    rowOf({ 离校类别: '升学', 证件号码: '110101200503041234' });
    const sheet = Buffer.from(await page.workbook.xlsx.writeBuffer());
    const send = (path: string, dryRun: boolean) => {
      const form = new FormData();
      form.append('file', new Blob([sheet]), '毕业生.xlsx');
      form.append('options', JSON.stringify({ kind: 'graduates', dryRun }));
      return fetch(`${system.url}/api/v1/imports/${path}`, {
        method: 'POST',
        headers: { ...headers, 'idempotency-key': randomUUID() },
        body: form,
      });
    };
    const checked = (await (await send('sheet', true)).json()) as { clean: number; faults: { row: number; heading: string }[] };
    expect(checked).toMatchObject({ rows: 2, import: null });
    expect([checked.clean, checked.faults.map(({ row, heading }) => [row, heading])]).toEqual([
      1,
      expect.arrayContaining([
        [3, '离校类别'],
        [3, '证件号码'],
      ]),
    ]);
    const marked = await read(await send('sheet/marked', true));
    expect(marked.getCell(1, marked.columnCount).value).toBe('存在问题');
    expect([marked.getCell(2, marked.columnCount).text, marked.getCell(3, marked.columnCount).text]).toEqual([
      '',
      expect.stringContaining('证件'),
    ]);
    const handedIn = (await (await send('sheet', false)).json()) as Checked;
    expect(handedIn).toMatchObject({ clean: 1, import: { counts: { rows: 1, waiting: 1 } } });
    await decide(handedIn.import?.id ?? '');
    expect(await applied(handedIn.import?.id ?? '')).toMatchObject({ counts: { applied: 1 } });
  });

  it('leaves a ledger that the audit finds sound', async () => {
    expect((await audited(system)).problems).toEqual([]);
  });
});
