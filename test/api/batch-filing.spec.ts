import { randomUUID } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import ExcelJS from 'exceljs';
import { BATCH_KINDS } from '../../src/requests/batch/batch-filing.dto.js';
import { columnsOf } from '../../src/requests/batch/sheet-columns.js';
import { sheetRowsOf } from '../../src/sheets/sheet.js';
import { NotAnArchive, unpackedSize, UnpacksToTooMuch } from '../../src/sheets/unpacked.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner } from '../fixtures/owner.js';
import { until } from '../fixtures/story.js';
import { unmasked } from '../fixtures/unmasked.js';
import { startSystem, type System } from '../fixtures/system.js';
import { zipOf } from '../requests/zips.js';

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

interface Schema {
  type?: string;
  example?: unknown;
  enum?: string[];
  properties?: Record<string, Schema>;
}

/** What a clerk might fill in: each value as the document's example has it, or the first that is allowed. */
function example({ type, example: given, enum: allowed, properties = {} }: Schema): unknown {
  if (type === 'object') return Object.fromEntries(Object.entries(properties).map(([name, field]) => [name, example(field)]));
  if (type === 'boolean') return true;
  return given ?? allowed?.[0] ?? '0192f5c2-0000-7000-8000-000000000000';
}

const at = (value: unknown, path_: string): unknown =>
  path_.split('.').reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], value);

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
  });
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
    const numberOf = async () => (await unmasked(clerk, row().studentId)).studentNumber;
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
    const filled = async (lines: Record<string, unknown>[], kind = 'suspension') => {
      const book = await template(kind);
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

    it('with the open classes of the school to choose from, and a class that is not open refused', async () => {
      const { items } = (await clerk.get<{ items: { name: string }[] }>(`/schools/${school.id}/classes?limit=200`)).body;
      const book = await template('repeatYear');
      const page = book.worksheets[0]!;
      const at = (page.getRow(1).values as string[]).findIndex((head) => String(head).endsWith('details.className'));
      const [formula] = page.getCell(2, at).dataValidation?.formulae as [string];
      const [, list = '', column = '', last] = /^'(.+)'!\$(\w+)\$1:\$\w+\$(\d+)$/.exec(formula) ?? [];
      const names = Array.from({ length: Number(last) }, (_, i) => book.getWorksheet(list)!.getCell(`${column}${i + 1}`).text);
      expect(new Set(names)).toEqual(new Set(items.map(({ name }) => name)));
      const line = { studentNumber: await numberOf(), 'details.className': '没有的班', reason: '学业困难' };
      const body = await send(await filled([line], 'repeatYear'), {
        kind: 'repeatYear',
        common: { evidenceIds: (common as { evidenceIds: string[] }).evidenceIds },
      });
      expect(body.items).toMatchObject([{ row: 2, status: 'refused' }]);
      expect((body.items[0] as { blockers?: object[] }).blockers).toContainEqual(
        expect.objectContaining({ code: 'class-not-open', pointer: '/details/className' }),
      );
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

    it.each(BATCH_KINDS)('of a %s has a column for each value of the details, and gives back what was filled in', async (kind) => {
      const { body } = await clerk.get<{ detailsSchema: Schema }>(`/change-kinds/${kind}`);
      const columns = columnsOf(body.detailsSchema);
      const book = await template(kind);
      const page = book.worksheets[0]!;
      expect((page.getRow(1).values as string[]).slice(1)).toEqual(columns.map(({ zh, path }) => `${zh} ${path}`));
      const details = example(body.detailsSchema);
      columns.forEach(({ path }, i) => {
        const value = path.startsWith('details.') ? at({ details }, path) : undefined;
        if (value !== undefined) page.getCell(2, i + 1).value = value as string;
      });
      page.getCell(2, 1).value = 'G33010620100101123X';
      const rows = await sheetRowsOf(Buffer.from(await book.xlsx.writeBuffer()), columns);
      expect(rows).toEqual([{ studentNumber: 'G33010620100101123X', details }]);
    });

    it('corrects what each student’s row says', async () => {
      const studentNumber = await numberOf();
      const line = { studentNumber, 'details.changes.formerName': '李小雷', 'details.proofReceivedOn': system.time.today() };
      const options = {
        kind: 'infoCorrection',
        common: { evidenceIds: (common as { evidenceIds: string[] }).evidenceIds, reason: '更名' },
      };
      const body = await send(await filled([line], 'infoCorrection'), options);
      expect(body.items).toMatchObject([{ row: 2, status: 'filed' }]);
      const { body: request } = await clerk.get(`/change-requests/${body.items[0]?.requestId}`);
      expect(request).toMatchObject({
        details: { fields: ['formerName'] },
        correction: { values: [{ field: 'formerName', proposed: '李小雷' }] },
      });
    });

    it('that unpacks to more than it says is refused before it is read', async () => {
      const bomb = zipOf([{ name: 'xl/worksheets/sheet1.xml', content: Buffer.alloc(60 * 1024 * 1024), declared: 1000 }]);
      expect(bomb.length).toBeLessThan(200_000);
      expect((await send(bomb, { common })).errors?.[0]?.detail).toContain('解压后超过');
      await expect(unpackedSize(await filled([]), 20_000_000)).resolves.toBeGreaterThan(1000);
      await expect(unpackedSize(await filled([]), 1000)).rejects.toThrow(UnpacksToTooMuch);
      await expect(unpackedSize(Buffer.concat([Buffer.from('MZ'), await filled([])]), 20_000_000)).rejects.toThrow(NotAnArchive);
    });

    it('leaves no file behind, also when it was refused before anybody read it', async () => {
      const form = new FormData();
      form.append('options', '{}');
      form.append('file', new Blob(['no workbook']), '休学.xlsx');
      const url = `${system.url}/api/v1/change-requests/batch/sheet`;
      const answer = await fetch(url, { method: 'POST', body: form, headers: authorization() });
      expect(await answer.json()).toMatchObject({ code: 'idempotency-key-required' });
      const left = () => readdir(path.join(system.config.dataDir, 'uploads')).catch(() => [] as string[]);
      await until(left, (files) => files.length === 0, 'the uploaded files to go');
    });

    it('judges a cell like any other text, and its options like any other body', async () => {
      const studentNumber = await numberOf();
      const line = { studentNumber, 'details.ground': 'illness', 'details.until': '2027-05-31' };
      const body = await send(await filled([{ ...line, reason: '同意\u202e意同不' }]), { common: { ...common, reason: undefined } });
      expect(body.items).toMatchObject([{ status: 'refused', problem: { code: 'invalid-input', errors: [{ pointer: '/reason' }] } }]);
      const deep = JSON.parse(`${'{"a":'.repeat(30)}1${'}'.repeat(30)}`) as object;
      expect(await send(await filled([line]), { common: { details: deep } })).toMatchObject({ code: 'bad-request' });
    });

    it.each([
      ['a formula that failed', 'reason', { formula: 'VLOOKUP(1,A1:B2,2)', result: { error: '#N/A' } }, '/reason'],
      ['an error', 'details.ground', { error: '#REF!' }, '/details/ground'],
      ['an error for a day', 'details.until', { error: '#VALUE!' }, '/details/until'],
      ['an error for a list', 'evidenceIds', { error: '#N/A' }, '/evidenceIds'],
      ['a number that is no day', 'details.until', 1e12, '/details/until'],
      ['a number below all days', 'details.until', -700_000, '/details/until'],
      ['a NUL, as Excel escapes it', 'reason', '同意_x0000_', '/reason'],
      ['half a character, as Excel escapes it', 'reason', '同意_xD800_', '/reason'],
      ['a space', 'reason', '\u3000', '/reason'],
    ])('refuses the row that holds %s, by its field and in Chinese', async (_what, column, value, pointer) => {
      const line = { studentNumber: await numberOf(), 'details.ground': 'illness', 'details.until': '2027-05-31', reason: '病' };
      const { items } = await send(
        await filled([
          { ...line, [column]: value },
          { ...line, studentNumber: await numberOf() },
        ]),
        {
          common: { ...common, reason: undefined },
          mode: 'valid',
          dryRun: true,
        },
      );
      expect(items).toMatchObject([
        { status: 'refused', problem: { code: 'invalid-input', errors: [{ pointer, detail: expect.stringMatching(/\p{Script=Han}/u) }] } },
        { status: 'ready' },
      ]);
    });

    it('of a workbook that counts its days from 1904 is read by them', async () => {
      const book = await template();
      book.properties.date1904 = true;
      const page = book.worksheets[0]!;
      const { detailsSchema } = (await clerk.get<{ detailsSchema: Schema }>('/change-kinds/suspension')).body;
      const columns = columnsOf(detailsSchema);
      const until = columns.findIndex(({ path }) => path === 'details.until') + 1;
      page.getCell(2, until).value = new Date('2027-05-31T00:00:00Z');
      page.getCell(3, until).value = (Date.UTC(2027, 4, 31) - Date.UTC(1904, 0, 1)) / 86_400_000;
      const rows = await sheetRowsOf(Buffer.from(await book.xlsx.writeBuffer()), columns);
      expect(rows).toEqual([{ details: { until: '2027-05-31' } }, { details: { until: '2027-05-31' } }]);
    });

    it('says which line is wrong and what no sheet is', async () => {
      const body = await send(await filled([{ studentNumber: 'G00000000000000000X', 'details.ground': 'illness' }]), { common });
      expect(body.items).toMatchObject([{ row: 2, status: 'refused', problem: { code: 'not-found' } }]);
      expect(await send('no workbook', {})).toMatchObject({ code: 'invalid-input' });
      const strange = new ExcelJS.Workbook();
      strange.addWorksheet('x').addRow(['学籍号 studentNumber', '身高 height']);
      expect((await send(Buffer.from(await strange.xlsx.writeBuffer()), {})).errors?.[0]?.detail).toContain('“height”不是此类申请的列');
    });
  });
});
