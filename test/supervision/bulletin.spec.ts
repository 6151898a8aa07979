import ExcelJS from 'exceljs';
import { instantOf } from '../../src/domain/working-days.js';
import { countOverdue } from '../../src/supervision/count-overdue.js';
import { foldOpenTasks } from '../../src/supervision/count-open.js';
import { ByHand } from '../fixtures/by-hand.js';
import { signIn, DEMO_PASSWORD, ApiClient } from '../fixtures/client.js';
import { Demonstration, withinACounty, type DemoOrganisation } from '../fixtures/demonstration.js';
import { manyTasks } from '../fixtures/many-tasks.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { fontsOfPdf, linesOfPdf } from '../fixtures/pdf.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

type Cell = string | number | null;
const MONTH = '2026-10';
const [FROM, UNTIL] = [instantOf('2026-10-01'), instantOf('2026-11-01')];

interface Facts {
  organisations: { id: string; code: string; name: string; level: string; parent: string | null; province: string | null }[];
  requests: { school: string; state: string; filed: Date; closed: Date | null }[];
  tasks: { holder: string; state: string; due: Date; decided: Date | null; late: boolean | null }[];
}

describe('the monthly bulletin 通报', () => {
  let system: System;
  let demo: Demonstration;
  let nation: DemoOrganisation;
  let story: Story;
  let token: string;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    nation = [...demo.organisations.values()].find(({ level }) => level === 'national') as DemoOrganisation;
    const { body } = await new ApiClient(system.url).send<{ token: string }>('POST', '/sessions', {
      username: demo.holder(nation.id, 'authoritySupervisor'),
      password: DEMO_PASSWORD,
    });
    ({ token } = body);
    system.time.jumpTo('2026-09-21');
    story = await Story.within(system, demo, withinACounty(demo)[0], { kind: 'withdrawal', details: { ground: 'ownApplication' } });
    await new ByHand(system).settle(story.id);
    await manyTasks(system, 900, '2026-08-03', '2026-10-30');
    await asOwner(
      system,
      `with few as (select id from task where state = 'open' and request_id <> $1 order by id limit 200)
       update task t set state = 'decided', decided_at = '2026-10-24T10:00:00+08:00', decided_late = due_at <= '2026-10-24T10:00:00+08:00'
         from few where few.id = t.id`,
      [story.id],
    );
    await asOwner(
      system,
      `with few as (select id, row_number() over (order by id) as n from change_request where id <> $1 order by id limit 150)
       update change_request r set state = (array['approved','rejected','recalled'])[1 + n % 3],
         closed_at = date '2026-09-15' + (n % 60)::int from few where few.id = r.id`,
      [story.id],
    );
    system.time.jumpTo('2026-11-01', 1);
    await countOverdue(system.db, system.time);
  });
  afterAll(() => system?.stop());

  async function file(format: string, month = MONTH): Promise<{ type: string | null; bytes: Buffer }> {
    const response = await fetch(`${system.url}/api/v1/supervision/bulletin?month=${month}&format=${format}`, {
      headers: { Authorization: `Bearer ${token}` },
    });
    expect(response.status).toBe(200);
    return { type: response.headers.get('content-type'), bytes: Buffer.from(await response.arrayBuffer()) };
  }
  async function workbook(month = MONTH): Promise<Cell[][]> {
    const book = new ExcelJS.Workbook();
    await book.xlsx.load((await file('xlsx', month)).bytes as unknown as ArrayBuffer);
    const rows: Cell[][] = [];
    book.worksheets[0]!.eachRow((row) => rows.push(Array.from({ length: 8 }, (_, i) => (row.getCell(i + 1).value as Cell) ?? null)));
    return rows;
  }

  const facts = async (): Promise<Facts> => ({
    organisations: await asOwner(system, 'select id, code, name, level, parent_id as parent, province_id as province from organisation'),
    requests: await asOwner(system, 'select source_school_id as school, state, filed_at as filed, closed_at as closed from change_request'),
    tasks: await asOwner(system, 'select holder_id as holder, state, due_at as due, decided_at as decided, decided_late as late from task'),
  });
  /** The figures of the month, one authority after the other, from plain lists. */
  function recounted({ organisations, requests, tasks }: Facts): Cell[][] {
    const at = new Map(organisations.map(({ id, level, parent }) => [id, level === 'school' ? parent : id]));
    const within = (date: Date | null) => date !== null && date.getTime() >= FROM && date.getTime() < UNTIL;
    const provinceOf = ({ province, name }: Facts['organisations'][number]) =>
      organisations.find(({ id }) => id === province)?.name ?? name;
    return organisations
      .filter(({ level }) => level !== 'school')
      .map((authority) => {
        const mine = requests.filter(({ school }) => at.get(school) === authority.id);
        const held = tasks.filter(({ holder }) => at.get(holder) === authority.id);
        const closed = mine.filter((one) => within(one.closed));
        return [
          provinceOf(authority),
          authority.name,
          authority.code,
          mine.filter(({ filed }) => within(filed)).length,
          closed.filter(({ state }) => state === 'approved').length,
          closed.filter(({ state }) => state !== 'approved').length,
          held.filter(({ decided, late }) => late === true && within(decided)).length,
          held.filter(({ state, due }) => state === 'open' && due.getTime() <= UNTIL).length,
        ];
      });
  }
  const byCode = (rows: Cell[][]) => new Map(rows.map((row) => [row[2], row]));

  it('has the figures that a plain recount has, and each province its sums', async () => {
    const rows = (await workbook()).slice(1);
    const expected = recounted(await facts());
    expect(byCode(rows.filter((row) => row[2] !== null))).toEqual(byCode(expected));
    for (const figure of [3, 4, 5, 6, 7]) expect(expected.reduce((sum, row) => sum + Number(row[figure]), 0)).toBeGreaterThan(0);
    const all = rows.pop();
    expect(all?.slice(0, 3)).toEqual(['全部 all', '合计 total', null]);
    const sums = rows.filter((row) => row[1] === '合计 total');
    for (const figure of [3, 4, 5, 6, 7]) expect(all?.[figure]).toBe(sums.reduce((sum, row) => sum + Number(row[figure]), 0));
    expect(sums.map((row) => row[0])).toEqual([...new Set(rows.map((row) => row[0]))]);
    for (const sum of sums)
      for (const figure of [3, 4, 5, 6, 7])
        expect(sum[figure]).toBe(expected.filter((row) => row[0] === sum[0]).reduce((so, row) => so + Number(row[figure]), 0));
  });

  it('of a past month stays as it was when what was overdue then is decided, extended or ended later', async () => {
    const before = await workbook();
    system.time.jumpTo('2026-11-05');
    expect((await story.decide('approve')).status).toBe(200);
    await asOwner(
      system,
      `update task set state = 'decided', decided_at = '2026-11-05T12:00:00+08:00', decided_late = true where state = 'open'
        and due_at <= '2026-09-20'`,
    );
    await asOwner(system, `update task set due_at = due_at + interval '60 days' where state = 'open' and due_at > '2026-10-20'`);
    await asOwner(
      system,
      `update change_request set state = 'approved', closed_at = '2026-11-06T12:00:00+08:00' where state = 'open'
        and filed_at < '2026-09-10'`,
    );
    while (await foldOpenTasks(system.db));
    expect(await workbook()).toEqual(before);
    expect(await workbook('2026-11')).not.toEqual(before);
  });

  it('says on every printed page of the workbook who made it, and as of when; of the present month as of now', async () => {
    const book = new ExcelJS.Workbook();
    system.time.jumpTo('2026-11-05', 12);
    await book.xlsx.load((await file('xlsx', '2026-11')).bytes as unknown as ArrayBuffer);
    expect(book.worksheets[0]?.headerFooter.oddHeader).toContain('编制 by 教育部 · 截至 as of 2026-11-05 12:');
    expect(book.worksheets[0]?.pageSetup).toMatchObject({ orientation: 'landscape', printTitlesRow: '1:1' });
  });

  it('leaves empty, with its sums, what was overdue at the end of a month of which nobody counted', async () => {
    const rows = (await workbook('2026-08')).slice(1);
    expect(rows.map((row) => row[7])).toEqual(rows.map(() => null));
    expect(rows.some((row) => Number(row[3]) > 0)).toBe(true);
  });

  describe('as a PDF', () => {
    beforeAll(async () => {
      await asOwner(
        system,
        `insert into organisation (id, code, name, level, parent_id, ancestors, province_id, division_code)
         select gen_random_uuid(), 'B' || lpad(n::text, 5, '0'), case when n = 7 then '𠮷安示范县教育局' else '示范' || n || '县教育局' end, 'county',
           city.id, array[city.id] || city.ancestors, city.province_id, city.division_code
         from generate_series(1, 80) n cross join lateral (select * from organisation where level = 'city' order by code limit 1) city`,
      );
    });

    it('has the lines of the workbook in the same order, with the head row on every page and the pages numbered', async () => {
      const { type, bytes } = await file('pdf');
      expect(type).toBe('application/pdf');
      const pages = linesOfPdf(bytes);
      const [head, ...rows] = await workbook();
      expect(pages.length).toBeGreaterThan(2);
      const heads = pages.map((page) => page.findIndex((line) => line.startsWith('省份学籍主管部门代码发起')));
      expect(heads.every((at, nth) => at === (nth === 0 ? 2 : 0))).toBe(true);
      const lines = pages.flatMap((page, nth) => {
        expect(page.at(-1)).toBe(`第${nth + 1}页，共${pages.length}页${nth + 1}/${pages.length}`);
        return page.slice((heads[nth] ?? 0) + 2, -1);
      });
      expect(pages[0]?.slice(0, 2)).toEqual(['2026年10月学籍异动办理情况通报', 'Monthlybulletin,2026-10·编制by教育部·截至asof2026-10-31']);
      expect(head).toHaveLength(8);
      const asText = (row: Cell[]) =>
        row
          .map((cell) => String(cell ?? ''))
          .join('')
          .replace(/\s+/g, '')
          .replace('𠮷', '〓');
      expect(lines).toEqual([...rows.map(asText), '字库缺字notinthefont:〓U+20BB7']);
    });

    it('carries its font within it, and says which character the font has not instead of an empty box', async () => {
      const { bytes } = await file('pdf');
      expect(fontsOfPdf(bytes)).toHaveLength(2);
      expect(fontsOfPdf(bytes).filter(({ name, embedded }) => !embedded || !/^[A-Z]{6}\+NotoSansSC/.test(name))).toEqual([]);
      expect(bytes.length).toBeLessThan(300_000);
      expect(
        linesOfPdf(bytes)
          .flat()
          .some((line) => line.includes('〓安示范县教育局')),
      ).toBe(true);
    });

    it('comes in no other format', async () => {
      const client = await signIn(system.url, demo.holder(nation.id, 'authoritySupervisor'));
      expect((await client.get(`/supervision/bulletin?month=${MONTH}&format=docx`)).body).toMatchObject({
        code: 'invalid-input',
        errors: [{ pointer: '/format' }],
      });
    });
  });
});
