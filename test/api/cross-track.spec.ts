import { maskStudentNumber } from '../../src/domain/dossier/id-document.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner } from '../fixtures/owner.js';
import { namedBy, Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

describe('a transfer between a vocational and an ordinary school (R-18)', () => {
  let system: System;
  let demo: Demonstration;
  let ordinary: DemoOrganisation;
  let vocational: DemoOrganisation;
  let filer: ApiClient;
  let evidenceId: string;
  beforeAll(async () => {
    system = await startSystem();
    demo = await Demonstration.of(system);
    ordinary = demo.schools('ordinary')[0] as DemoOrganisation;
    vocational = demo.schools().find(({ id, parentId }) => id !== ordinary.id && parentId !== ordinary.parentId) as DemoOrganisation;
    filer = await as(system, demo.holder(vocational.id, 'schoolClerk'));
    evidenceId = await filer.evidence();
  });
  afterAll(() => system?.stop());

  const decidedSteps = ({ timeline }: Awaited<ReturnType<Story['show']>>) =>
    timeline.filter(({ kind }) => kind === 'decided').map(({ step }) => step);
  const clerkOf = (school: DemoOrganisation) => as(system, demo.holder(school.id, 'schoolClerk'));
  const filing = (student: object, more: object = {}) => ({
    kind: 'crossTrackTransfer',
    details: { student, ...more },
    evidenceIds: [evidenceId],
    reason: '改读职业学校',
  });

  it.each([
    ['from the ordinary to the vocational school', () => [ordinary, vocational] as [DemoOrganisation, DemoOrganisation]],
    ['from the vocational to the ordinary school', () => [vocational, ordinary] as [DemoOrganisation, DemoOrganisation]],
  ])('goes %s through destination school, source school, destination authority and source authority', async (_, pair) => {
    const story = await Story.crossTrack(system, demo, pair());
    const before = await namedBy(await clerkOf(story.source), story.studentId);
    const detail = await story.approveAll();
    expect(detail).toMatchObject({ state: 'approved', handover: null });
    expect(decidedSteps(detail)).toEqual(['destinationSchool', 'sourceSchool', 'destinationAuthority', 'sourceAuthority']);
    expect((await story.filer.get(`/students/${story.studentId}`)).body).toMatchObject({
      studentNumber: maskStudentNumber(before.studentNumber),
      schoolId: story.destination.id,
      state: 'active',
    });
  });

  it.each([
    ['from the ordinary to the vocational school', () => [ordinary, vocational] as [DemoOrganisation, DemoOrganisation]],
    ['from the vocational to the ordinary school', () => [vocational, ordinary] as [DemoOrganisation, DemoOrganisation]],
  ])('that went wrongly %s is undone by one decision of each side, as if it had never been (A19)', async (_, pair) => {
    const moved = await Story.crossTrack(system, demo, pair());
    const { studentId, source, destination } = moved;
    const enrolment = async (at: DemoOrganisation) => (await (await clerkOf(at)).get(`/students/${studentId}/dossier`)).body;
    const { enrolment: before, studentNumber } = await enrolment(source);
    expect((await moved.approveAll()).state).toBe('approved');
    const undone = await Story.within(system, demo, destination, {
      kind: 'reinstatement',
      studentId,
      details: { requestId: moved.id, ground: 'enteredByMistake' },
    });
    const detail = await undone.approveAll();
    expect([detail.state, decidedSteps(detail).slice(0, 4)]).toEqual([
      'approved',
      ['sourceSchool', 'destinationSchool', 'sourceAuthority', 'destinationAuthority'],
    ]);
    const after = await enrolment(source);
    const { since: _since, ...values } = before;
    expect(after).toMatchObject({ studentNumber, state: 'active', schoolId: source.id, enrolment: values });
    expect(after.enrolments.map((one: { state: string; school: { id: string } }) => [one.state, one.school.id])).toEqual([
      ['active', source.id],
      ['deregistered', destination.id],
    ]);
    const twice = await (
      await clerkOf(source)
    ).post('/change-requests/precheck', {
      kind: 'reinstatement',
      studentId,
      details: { requestId: moved.id, ground: 'enteredByMistake' },
      evidenceIds: [],
    });
    expect(twice.body.blockers.map(({ code }: { code: string }) => code)).toContain('change-not-latest');
  });

  describe('the destination school may not see the student, so', () => {
    const told = (body: Record<string, unknown>) => {
      const { traceId: _traceId, ...rest } = body;
      return rest;
    };

    /** Every way in which number and name can fail to name a student for whom this can be filed. */
    async function pairs(): Promise<Record<string, { studentNumber: string; name: string }>> {
      const clerk = await clerkOf(ordinary);
      const right = await namedBy(clerk, demo.student(ordinary.id));
      const busy = await Story.crossTrack(system, demo, [ordinary, vocational]);
      const elsewhere = demo.schools().find(({ id }) => id !== vocational.id) as DemoOrganisation;
      return {
        'unknown number': { ...right, studentNumber: 'G11010119000101001X' },
        'wrong name': { ...right, name: '查无此人' },
        'suspended student': await namedBy(clerk, demo.student(ordinary.id, 'suspended')),
        'student with an open request': await namedBy(clerk, busy.studentId),
        'student of the same track': await namedBy(await clerkOf(elsewhere), demo.student(elsewhere.id)),
      };
    }

    it('one uniform refusal answers an unknown number, a wrong name and whatever is wrong on the other side', async () => {
      const wrong = Object.values(await pairs());
      const filed = await Promise.all(wrong.map((student) => filer.post('/change-requests', filing(student))));
      expect(filed.map(({ status, body }) => [status, body.code])).toEqual(wrong.map(() => [422, 'student-not-matched']));
      expect(new Set(filed.map(({ body }) => JSON.stringify(told(body)))).size).toBe(1);
      const asked = await Promise.all(wrong.map((student) => filer.post('/change-requests/precheck', filing(student))));
      expect(new Set(asked.map(({ body }) => JSON.stringify(body))).size).toBe(1);
      expect(asked[0]?.body).toMatchObject({ allowed: false, blockers: [{ code: 'student-not-matched', owner: 'filer' }] });
    });

    it('each vain attempt is on record, with who made it and without what was guessed', async () => {
      const count = () =>
        asOwner<{ n: number; bodies: object[] }[]>(
          system,
          `select count(*)::int as n, jsonb_agg(body) as bodies from act where stream = 'organisation' and stream_id = $1
            and kind = 'studentNotMatched' and person_id is not null`,
          [vocational.id],
        ).then(([row]) => row);
      const before = (await count())?.n ?? 0;
      await filer.post('/change-requests', filing({ studentNumber: 'G11010119000101001X', name: '查无此人' }));
      await filer.post('/change-requests/precheck', filing({ studentNumber: 'G11010119000101001X', name: '查无此人' }));
      const after = await count();
      expect(after?.n).toBe(before + 2);
      expect(after?.bodies.every((body) => Object.keys(body).length === 0)).toBe(true);
    });

    it('the refusal is told also when the vain attempt cannot be put on record', async () => {
      await asOwner(
        system,
        `create function no_record() returns trigger language plpgsql as $$ begin perform 1 / 0; return new; end $$;
         create trigger no_record before insert on act for each row when (new.kind = 'studentNotMatched') execute function no_record()`,
      );
      const { status, body } = await filer.post('/change-requests', filing({ studentNumber: 'G11010119000101001X', name: '查无此人' }));
      await asOwner(system, 'drop trigger no_record on act; drop function no_record');
      expect([status, body.code]).toEqual([422, 'student-not-matched']);
      expect(system.logs.filter((line) => line.includes('a refused filing could not be put on record'))).toHaveLength(1);
    });

    it('the blockers of the own side are shown, whether or not the pair names a student', async () => {
      const right = await namedBy(await clerkOf(ordinary), demo.student(ordinary.id));
      const late = { effectiveOn: '2029-01-01' };
      const codes = async (student: object, more: object) =>
        (await filer.post('/change-requests/precheck', filing(student, more))).body.blockers.map(({ code }: { code: string }) => code);
      expect(await codes(right, {})).toEqual([]);
      expect(await codes(right, late)).toEqual(['effective-date-out-of-range']);
      expect(await codes({ ...right, name: '查无此人' }, late)).toEqual(['student-not-matched', 'effective-date-out-of-range']);
      expect(await codes({ ...right, name: ` ${right.name} `, studentNumber: right.studentNumber.toLowerCase() }, {})).toEqual([]);
    });

    it('the student stays invisible to the destination school until the change takes effect', async () => {
      const story = await Story.crossTrack(system, demo, [ordinary, vocational]);
      expect((await story.filer.get(`/students/${story.studentId}`)).status).toBe(404);
    });
  });

  it('is filed by nobody but a clerk of the destination school', async () => {
    const student = { studentNumber: 'G11010119000101001X', name: '查无此人' };
    const answer = await filer.post('/change-requests', filing(student, { destinationSchoolId: ordinary.id }));
    expect(answer).toMatchObject({ status: 403, body: { code: 'not-your-office' } });
  });

  describe('when the ordinary school answers outside this system (A23)', () => {
    const reply = { documentNumber: '余高函〔2026〕17号', repliedOn: '2026-11-20' };
    beforeAll(() => asOwner(system, 'update organisation set answers_outside = true where id = $1', [ordinary.id]));

    it("its answer is recorded by the destination school's authority from the sealed reply, and only our enrolment is opened", async () => {
      const story = await Story.crossTrack(system, demo, [ordinary, vocational]);
      await story.decide('approve', { step: 'destinationSchool' });
      const open = await story.task('sourceSchool');
      expect(open.holder.id).toBe(vocational.parentId);
      const reviewer = await story.reviewer(open);
      const { body: task } = await reviewer.get(`/tasks/${open.id}`);
      expect(task).toMatchObject({ office: 'authorityReviewer', recordedOnBehalf: true, onBehalfOf: { id: ordinary.id } });
      expect(task.dataSchema).toMatchObject({ required: ['reply'] });
      expect(await story.decide('approve', { step: 'sourceSchool' })).toMatchObject({
        status: 422,
        body: { code: 'reply-required', errors: [{ pointer: '/data/reply' }] },
      });
      expect((await story.decide('approve', { step: 'sourceSchool', data: { reply } })).status).toBe(200);
      const authority = await story.task('destinationAuthority');
      expect(authority.holder.id).toBe(vocational.parentId);
      expect(await story.decide('approve', { nth: 0 })).toMatchObject({ status: 403, body: { code: 'separation-of-duties' } });
      expect((await story.decide('approve', { nth: 1 })).status).toBe(200);
      const detail = await story.approveAll();
      expect(detail.timeline.find(({ kind, step }) => kind === 'decided' && step === 'sourceSchool')).toMatchObject({
        recordedOnBehalf: true,
        onBehalfOf: { id: ordinary.id, name: ordinary.name },
        reply,
        by: { office: 'authorityReviewer' },
      });
      expect(detail).toMatchObject({ state: 'approved', handover: { direction: 'in', school: { id: ordinary.id }, reply } });
      expect((await story.filer.get(`/students/${story.studentId}`)).body).toMatchObject({ schoolId: vocational.id, state: 'active' });
      await handedOver(story, { direction: 'in', schoolId: ordinary.id, reply });
    });

    it("its answer is recorded by the source school's authority, and only our enrolment is closed", async () => {
      const story = await Story.crossTrack(system, demo, [vocational, ordinary]);
      expect((await story.task('destinationSchool')).holder.id).toBe(vocational.parentId);
      expect((await story.decide('approve', { data: { reply } })).status).toBe(200);
      await story.decide('approve', { step: 'sourceSchool' });
      await story.decide('approve', { step: 'destinationAuthority' });
      await story.decide('approve', { step: 'sourceAuthority', nth: 1 });
      const detail = await story.settled();
      expect(detail).toMatchObject({ state: 'approved', handover: { direction: 'out', school: { id: ordinary.id }, reply } });
      const source = await clerkOf(vocational);
      const { body: dossier } = await source.get(`/students/${story.studentId}/dossier`);
      expect(dossier.enrolments.map(({ state }: { state: string }) => state)).toEqual(['transferredOut']);
      expect((await story.filer.get(`/students/${story.studentId}`)).status).toBe(404);
      await handedOver(story, { direction: 'out', schoolId: ordinary.id, reply });
    });

    it('a rejection of the school outside is recorded from its reply as well, and ends the request', async () => {
      const story = await Story.crossTrack(system, demo, [ordinary, vocational]);
      await story.decide('approve', { step: 'destinationSchool' });
      const rejected = { step: 'sourceSchool', opinion: '来函不同意' };
      expect(await story.decide('reject', rejected)).toMatchObject({ status: 422, body: { code: 'reply-required' } });
      expect((await story.decide('reject', { ...rejected, data: { reply } })).status).toBe(200);
      expect(await story.settled()).toMatchObject({ state: 'rejected', handover: null });
    });

    it('a return goes to the filer as its own task, not as one on behalf of another school', async () => {
      const story = await Story.crossTrack(system, demo, [ordinary, vocational]);
      await story.decide('approve', { step: 'destinationSchool' });
      await story.decide('return', { step: 'sourceSchool', opinion: '请补充来函' });
      const supplement = await story.task('sourceSchool');
      expect((await story.filer.get(`/tasks/${supplement.id}`)).body).toMatchObject({ capacity: 'supplement', recordedOnBehalf: false });
    });

    /** The student's own stream holds the hand-over. */
    async function handedOver(story: Story, handover: object): Promise<void> {
      const [act] = await asOwner<{ body: { handover: object } }[]>(
        system,
        `select body from act where stream = 'student' and stream_id = $1 and key = $2`,
        [story.studentId, `effected:${story.id}`],
      );
      expect(act?.body.handover).toEqual(handover);
    }
  });
});
