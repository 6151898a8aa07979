import { as } from '../fixtures/client.js';
import { Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { openClass } from '../fixtures/classes.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { UNTIL } from '../fixtures/dates.js';

describe('a student who is suspended, resumes, changes the major, repeats a year, leaves by mistake and comes back', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let studentId: string;

  beforeAll(async () => {
    system = await startSystem({ engine: 'time-skipping' });
    demo = await Demonstration.of(system);
    school = demo.schools().find(({ type }) => type !== 'ordinaryMiddle') as DemoOrganisation;
    studentId = demo.student(school.id);
  });
  afterAll(() => system.stop());

  const effect = async (kind: string, details: object, more: { data?: object; step?: string } = {}) => {
    const story = await Story.within(system, demo, school, { kind, studentId, details });
    if (more.step) expect((await story.decide('approve', more)).status).toBe(200);
    const detail = await story.approveAll();
    expect([kind, detail.state, detail.hold]).toEqual([kind, 'approved', null]);
    const { body } = await story.filer.get<{ enrolment: Record<string, unknown> }>(`/students/${studentId}`);
    return { id: story.id, enrolment: body.enrolment };
  };

  it('stands after each change as the matrix says, and the dossier tells every day truthfully', async () => {
    const { enrolment: suspended } = await effect('suspension', { ground: 'illness', until: UNTIL });
    expect(suspended).toMatchObject({ state: 'suspended', suspendedUntil: UNTIL });
    const { enrolment: resumed } = await effect('resumption', {}, { step: 'school', data: { grade: '2027' } });
    expect(resumed).toMatchObject({ state: 'active', suspendedUntil: null, grade: '2027', className: null });
    const unplaced = '/students?unplaced=true&count=true';
    const clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
    expect((await clerk.get(unplaced)).body).toMatchObject({ items: [{ id: studentId, unplaced: true }], count: { students: 1 } });
    const { enrolment: moved } = await effect('changeMajor', { majorCode: '710205', ground: 'aptitude' });
    expect(moved).toMatchObject({ majorCode: '710205', className: null, grade: '2027' });
    await openClass(system, demo, school, { name: '2028级1班', grade: '2028', majorCode: '710205' });
    const { enrolment: repeated } = await effect('repeatYear', { className: '2028级1班' });
    expect(repeated).toMatchObject({ grade: '2028', className: '2028级1班' });
    expect((await clerk.get(unplaced)).body).toMatchObject({ items: [], count: { students: 0 } });
    const { enrolment: mode } = await effect('changeStudyMode', { studyMode: 'partTime', lengthYears: 4 });
    expect(mode).toMatchObject({ studyMode: 'partTime', lengthYears: 4 });
    const { id, enrolment: left } = await effect('withdrawal', { ground: 'ownApplication' });
    expect(left).toMatchObject({ state: 'withdrawn' });
    const { enrolment: back } = await effect('reinstatement', { requestId: id, ground: 'enteredByMistake' });
    expect(back).toMatchObject({ state: 'active', validTo: null, studyMode: 'partTime' });
    const { enrolment: dead } = await effect('death', { diedOn: '2026-10-01' });
    expect(dead).toMatchObject({ state: 'deceased' });
  });
});
