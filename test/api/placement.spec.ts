import { monthsLater } from '../../src/domain/working-days.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { Demonstration, withinACounty, type DemoOrganisation } from '../fixtures/demonstration.js';
import { register, somebody } from '../fixtures/registrations.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

describe('the placement of a transfer', () => {
  let system: System;
  let demo: Demonstration;
  beforeAll(async () => {
    system = await startSystem();
    demo = await Demonstration.of(system);
  });
  afterAll(() => system?.stop());

  describe('goes by what the school offers, as filed for each intake', () => {
    const offer = (majorCode: string, more: object = {}) => ({
      majorCode,
      studyMode: 'fullTime',
      lengthYears: 3,
      entry: 'juniorMiddle',
      ...more,
    });
    const listed = async (client: ApiClient, school: DemoOrganisation, intake: string) =>
      (
        await client.get<{ majorCode: string; studyMode: string; lengthYears: number; entry: string }[]>(
          `/organisations/${school.id}/majors?intake=${intake}`,
        )
      ).body.map(({ majorCode, studyMode, lengthYears, entry }) => ({ majorCode, studyMode, lengthYears, entry }));

    it('which its clerk files, or a supervisor above it, as a whole; what is studied there stays', async () => {
      const [school, other] = withinACounty(demo);
      const clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
      const file = (body: object, by = clerk) => by.post(`/organisations/${school.id}/majors`, body);
      expect((await file({ intake: '2033', majors: [offer('710201'), offer('710201')] })).status).toBe(200);
      expect(await listed(clerk, school, '2033')).toEqual([offer('710201')]);
      const supervisor = await as(system, demo.holder(school.parentId ?? '', 'authoritySupervisor'));
      expect((await file({ intake: '2033', majors: [offer('710205', { studyMode: 'workStudy' })] }, supervisor)).status).toBe(200);
      expect(await listed(clerk, school, '2033')).toEqual([offer('710205', { studyMode: 'workStudy' })]);
      expect(await file({ intake: '2026', majors: [] })).toMatchObject(refused(409, 'major-in-use'));
      const elsewhere = await as(system, demo.holder(other.id, 'schoolClerk'));
      expect(await file({ intake: '2033', majors: [] }, elsewhere)).toMatchObject(refused(404, 'not-found'));
      const reviewer = await as(system, demo.holder(school.id, 'schoolReviewer'));
      expect(await file({ intake: '2033', majors: [] }, reviewer)).toMatchObject(refused(403, 'not-your-office'));
    });

    it('so that nobody is registered, placed or moved into another major or mode, nor with days that contradict one another', async () => {
      const [school, other] = withinACounty(demo);
      const clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
      const registered = async (change: Record<string, unknown>) => {
        const { status, body } = await register(system, demo, school, somebody(change));
        const { code, errors } = body as { code?: string; errors?: { pointer: string }[] };
        return [status, code, errors?.map(({ pointer }) => pointer)];
      };
      expect(await registered({ majorCode: '690201', grade: '2026', studyMode: 'workStudy' })).toEqual([
        409,
        'study-mode-not-licensed',
        ['/studyMode'],
      ]);
      expect(await registered({ majorCode: '610102' })).toEqual([409, 'major-not-offered', ['/majorCode']]);
      expect(await registered({ lengthYears: 4, expectedLeavingOn: '2030-06-30' })).toEqual([422, 'length-not-offered', ['/lengthYears']]);
      expect((await registered({ grade: '2010' }))[1]).toBe('grade-contradicts-entry');
      expect((await registered({ expectedLeavingOn: '2050-06-30' }))[1]).toBe('leaving-contradicts-length');
      expect((await registered({ grade: '2099', enrolledOn: '2099-09-01', expectedLeavingOn: '2102-06-30' }))[1]).toBe('entry-in-future');

      const story = await Story.transfer(system, demo, [school, other]);
      await story.decide('approve', { step: 'sourceSchool' });
      const early = await story.decide('approve', { step: 'destinationSchool', data: { majorCode: '610102' } });
      expect(early).toMatchObject({ status: 409, body: { code: 'major-not-offered', errors: [{ pointer: '/data/majorCode' }] } });
      const change = { kind: 'changeMajor', studentId: demo.student(school.id), details: { majorCode: '610102', ground: 'aptitude' } };
      const { body } = await clerk.post('/change-requests/precheck', { ...change, evidenceIds: [await clerk.evidence()] });
      expect(body).toMatchObject({ allowed: false, blockers: [{ code: 'major-not-offered', pointer: '/details/majorCode' }] });
    });

    it('and who comes from an ordinary school is given a major, while who goes to one has none and studies full-time', async () => {
      const [ordinary] = demo.schools('ordinary') as [DemoOrganisation];
      const vocational = demo.schools().find(({ parentId }) => parentId !== ordinary.parentId) as DemoOrganisation;
      const coming = await Story.crossTrack(system, demo, [ordinary, vocational]);
      const without = await coming.decide('approve', { step: 'destinationSchool', data: { className: '2026级1班' } });
      expect(without).toMatchObject({ status: 422, body: { code: 'major-required', errors: [{ pointer: '/data/majorCode' }] } });
      const going = await Story.crossTrack(system, demo, [vocational, ordinary]);
      expect(await going.decide('approve', { step: 'destinationSchool', data: { majorCode: '710201' } })).toMatchObject(
        refused(422, 'major-not-taken'),
      );
      expect((await going.approveAll()).state).toBe('approved');
      const { body } = await (await as(system, demo.holder(ordinary.id, 'schoolClerk'))).get(`/students/${going.studentId}`);
      expect(body.enrolment).toMatchObject({ majorCode: null, studyMode: 'fullTime' });
    });
  });

  const refused = (status: number, code: string) => ({ status, body: { code } });

  it('is in a year of intake near the present one, with which the student leaves, and in a major that there is', async () => {
    const story = await Story.transfer(system, demo, withinACounty(demo));
    const before = (await story.filer.get(`/students/${story.studentId}`)).body.enrolment;
    const later = (years: number) => String(Number(before.grade) + years);
    await story.decide('approve', { step: 'sourceSchool' });
    const decide = (data: object) => story.decide('approve', { step: 'destinationSchool', data });
    expect(await decide({ grade: later(3) })).toMatchObject({
      status: 422,
      body: { code: 'grade-out-of-reach', errors: [{ pointer: '/data/grade' }] },
    });
    expect(await decide({ grade: '2099' })).toMatchObject(refused(422, 'grade-out-of-reach'));
    expect(await decide({ majorCode: '999999' })).toMatchObject({
      status: 422,
      body: { code: 'invalid-input', errors: [{ pointer: '/data/majorCode' }] },
    });
    expect((await decide({ grade: later(1) })).status).toBe(200);
    await story.approveAll();
    const clerk = await as(system, demo.holder(story.destination.id, 'schoolClerk'));
    const { body: student } = await clerk.get(`/students/${story.studentId}`);
    expect(student.enrolment).toMatchObject({
      grade: later(1),
      majorCode: before.majorCode,
      expectedLeavingOn: monthsLater(before.expectedLeavingOn, 12),
    });
  });
});
