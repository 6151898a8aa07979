import { addDays } from '../../src/domain/working-days.js';
import { as, refused, type ApiClient } from '../fixtures/client.js';
import { Demonstration, withinACounty, type DemoOrganisation } from '../fixtures/demonstration.js';
import { audited } from '../fixtures/audit.js';
import { startSystem, type System } from '../fixtures/system.js';

interface Class {
  id: string;
  name: string;
  students: number;
  closedOn: string | null;
  mergedInto: string | null;
}
interface Item {
  id: string;
  grade: string;
  majorCode: string;
  className: string | null;
}

describe('classes', () => {
  let system: System;
  let school: DemoOrganisation;
  let clerk: ApiClient;
  let authority: ApiClient;
  let stranger: ApiClient;
  let students: Item[];
  let grade: string;
  let majorCode: string;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false });
    const demo = await Demonstration.of(system);
    const [one, other] = withinACounty(demo);
    school = one;
    clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
    authority = await as(system, demo.holder(school.parentId ?? '', 'authorityReviewer'));
    stranger = await as(system, demo.holder(other.id, 'schoolClerk'));
    const { items } = (await clerk.get<{ items: Item[] }>('/students?state=active&limit=200')).body;
    ({ grade, majorCode } = items.find((item) => item.grade === '2025')!);
    students = items.filter((item) => item.grade === grade && item.majorCode === majorCode).slice(0, 3);
  });
  afterAll(() => system?.stop());

  const path = (more = '') => `/schools/${school.id}/classes${more}`;
  const made = async (name: string, more: object = {}) => {
    const { status, body } = await clerk.post<Class>(path(), { name, grade, majorCode, headTeacher: '王秀英', size: 45, ...more });
    expect(status).toBe(201);
    return body;
  };
  const ids = () => students.map(({ id }) => id);
  const place = (to: Class, body: object = {}, by = clerk) => by.post(path(`/${to.id}/students`), { studentIds: ids(), ...body });
  const classOn = async (day: string, id = students[0]!.id) =>
    (await clerk.get<{ enrolment: { className: string | null } }>(`/students/${id}/dossier?asOf=${day}`)).body.enrolment.className;
  const today = () => new Date(system.time.now() + 8 * 3_600_000).toISOString().slice(0, 10);

  it('are made by the school’s clerk, one of a name, and listed for the school and its authorities', async () => {
    const one = await made('实验一班');
    expect(one).toMatchObject({ grade, majorCode, headTeacher: '王秀英', size: 45, students: 0, closedOn: null });
    expect(await clerk.post(path(), { name: '实验一班', grade, majorCode })).toMatchObject(refused(409, 'class-name-taken'));
    for (const by of [authority, stranger])
      expect(await by.post(path(), { name: '别班', grade, majorCode })).toMatchObject(refused(403, 'not-your-office'));
    expect((await authority.get<{ items: Class[] }>(path(`?grade=${grade}`))).body.items.map(({ id }) => id)).toContain(one.id);
    expect(await stranger.get(path())).toMatchObject(refused(404, 'not-found'));
  });

  it('take students by list, from a day on, all or none; the dossier says which class on which day', async () => {
    const from = addDays(today(), -10);
    const one = await made('实验二班', { openedOn: addDays(from, -1) });
    const before = students[0]!.className;
    const late = await made('实验六班');
    expect(await place(late, { effectiveOn: from })).toMatchObject({ status: 422, body: { errors: [{ pointer: '/effectiveOn' }] } });
    expect(await clerk.post(path(), { name: '明日班', grade, majorCode, openedOn: addDays(today(), 1) })).toMatchObject(
      refused(422, 'date-in-future'),
    );
    expect(await place(one, { effectiveOn: addDays(today(), 1) })).toMatchObject(refused(422, 'date-in-future'));
    expect((await place(one, { effectiveOn: from })).body).toEqual({ classId: one.id, students: students.length, effectiveOn: from });
    expect([await classOn(addDays(from, -1)), await classOn(from), await classOn(today())]).toEqual([before, '实验二班', '实验二班']);
    const elsewhere = await made('别专业班', { grade: '2026' });
    expect(await place(elsewhere)).toMatchObject(refused(422, 'invalid-input'));
    expect(await place(one, { effectiveOn: addDays(from, -1) })).toMatchObject(refused(422, 'invalid-input'));
    expect(await place(one, {}, stranger)).toMatchObject(refused(403, 'not-your-office'));
    expect(await classOn(today())).toBe('实验二班');
  });

  it('are renamed with their students, merged within grade and major, and closed when nobody is in them', async () => {
    const [from, into] = [await made('实验三班'), await made('实验四班')];
    expect((await place(from)).status).toBe(200);
    expect(
      (await clerk.send<Class>('PATCH', path(`/${from.id}`), { name: '实验五班' }, { 'Idempotency-Key': 'rename' })).body,
    ).toMatchObject({
      name: '实验五班',
      students: students.length,
    });
    expect(await classOn(today())).toBe('实验五班');
    expect(await clerk.post(path(`/${from.id}/closure`))).toMatchObject(refused(409, 'class-not-empty'));
    const other = await made('另一年级班', { grade: '2026' });
    expect(await clerk.post(path(`/${from.id}/merger`), { into: other.id })).toMatchObject(refused(422, 'class-differs'));
    expect((await clerk.post<Class>(path(`/${from.id}/merger`), { into: into.id })).body).toMatchObject({
      closedOn: today(),
      mergedInto: into.id,
    });
    expect(await classOn(today())).toBe('实验四班');
    expect(await place(from)).toMatchObject(refused(409, 'class-closed'));
    expect((await clerk.post<Class>(path(`/${other.id}/closure`))).body).toMatchObject({ closedOn: today(), mergedInto: null });
    await made('另一年级班', { grade: '2026' });
  });

  it('leave acts that the audit finds sound', async () => {
    expect((await audited(system)).problems).toEqual([]);
  });
});
