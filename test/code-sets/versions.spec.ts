import ExcelJS from 'exceljs';
import { addDays } from '../../src/domain/working-days.js';
import { audited } from '../fixtures/audit.js';
import { APPROVER, DRAFTER } from '../fixtures/calendar.js';
import { listing, openMajors, type CatalogueDraft, type Listed } from '../fixtures/catalogues.js';
import { as, refused, type ApiClient } from '../fixtures/client.js';
import { Demonstration, withinACounty, type DemoOrganisation } from '../fixtures/demonstration.js';
import { register, somebody } from '../fixtures/registrations.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

const VERSIONS = '/code-sets/majors-2021/versions';
const [NEW, CLOSED, RENAMED] = ['719901', '640502', '710205'];

interface Version {
  version: number;
  state: string;
  changes: { added: Listed[]; renamed: object[]; closed: Listed[]; reopened: Listed[] };
}

describe('a catalogue of majors is kept by versions', () => {
  let system: System;
  let demo: Demonstration;
  let drafter: ApiClient;
  let approver: ApiClient;
  let clerk: ApiClient;
  let school: DemoOrganisation;
  let list: Listed[];
  beforeAll(async () => {
    system = await startSystem();
    demo = await Demonstration.of(system);
    [school] = withinACounty(demo);
    [drafter, approver, clerk] = await Promise.all([
      as(system, DRAFTER),
      as(system, APPROVER),
      as(system, demo.holder(school.id, 'schoolClerk')),
    ]);
    list = await openMajors(drafter);
  });
  afterAll(() => system?.stop());

  /** From the intake of 2026 on: a new major, one that is renamed, and one that is no longer taken. */
  const draft = (): CatalogueDraft => {
    const kept = list.filter(({ code }) => code !== CLOSED).map((one) => (one.code === RENAMED ? { ...one, zh: '大数据应用' } : one));
    return { ...listing(kept, NEW as string), firstIntake: '2026' };
  };
  const offer = (majorCode: string) => ({ majorCode, studyMode: 'fullTime', lengthYears: 3, entry: 'juniorMiddle' });
  const offers = async (intake: string) =>
    (await clerk.get<ReturnType<typeof offer>[]>(`/organisations/${school.id}/majors?intake=${intake}`)).body.map(
      ({ majorCode, studyMode, lengthYears, entry }) => ({ majorCode, studyMode, lengthYears, entry }),
    );
  const file = (intake: string, majors: object[]) => clerk.post(`/organisations/${school.id}/majors`, { intake, majors });
  const registered = async (more: object) => {
    const { status, body } = await register(system, demo, school, somebody({ ...more }));
    const { code, errors } = body as { code?: string; errors?: { pointer: string }[] };
    return status === 201 ? 201 : [status, code, errors?.[0]?.pointer];
  };
  const nameOf = async (query: string, code: string) =>
    (await clerk.get<{ items: Listed[] }>(`/code-sets/majors${query}`)).body.items.find((one) => one.code === code)?.zh;

  it('so that a list is previewed, drafted by one person of the nation and activated by another, and by nobody else', async () => {
    for (const intake of ['2025', '2026'])
      expect((await file(intake, [...(await offers(intake)), offer(CLOSED as string)])).status).toBe(200);
    const changes = {
      added: [{ code: NEW, zh: `增补专业${NEW}` }],
      renamed: [{ code: RENAMED, from: '大数据技术应用', to: '大数据应用' }],
      closed: [{ code: CLOSED, zh: '建设项目材料管理' }],
      reopened: [],
      described: [],
    };
    expect(await drafter.post(`${VERSIONS}/preview`, draft())).toMatchObject({ status: 200, body: changes });
    expect((await clerk.get<{ items: Version[] }>(VERSIONS)).body.items).toHaveLength(1); // nothing was saved
    const east = [...demo.organisations.values()].find(({ level }) => level === 'province');
    const province = await as(system, demo.holder(east?.id ?? '', 'authoritySupervisor'));
    for (const other of [clerk, province]) {
      expect(await other.post(VERSIONS, draft())).toMatchObject(refused(403, 'not-your-office'));
      expect(await other.post(`${VERSIONS}/preview`, draft())).toMatchObject(refused(403, 'not-your-office'));
    }
    const made = await drafter.post<Version>(VERSIONS, draft());
    expect(made).toMatchObject({ status: 201, body: { version: 2, basedOn: 1, state: 'draft', inForce: false, changes } });
    const rival = await approver.post<Version>(VERSIONS, { ...draft(), firstIntake: '2027' });
    expect(rival).toMatchObject({ status: 201, body: { version: 3, basedOn: 1 } });
    const abandoned = await approver.post<Version>(VERSIONS, draft());
    const withdrawal = `${VERSIONS}/${abandoned.body.version}/withdrawal`;
    expect(await approver.post(withdrawal, { reason: '录入有误' })).toMatchObject({ status: 200, body: { state: 'withdrawn' } });
    expect(await drafter.post(`${VERSIONS}/${abandoned.body.version}/activation`)).toMatchObject(refused(409, 'version-not-a-draft'));

    expect(await nameOf('', RENAMED as string)).toBe('大数据技术应用');
    expect(await registered({ majorCode: NEW })).toEqual([422, 'major-not-in-catalogue', '/majorCode']);
    expect(await file('2026', [...(await offers('2026')), offer(NEW as string)])).toMatchObject(refused(422, 'invalid-input'));
    expect(await drafter.post(`${VERSIONS}/2/activation`)).toMatchObject(refused(403, 'separation-of-duties'));
    expect(await clerk.post(`${VERSIONS}/2/activation`)).toMatchObject(refused(403, 'not-your-office'));
    expect(await approver.post(`${VERSIONS}/2/activation`)).toMatchObject({
      status: 200,
      body: { state: 'activated', inForce: true, changes },
    });
    expect(await approver.post(`${VERSIONS}/2/activation`)).toMatchObject(refused(409, 'version-not-a-draft'));
    expect(await drafter.post(`${VERSIONS}/${rival.body.version}/activation`)).toMatchObject(refused(409, 'stale-version'));
    expect(await drafter.post(VERSIONS, draft())).toMatchObject(refused(422, 'nothing-to-change'));
  });

  it('and judged without a restart: a new major is taken by who offers it, a closed one only by earlier intakes', async () => {
    expect((await file('2026', [...(await offers('2026')), offer(NEW as string)])).status).toBe(200);
    expect(await registered({ majorCode: NEW })).toBe(201);
    expect(await registered({ majorCode: CLOSED })).toEqual([422, 'major-not-in-catalogue', '/majorCode']);
    expect(await registered({ majorCode: CLOSED, grade: '2025', className: undefined, expectedLeavingOn: '2028-06-30' })).toBe(201);
    // what stands on the list stays, and no other list takes it up
    expect((await file('2026', await offers('2026'))).status).toBe(200);
    const later = await file('2027', [...(await offers('2027')), offer(CLOSED as string)]);
    expect(later).toMatchObject({
      status: 422,
      body: { code: 'invalid-input', errors: [{ pointer: expect.stringMatching(/^\/majors\/\d+\/majorCode$/) }] },
    });
    const room = (grade: string, majorCode: string) =>
      clerk.post(`/schools/${school.id}/classes`, { name: `${grade}级${majorCode}班`, grade, majorCode });
    expect((await room('2026', NEW as string)).status).toBe(201);
    expect(await room('2027', CLOSED as string)).toMatchObject(refused(422, 'major-not-in-catalogue'));
  });

  it('so that a change into a new major takes effect, and one into a closed major is refused', async () => {
    const details = (majorCode: string) => ({ kind: 'changeMajor', details: { majorCode, ground: 'adjustment' } });
    const studentId = await studentOf('2026');
    const evidenceIds = [await clerk.evidence()];
    const { body } = await clerk.post('/change-requests/precheck', { ...details(CLOSED as string), studentId, evidenceIds });
    expect(body.blockers).toEqual(
      expect.arrayContaining([expect.objectContaining({ code: 'major-not-in-catalogue', pointer: '/details/majorCode' })]),
    );
    const story = await Story.within(system, demo, school, { ...details(NEW as string), studentId });
    expect((await story.approveAll()).state).toBe('approved');
    const { body: student } = await clerk.get(`/students/${studentId}`);
    expect(student.enrolment).toMatchObject({ majorCode: NEW, grade: '2026' });
  });

  it('and read as of a day, page by page, for an intake, with an ETag', async () => {
    const today = system.time.today();
    expect(
      await Promise.all(['', `?asOf=${addDays(today, -1)}`, `?asOf=${today}`].map((query) => nameOf(query, RENAMED as string))),
    ).toEqual(['大数据应用', '大数据技术应用', '大数据应用']);
    expect([await nameOf('?intake=2026', CLOSED as string), await nameOf('?intake=2025', CLOSED as string)]).toEqual([
      undefined,
      '建设项目材料管理',
    ]);
    const codes: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { body }: { body: { items: Listed[]; nextCursor: string | null } } = await clerk.get(
        `/code-sets/majors?limit=100${cursor && `&cursor=${cursor}`}`,
      );
      codes.push(...body.items.map(({ code }) => code));
      cursor = body.nextCursor;
    }
    const { body: whole } = await clerk.get<{ items: Listed[] }>('/code-sets/majors');
    expect(codes).toEqual(whole.items.map(({ code }) => code));
    const { body: sets } = await clerk.get<{ items: { name: string; keptBy: string; version: number | null }[] }>('/code-sets');
    expect(sets.items).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: 'majors-2021', keptBy: 'versions', version: 2 }),
        expect.objectContaining({ name: 'ethnic-groups', keptBy: 'release', version: null }),
      ]),
    );
    const ask = (headers: Record<string, string> = {}) =>
      fetch(`${system.url}/api/v1/code-sets/majors`, {
        headers: { Authorization: `Bearer ${clerk.token}`, 'Cache-Control': 'max-age=0', ...headers },
      });
    const first = await ask();
    expect((await ask({ 'If-None-Match': first.headers.get('etag') ?? '' })).status).toBe(304);
    expect(await clerk.get(`${VERSIONS}/9`)).toMatchObject(refused(404, 'not-found'));
    expect(await clerk.get('/code-sets/sexes/versions')).toMatchObject(refused(404, 'not-found'));
  });

  it('while a sheet for changes of major lets the clerk choose from what the school offers, with names', async () => {
    const answer = await fetch(`${system.url}/api/v1/change-kinds/changeMajor/sheet`, {
      headers: { Authorization: `Bearer ${clerk.token}` },
    });
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(await answer.arrayBuffer());
    const [page] = book.worksheets;
    const choices = book.getWorksheet('专业代码可选项');
    const column = (page?.getRow(1).values as string[]).findIndex((head) => String(head).endsWith('details.majorCode'));
    expect(page?.getCell(2, column).dataValidation.formulae).toEqual([expect.stringContaining(`'${choices?.name}'!`)]);
    const offered = (choices?.getSheetValues() ?? []).flatMap((row) => (Array.isArray(row) ? [[row[1], row[2]]] : []));
    expect(offered).toEqual(
      expect.arrayContaining([
        [NEW, `增补专业${NEW}`],
        [RENAMED, '大数据应用'],
      ]),
    );
    expect(offered).toHaveLength(
      new Set((await clerk.get<{ majorCode: string }[]>(`/organisations/${school.id}/majors`)).body.map(({ majorCode }) => majorCode)).size,
    );
  });

  it('and refuses a list that names a code twice, one of another catalogue, or a document of tomorrow', async () => {
    const wrong = async (change: Partial<CatalogueDraft>) => {
      const { status, body } = await drafter.post<{ errors?: { pointer: string }[] }>(VERSIONS, { ...draft(), ...change });
      return [status, body.errors?.map(({ pointer }) => pointer)];
    };
    const [first] = list as [Listed];
    expect(await wrong({ entries: [first, first] })).toEqual([422, ['/entries/1/code']]);
    expect(await wrong({ entries: [{ code: '010100', zh: '设施农业生产技术' }] })).toEqual([422, ['/entries/0/code']]);
    expect(await wrong({ document: { ...draft().document, date: '2030-01-01' } })).toEqual([422, ['/document/date']]);
    expect((await audited(system)).problems).toEqual([]);
  });

  async function studentOf(grade: string): Promise<string> {
    const { body } = await clerk.get<{ items: { id: string; majorCode: string }[] }>(`/students?state=active&grade=${grade}`);
    const found = body.items.find(({ majorCode }) => majorCode !== NEW);
    if (!found) throw new Error('nobody studies there');
    return found.id;
  }
});
