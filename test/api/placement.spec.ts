import { monthsLater } from '../../src/domain/working-days.js';
import { openClass } from '../fixtures/classes.js';
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
      const without = await coming.decide('approve', { step: 'destinationSchool', data: {} });
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

  describe('names an open class of the school, of that grade and major', () => {
    type Studying = { className: string | null; grade: string; majorCode: string };
    const enrolmentOf = async (school: DemoOrganisation, id: string) =>
      (await (await as(system, demo.holder(school.id, 'schoolClerk'))).get<{ enrolment: Studying }>(`/students/${id}`)).body.enrolment;
    const atDestination = async (schools = withinACounty(demo)) => {
      const story = await Story.transfer(system, demo, schools);
      await story.decide('approve', { step: 'sourceSchool' });
      const { grade, majorCode } = await enrolmentOf(story.source, story.studentId);
      const open = (name: string, more: object = {}) => openClass(system, demo, story.destination, { name, grade, majorCode, ...more });
      const placed = (className: string) => story.decide('approve', { step: 'destinationSchool', data: { className } });
      return { story, open, placed, grade };
    };
    const told = (code: string, pointer: string, { id, name }: DemoOrganisation, label = '班级') => ({
      code,
      blockers: [{ code, pointer, item: id, message: expect.stringContaining(name) }],
      errors: [{ pointer, label, code, detail: expect.stringContaining(name) }],
    });
    const asClerk = (school: DemoOrganisation) => as(system, demo.holder(school.id, 'schoolClerk'));

    it('in a placement, or the school is told which field, which school and what to do', async () => {
      const { story, open, placed, grade } = await atDestination();
      expect((await placed('没有的班')).body).toMatchObject(told('class-not-open', '/data/className', story.destination));
      await open('高年级班', { grade: String(Number(grade) - 1) });
      expect(await placed('高年级班')).toMatchObject({
        status: 422,
        body: told('class-of-other-study', '/data/className', story.destination),
      });
      const closed = await open('已撤班');
      await (await asClerk(story.destination)).post(`/schools/${story.destination.id}/classes/${closed}/closure`);
      expect(await placed('已撤班')).toMatchObject(refused(422, 'class-not-open'));
      await open('转入甲班');
      expect((await placed('转入甲班')).status).toBe(200);
      await story.approveAll();
      expect(await enrolmentOf(story.destination, story.studentId)).toMatchObject({ className: '转入甲班' });
    });

    it('which has another name or other students on the day of effect: the student is in the class that it became', async () => {
      const schools = withinACounty(demo);
      const [renamed, merged, closed] = [await atDestination(schools), await atDestination(schools), await atDestination(schools)];
      const clerk = await asClerk(schools[1]);
      const at = (id: string, more = '') => `/schools/${schools[1].id}/classes/${id}${more}`;
      const ids = [await renamed.open('改名前'), await merged.open('并入前'), await closed.open('撤销前')] as const;
      for (const [one, name] of [
        [renamed, '改名前'],
        [merged, '并入前'],
        [closed, '撤销前'],
      ] as const)
        expect((await one.placed(name)).status).toBe(200);
      await clerk.send('PATCH', at(ids[0]), { name: '改名后' }, { 'Idempotency-Key': 'renamed' });
      await clerk.post(at(ids[1], '/merger'), { into: await merged.open('并入后') });
      await clerk.post(at(ids[2], '/closure'));
      for (const { story } of [renamed, merged, closed]) expect((await story.approveAll()).state).toBe('approved');
      const names = await Promise.all([renamed, merged, closed].map(({ story }) => enrolmentOf(schools[1], story.studentId)));
      // Where it is gone the student is unplaced, in sight, and no case parks for it.
      expect(names.map(({ className }) => className)).toEqual(['改名后', '并入后', null]);
      const { items } = (await clerk.get<{ items: { id: string }[] }>('/students?unplaced=true&limit=200')).body;
      expect(items.map(({ id }) => id)).toContain(closed.story.studentId);
    });

    it('in a change within the school, at precheck and at filing, also by a sheet’s rows', async () => {
      const [school] = withinACounty(demo);
      const clerk = await asClerk(school);
      const studentId = demo.student(school.id);
      const { grade, majorCode } = await enrolmentOf(school, studentId);
      const evidenceIds = [await clerk.evidence()];
      const next = String(Number(grade) + 1);
      const filing = (className: string, kind = 'repeatYear', details: object = {}) => ({
        kind,
        studentId,
        details: { ...details, className },
        evidenceIds,
        reason: '本人申请',
      });
      for (const body of [filing('没有的班'), filing('没有的班', 'changeMajor', { majorCode: '710205', ground: 'resumed' })]) {
        const { blockers } = (await clerk.post<{ blockers: { code: string; pointer?: string }[] }>('/change-requests/precheck', body)).body;
        expect(blockers).toContainEqual(
          expect.objectContaining({ code: 'class-not-open', pointer: '/details/className', item: school.id }),
        );
      }
      expect(await clerk.post('/change-requests', filing('没有的班'))).toMatchObject({
        status: 422,
        body: told('class-not-open', '/details/className', school),
      });
      const rows = {
        kind: 'repeatYear',
        common: { evidenceIds, reason: '本人申请' },
        items: [{ studentId, details: { className: '没有的班' } }],
      };
      const { items } = (await clerk.post<{ items: { status: string; blockers: { code: string }[] }[] }>('/change-requests/batch', rows))
        .body;
      expect(items).toMatchObject([{ status: 'refused', blockers: [{ code: 'class-not-open' }] }]);
      await openClass(system, demo, school, { name: '留级班', grade: next, majorCode });
      expect((await clerk.post('/change-requests', filing('留级班'))).status).toBe(201);
    });

    it('in a registration, and who waits for registration goes with the class', async () => {
      const [school] = withinACounty(demo);
      const study = { majorCode: '710201', grade: '2026' };
      const entered = (className: string) => register(system, demo, school, somebody({ ...study, className }));
      expect(await entered('没有的班')).toMatchObject({ status: 422, body: told('class-not-open', '/className', school) });
      await openClass(system, demo, school, { name: '别的专业班', grade: '2026', majorCode: '710205' });
      expect(await entered('别的专业班')).toMatchObject({ status: 422, body: told('class-of-other-study', '/className', school) });
      const id = await openClass(system, demo, school, { name: '新生班', ...study });
      const { status, body } = await entered('新生班');
      expect(status).toBe(201);
      const clerk = await asClerk(school);
      const classOf = async () =>
        (await clerk.get<{ particulars: { className: string | null } }>(`/registrations/${body.id}`)).body.particulars.className;
      expect(await classOf()).toBe('新生班');
      await clerk.send('PATCH', `/schools/${school.id}/classes/${id}`, { name: '新生一班' }, { 'Idempotency-Key': 'freshmen' });
      expect(await classOf()).toBe('新生一班');
      expect((await clerk.post(`/schools/${school.id}/classes/${id}/closure`)).status).toBe(200);
      expect(await classOf()).toBeNull();
    });

    it('again when a change is undone: a class that is gone meanwhile is not come back to', async () => {
      const [school] = withinACounty(demo);
      const studentId = demo.student(school.id);
      const { grade, majorCode } = await enrolmentOf(school, studentId);
      const clerk = await asClerk(school);
      const id = await openClass(system, demo, school, { name: '将撤班', grade, majorCode });
      const at = `/schools/${school.id}/classes/${id}`;
      expect((await clerk.post(`${at}/students`, { studentIds: [studentId] })).status).toBe(200);
      const left = await Story.within(system, demo, school, { kind: 'withdrawal', studentId, details: { ground: 'ownApplication' } });
      expect((await left.approveAll()).state).toBe('approved');
      expect((await clerk.post(`${at}/closure`)).status).toBe(200);
      const details = { requestId: left.id, ground: 'enteredByMistake' };
      const back = await Story.within(system, demo, school, { kind: 'reinstatement', studentId, details });
      expect((await back.approveAll()).state).toBe('approved');
      expect(await enrolmentOf(school, studentId)).toMatchObject({ state: 'active', className: null });
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
    expect(await decide({ majorCode: '数控' })).toMatchObject({
      status: 422,
      body: { code: 'invalid-input', errors: [{ pointer: '/data/majorCode' }] },
    });
    expect(await decide({ majorCode: '999999' })).toMatchObject({
      status: 422,
      body: { code: 'major-not-in-catalogue', errors: [{ pointer: '/data/majorCode' }] },
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
