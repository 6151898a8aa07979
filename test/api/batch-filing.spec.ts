import { randomUUID } from 'node:crypto';
import ExcelJS from 'exceljs';
import { as, type ApiClient } from '../fixtures/client.js';
import { Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner } from '../fixtures/owner.js';
import { startSystem, type System } from '../fixtures/system.js';

interface Result {
  filed: number;
  refused: number;
  items: {
    row: number;
    status: string;
    requestId?: string;
    blockers?: { code: string }[];
    problem?: { code: string; errors?: { pointer: string }[] };
  }[];
}

describe('filing the same kind for many students', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let clerk: ApiClient;
  let common: object;

  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false });
    demo = await Demonstration.of(system);
    school = demo.schools()[0] as DemoOrganisation;
    clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
    common = { details: { ground: 'workStudy', until: '2027-06-30' }, evidenceIds: [await clerk.evidence()], reason: '顶岗实习' };
  }, 120_000);
  afterAll(() => system.stop());

  const row = () => ({ studentId: demo.student(school.id) });
  const batch = (items: object[], more: object = {}, key?: string) =>
    clerk.post<Result>('/change-requests/batch', { kind: 'suspension', common, items, ...more }, key);
  const requests = async () => (await asOwner<[{ n: number }]>(system, 'select count(*)::int as n from change_request'))[0].n;

  it('files them all, each its own request, and answers a repeated key alike', async () => {
    const items = [row(), row(), { ...row(), details: { until: '2027-08-31' }, externalId: 'XJ-3' }];
    const key = randomUUID();
    const { status, body } = await batch(items, {}, key);
    expect([status, body.filed, body.refused]).toEqual([200, 3, 0]);
    const third = await clerk.get<{ details: object; externalId: string }>(`/change-requests/${body.items[2]?.requestId}`);
    expect(third.body).toMatchObject({ details: { ground: 'workStudy', until: '2027-08-31' }, externalId: 'XJ-3' });
    const before = await requests();
    expect((await batch(items, {}, key)).body).toEqual(body);
    expect(await requests()).toBe(before);
  });

  it('files nothing unless every row can be filed, and says of each row what stands against it', async () => {
    const before = await requests();
    const suspended = { studentId: demo.student(school.id, 'suspended') };
    const good = row();
    const { body } = await batch([good, suspended, good, { studentId: randomUUID() }, { ...row(), details: { until: 'soon' } }, {}]);
    expect(body.items.map(({ row: n, status, blockers, problem }) => [n, status, blockers?.[0]?.code ?? problem?.code])).toEqual([
      [1, 'ready', undefined],
      [2, 'refused', 'illegal-transition'],
      [3, 'refused', 'change-already-open'],
      [4, 'refused', 'not-found'],
      [5, 'refused', 'invalid-input'],
      [6, 'refused', 'invalid-input'],
    ]);
    expect(body.items[4]?.problem?.errors).toMatchObject([{ pointer: '/details/until' }]);
    expect(await requests()).toBe(before);
    expect((await batch([good, suspended], { mode: 'valid', dryRun: true })).body).toMatchObject({ filed: 0 });
    expect((await batch([good, suspended], { mode: 'valid' })).body).toMatchObject({ filed: 1, refused: 1 });
  });

  it('takes at most 500 rows, and no kind whose student the filer may not see', async () => {
    expect((await batch(Array.from({ length: 501 }, () => ({})))).status).toBe(422);
    expect((await batch([{}], { kind: 'crossTrackTransfer' })).body).toMatchObject({ code: 'invalid-input' });
  });

  it("finds nobody else's students", async () => {
    const other = demo.schools()[3] as DemoOrganisation;
    expect((await batch([{ studentId: demo.student(other.id) }])).body.items).toMatchObject([
      { status: 'refused', problem: { code: 'not-found' } },
    ]);
  });

  describe('from a sheet', () => {
    const numberOf = async () => (await clerk.get<{ studentNumber: string }>(`/students/${row().studentId}`)).body.studentNumber;
    const template = async (kind = 'suspension') => {
      const answer = await fetch(`${system.url}/api/v1/change-kinds/${kind}/sheet`, { headers: authorization() });
      const book = new ExcelJS.Workbook();
      await book.xlsx.load(await answer.arrayBuffer());
      return book;
    };
    const authorization = () => ({ Authorization: `Bearer ${(clerk as unknown as { token: string }).token}` });
    const send = async (content: string | Buffer<ArrayBuffer>, options: object) => {
      const form = new FormData();
      form.append('options', JSON.stringify({ kind: 'suspension', ...options }));
      form.append('file', new Blob([content]), '休学.xlsx');
      const answer = await fetch(`${system.url}/api/v1/change-requests/batch/sheet`, {
        method: 'POST',
        body: form,
        headers: { ...authorization(), 'Idempotency-Key': randomUUID() },
      });
      return (await answer.json()) as Result & { code?: string; errors?: { detail: string }[] };
    };
    const filled = async (lines: Record<string, unknown>[]) => {
      const book = await template();
      const page = book.worksheets[0]!;
      const heads = (page.getRow(1).values as string[]).map((head) => String(head).split(' ').at(-1));
      lines.forEach((line, i) =>
        Object.entries(line).forEach(([path, value]) => (page.getCell(i + 2, heads.indexOf(path)).value = value as string)),
      );
      return Buffer.from(await book.xlsx.writeBuffer());
    };

    it('that the system gave to fill in, with its columns in Chinese and its choices', async () => {
      const page = (await template()).worksheets[0]!;
      expect(page.getRow(1).values).toEqual(
        expect.arrayContaining(['学籍号 studentNumber', '事由类别 details.ground', '结束日期 details.until', '申请理由 reason']),
      );
      expect(page.getCell('B2').dataValidation?.formulae ?? page.getCell('C2').dataValidation?.formulae).toEqual([
        expect.stringContaining('illness'),
      ]);
    });

    it('files its rows, dates typed as dates or as text, and numbers them as the sheet does', async () => {
      const lines = [
        { studentNumber: await numberOf(), 'details.ground': 'illness', 'details.until': new Date('2027-05-31T00:00:00Z') },
        { studentNumber: await numberOf(), 'details.ground': 'family', 'details.until': '2027-06-30' },
      ];
      const body = await send(await filled(lines), { common });
      expect(body.items.map(({ row: n, status }) => [n, status])).toEqual([
        [2, 'filed'],
        [3, 'filed'],
      ]);
      const first = await clerk.get(`/change-requests/${body.items[0]?.requestId}`);
      expect(first.body).toMatchObject({ details: { ground: 'illness', until: '2027-05-31' }, reason: '顶岗实习' });
    });

    it('says which line is wrong and what no sheet is', async () => {
      const body = await send(await filled([{ studentNumber: 'G00000000000000000X', 'details.ground': 'illness' }]), { common });
      expect(body.items).toMatchObject([{ row: 2, status: 'refused', problem: { code: 'not-found' } }]);
      expect(await send('no workbook', {})).toMatchObject({ code: 'invalid-input' });
      const strange = new ExcelJS.Workbook();
      strange.addWorksheet('x').addRow(['学籍号 studentNumber', '身高 height']);
      expect((await send(Buffer.from(await strange.xlsx.writeBuffer()), {})).errors?.[0]?.detail).toContain('"height" is not a column');
    });
  });
});
