import { readCase } from '../../src/cases/cases.store.js';
import { inScope } from '../../src/platform/database/in-scope.js';
import { tellOfOverdueGraduations } from '../../src/graduations/overdue-graduations.js';
import { graduationEffect } from '../../src/graduations/effect.js';
import { addDays, monthsLater } from '../../src/domain/working-days.js';
import { calendarOf } from '../fixtures/calendar.js';
import { as, refused } from '../fixtures/client.js';
import { UNTIL } from '../fixtures/dates.js';
import { Demonstration, withinACounty, type DemoOrganisation } from '../fixtures/demonstration.js';
import { depsOf, LeavingClass, withinATerm, type Shown } from '../fixtures/graduations.js';
import { portrait } from '../fixtures/portrait.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { Story, until } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { Telling } from '../fixtures/telling.js';

describe('a graduating class (Art 18, R-23)', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let leaving: LeavingClass;
  const id: Record<string, string> = {};
  beforeAll(async () => {
    system = await startSystem({ engine: 'time-skipping' });
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    [school] = withinACounty(demo);
    await withinATerm(system);
    leaving = await LeavingClass.of(system, demo, school);
  });
  afterAll(() => system?.stop());

  const who = (nth: number): string => leaving.students[nth] ?? '';
  const suspended = (studentId: string) =>
    Story.within(system, demo, school, { kind: 'suspension', studentId, details: { ground: 'illness', until: UNTIL } });
  const told = async (graduationId: string): Promise<string[]> => {
    await new Telling(system).now();
    const { body } = await leaving.clerk.get<{ items: { kind: string; graduationId: string | null }[] }>('/notifications?limit=200');
    return body.items.filter((one) => one.graduationId === graduationId).map(({ kind }) => kind);
  };
  const takenBack = async (story: Story) => {
    expect((await story.filer.post(`/change-requests/${story.id}/recall`, { reason: '不再休学' })).status).toBe(200);
    await until(
      () => story.show(),
      ({ state }) => state === 'recalled',
      'the request to be recalled',
    );
  };

  it('leads to the next stage for whose record says so alone (转段, R-01)', async () => {
    const advancing = async () => {
      const { body } = await leaving.drawUp({ dryRun: true, students: [{ studentId: who(3), outcome: 'advanced' }] });
      const blocked = body.blocked.find(({ studentId }) => studentId === who(3));
      return blocked?.blockers.map(({ code }) => code) ?? [];
    };
    const recorded = (programme: string | null) =>
      asOwner(system, 'update enrolment set cross_stage = $2 where student_id = $1', [who(3), programme]);
    expect(await advancing()).toEqual(['leaving-not-cross-stage']);
    await recorded('3+2');
    expect(await advancing()).toEqual([]);
    await recorded(null);
  });

  it('is cleared first: what stands in the way of each student is named with who clears it, and nothing is drawn up', async () => {
    const open = await suspended(who(0));
    const clerk = leaving.clerk;
    const authority = await as(system, demo.holder(school.parentId ?? '', 'authorityReviewer'));
    const retraction = `/schools/${school.id}/terms/current/registrations/retraction`;
    expect((await authority.post(retraction, { studentIds: [who(1)], reason: '误注册' })).status).toBe(200);
    const dry = await leaving.drawUp({ dryRun: true, students: [{ studentId: who(2), early: 'enlistment', outcome: 'completed' }] });
    expect(dry).toMatchObject({ status: 201, body: { id: null, students: leaving.students.length, clear: leaving.students.length - 3 } });
    const codes = new Map(dry.body.blocked.map((one) => [one.studentId, one.blockers.map(({ code, owner }) => `${code} ${owner}`)]));
    expect([0, 1, 2].map((nth) => codes.get(who(nth)))).toEqual([
      ['change-already-open filer'],
      ['leaving-term-unregistered filer'],
      ['leaving-early-not-graduated filer'],
    ]);
    expect((await clerk.get('/graduations')).body.items).toEqual([]);
    await takenBack(open);
  });

  it('is drawn up by its clerk, with what each student leaves with, and shows what stands in the way as it is now', async () => {
    const students = [
      { studentId: who(2), outcome: 'completed' },
      { studentId: who(3), outcome: 'discontinued' },
    ];
    const made = await leaving.drawUp({ students });
    expect(made).toMatchObject({ status: 201, body: { code: `${leaving.leavingOn.slice(0, 4)}-1`, clear: leaving.students.length - 1 } });
    id.class = made.body.id;
    const shown = await leaving.shown(id.class ?? '');
    const n = leaving.students.length;
    expect(shown).toMatchObject({ state: 'drawnUp', students: n, late: false, progress: 0, request: null });
    expect(shown.outcomes).toEqual({ graduated: n - 2, completed: 1, advanced: 0, discontinued: 1 });
    const blocked = (await leaving.members(id.class ?? '')).filter(({ blockers }) => blockers.length > 0);
    expect(blocked.map((one) => [one.studentId, one.blockers.map(({ code }) => code)])).toEqual([[who(1), ['leaving-term-unregistered']]]);
    const stranger = await as(system, demo.holder(demo.schools().find(({ id: other }) => other !== school.id)?.id ?? '', 'schoolClerk'));
    expect(await stranger.get(`/graduations/${id.class}`)).toMatchObject(refused(404, 'not-found'));
    expect(await leaving.submit(id.class ?? '', {}, stranger)).toMatchObject(refused(404, 'not-found'));
  });

  it('is submitted on the twentieth working day before it leaves at the earliest', async () => {
    const dates = await calendarOf(system);
    const day = dates.after(system.time.today(), 21);
    const { body } = await leaving.drawUp({ leavingOn: day, except: [who(1)] });
    expect(await leaving.submit(body.id)).toMatchObject({
      status: 409,
      body: { code: 'graduation-window-not-open', opensOn: dates.before(day, 20) },
    });
  });

  it('is submitted when nothing stands in the way of anybody, or without whom something does, and only once', async () => {
    const refusedFor = await leaving.submit(id.class ?? '');
    expect(refusedFor).toMatchObject(refused(409, 'graduation-has-blockers'));
    expect(refusedFor.body.students).toMatchObject([{ studentId: who(1), blockers: [{ code: 'leaving-term-unregistered' }] }]);
    const submitted = await leaving.submit(id.class ?? '', { mode: 'valid', reason: '毕业名单' });
    expect(submitted).toMatchObject({
      status: 200,
      body: { state: 'submitted', counts: { leftOut: 1, listed: leaving.students.length - 1 } },
    });
    expect(await leaving.submit(id.class ?? '')).toMatchObject(refused(409, 'graduation-submitted'));
    const { body } = await leaving.drawUp({ except: [who(1)] });
    expect(body.blocked[0]?.blockers).toMatchObject([{ code: 'graduation-already-open' }]);
    expect((await leaving.members(id.class ?? '', '&state=leftOut')).map(({ studentId, cause }) => [studentId, cause])).toEqual([
      [who(1), 'leaving-term-unregistered'],
    ]);
  });

  it('is approved by the school but for the rows that are returned, and then waits for its day; nobody has left before', async () => {
    const story = leaving.caseOf(await leaving.shown(id.class ?? ''));
    const members = await leaving.members(id.class ?? '');
    const returned = members.find(({ studentId }) => studentId === who(4));
    const rows = [{ row: returned?.row, verdict: 'return', reason: '照片不清' }];
    expect(await story.decide('approve', { data: { rows } })).toMatchObject({ status: 200 });
    expect(await story.settled()).toMatchObject({ state: 'open', hold: { kind: 'awaitingEffect', until: leaving.leavingOn } });
    expect(await leaving.shown(id.class ?? '')).toMatchObject({ state: 'approved', completedOn: system.time.today(), late: false });
    expect(await leaving.members(id.class ?? '', '&state=returned')).toMatchObject([{ studentId: who(4), why: '照片不清' }]);
    expect(await leaving.standing(who(5))).toEqual({ state: 'active', validTo: null });
  });

  it('is a change under way of each student: no other is filed, which is told with who can take the student out', async () => {
    const details = { ground: 'illness', until: UNTIL };
    const suspension = { kind: 'suspension', studentId: who(0), details, evidenceIds: [await leaving.clerk.evidence()], reason: '因病' };
    const graduation = await leaving.shown(id.class ?? '');
    const barred = await leaving.clerk.post<{ blockers: { code: string; item: string; message: string; remedy: string }[] }>(
      '/change-requests',
      suspension,
    );
    expect(barred).toMatchObject(refused(409, 'student-in-graduation'));
    const [one] = barred.body.blockers;
    expect(one).toMatchObject({ code: 'student-in-graduation', item: graduation.code });
    expect(one?.message).toContain(graduation.request?.number);
    expect(one?.remedy).toContain('撤出');
    const withdraw = (studentIds: string[], by = leaving.clerk) =>
      by.post<Shown>(`/graduations/${graduation.id}/withdrawals`, { studentIds, reason: '需先休学' });
    const reviewer = await as(system, demo.holder(school.id, 'schoolReviewer'));
    expect(await withdraw([who(6)], reviewer)).toMatchObject({ status: 403 });
    expect(await withdraw([who(4)])).toMatchObject(refused(409, 'graduation-member-not-listed'));
    expect(await withdraw([who(6)])).toMatchObject({ status: 200, body: { counts: { withdrawn: 1 } } });
    const free = await leaving.clerk.post<{ id: string }>('/change-requests', { ...suspension, studentId: who(6) });
    expect(free.status).toBe(201);
    await leaving.clerk.post(`/change-requests/${free.body.id}/recall`, { reason: '不再休学' });
  });

  it('leaves on its day: graduated, completed, or withdrawn with an incomplete study; who has an open case is held back', async () => {
    const late = await Story.within(system, demo, school, {
      kind: 'infoCorrection',
      studentId: who(0),
      details: { changes: { ethnicGroup: '15' }, proofReceivedOn: system.time.today() },
    });
    await system.time.passTo(leaving.leavingOn, 1);
    const shown = await leaving.reached(id.class ?? '', 'effected');
    expect(shown).toMatchObject({ late: false, progress: 1, counts: { heldBack: 1, returned: 1, leftOut: 1, listed: 0 } });
    expect(await leaving.members(id.class ?? '', '&state=heldBack')).toMatchObject([{ studentId: who(0), cause: 'change-already-open' }]);
    const left = async (nth: number) => leaving.standing(who(nth));
    expect(await left(2)).toEqual({ state: 'completed', validTo: leaving.leavingOn });
    expect(await left(3)).toEqual({ state: 'withdrawn', validTo: leaving.leavingOn });
    expect((await left(4)).state).toBe('active');
    const graduated = (await leaving.members(id.class ?? '', '&state=effected')).filter(({ outcome }) => outcome === 'graduated');
    id.graduate = graduated[0]?.studentId ?? '';
    expect(await leaving.standing(id.graduate)).toEqual({ state: 'graduated', validTo: leaving.leavingOn });
    await takenBack(late);
  });

  it('has its effect once, however often the page is made', async () => {
    const { request } = await leaving.shown(id.class ?? '');
    const acts = () =>
      asOwner<{ n: number }[]>(system, `select count(*)::int as n from act where body ->> 'requestId' = $1`, [request?.id]);
    const before = await acts();
    const again = await inScope(system.db, 'process', async (tx) => {
      const loaded = await readCase(tx, request?.id ?? '');
      return loaded && graduationEffect(tx, depsOf(system), loaded);
    });
    expect([again, await acts()]).toEqual(['done', before]);
  });

  it('undergoes no change afterwards but a correction of personal information, and no row of it is ever removed', async () => {
    const studentId = id.graduate ?? '';
    const file = async (kind: string, details: object) =>
      leaving.clerk.post('/change-requests', {
        kind,
        studentId,
        details,
        evidenceIds: [await leaving.clerk.evidence()],
        reason: '按规定办理',
      });
    expect(await file('suspension', { ground: 'illness', until: UNTIL })).toMatchObject(refused(409, 'illegal-transition'));
    expect(await file('deregistration', { cause: 'lapsed' })).toMatchObject(refused(409, 'illegal-transition'));
    const corrected = await file('infoCorrection', { changes: { name: '沈晓岚' }, proofReceivedOn: system.time.today() });
    expect(corrected.status).toBe(201);
    for (const table of ['graduation', 'graduation_member', 'enrolment', 'enrolment_version', 'act'])
      await expect(inScope(system.db, 'system', (tx) => tx.query(`delete from ${table}`))).rejects.toThrow(/permission denied/);
  });

  it('counts as not completed in time where its reviews end after the leaving day, and takes effect all the same', async () => {
    const dates = await calendarOf(system);
    const yesterday = dates.before(addDays(system.time.today(), 1), 2);
    const { id: late, story } = await leaving.submitted({ classId: undefined, students: [{ studentId: who(4) }], leavingOn: yesterday });
    expect(await leaving.shown(late)).toMatchObject({ state: 'submitted', late: true });
    expect(await told(late)).toEqual([]);
    await system.time.passTo(dates.after(system.time.today(), 1), 10);
    for (let pass = 0; pass < 2; pass += 1) await tellOfOverdueGraduations({ ...depsOf(system), db: system.db });
    expect(await told(late)).toEqual(['graduationOverdue']);
    await story.approveAll();
    expect(await leaving.reached(late, 'effected')).toMatchObject({ late: true, completedOn: system.time.today() });
    expect(await leaving.standing(who(4))).toEqual({ state: 'graduated', validTo: yesterday });
  });

  it('is reviewed by the authority too where the province asks, and rejected as a whole leaves nobody', async () => {
    const [, province] = await Promise.resolve([school.id, demo.at(school, 'province')]);
    await asOwner(
      system,
      `update policy set whole = jsonb_set(coalesce(whole, content), '{graduationAuthorityReview}', 'true') where organisation_id = $1`,
      [province],
    );
    const other = await LeavingClass.of(system, demo, school, { nth: 1 });
    const { id: second, story } = await other.submitted();
    await story.decide('approve', { step: 'school' });
    const task = await story.task('authority');
    const reviewer = await story.reviewer(task);
    expect((await other.members(second, '', reviewer)).length).toBe(other.students.length);
    expect(await story.decide('reject', { step: 'authority', opinion: '材料不全' })).toMatchObject({ status: 200 });
    await until(
      () => story.show(),
      ({ state }) => state === 'rejected',
      'the rejection',
    );
    expect(await other.shown(second)).toMatchObject({ state: 'rejected' });
    expect((await other.drawUp({ dryRun: true })).body.blocked).toEqual([]);
  });

  describe('completed by some, who pass the assessment later (Art 20, R-25)', () => {
    const convert = async (studentId: string, more: object) =>
      leaving.clerk.post<Shown>('/graduations/conversions', {
        schoolId: school.id,
        studentId,
        evidenceIds: [await leaving.clerk.evidence()],
        reason: '补考合格',
        ...more,
      });

    it('is no graduation without evidence, before the assessment, or for who did not complete', async () => {
      const today = system.time.today();
      expect(await convert(who(2), { assessmentPassedOn: today, evidenceIds: [] })).toMatchObject({ status: 422 });
      expect(await convert(who(2), { assessmentPassedOn: addDays(leaving.leavingOn, -1) })).toMatchObject(
        refused(422, 'conversion-too-soon'),
      );
      expect(await convert(id.graduate ?? '', { assessmentPassedOn: today })).toMatchObject(refused(409, 'conversion-not-completed'));
    });

    it('becomes one when the school’s reviewer approves, on the day on which the school agreed', async () => {
      const today = system.time.today();
      const filed = await convert(who(2), { assessmentPassedOn: today });
      expect(filed).toMatchObject({ status: 201, body: { purpose: 'conversion', state: 'submitted', late: false, students: 1 } });
      expect(await convert(who(2), { assessmentPassedOn: today })).toMatchObject(refused(409, 'graduation-already-open'));
      await leaving.caseOf(filed.body).approveAll();
      expect(await leaving.reached(filed.body.id, 'effected')).toMatchObject({ late: false, leavingOn: today });
      expect(await leaving.standing(who(2))).toEqual({ state: 'graduated', validTo: leaving.leavingOn });
      expect(await convert(who(2), { assessmentPassedOn: today })).toMatchObject(refused(409, 'conversion-not-completed'));
    });

    it('counts within three years of the completion, and is late where the school agreed after them', async () => {
      const [former] = await asOwner<{ id: string; student: string }[]>(
        system,
        `select id, student_id as student from enrolment where school_id = $1 and state = 'completed' order by id limit 1`,
        [school.id],
      );
      const completedOn = monthsLater(system.time.today(), -38);
      await asOwner(system, 'update enrolment set valid_to = $2, since = $2 where id = $1', [former?.id, completedOn]);
      const last = monthsLater(completedOn, 36);
      const student = former?.student ?? '';
      expect(await convert(student, { assessmentPassedOn: addDays(last, 1) })).toMatchObject(refused(422, 'conversion-too-late'));
      const filed = await convert(student, { assessmentPassedOn: last, agreedOn: addDays(last, 5) });
      expect(filed.status).toBe(201);
      await leaving.caseOf(filed.body).approveAll();
      expect(await leaving.reached(filed.body.id, 'effected')).toMatchObject({ late: true });
      expect(await leaving.members(filed.body.id)).toMatchObject([{ leavingOn: addDays(last, 5), assessmentPassedOn: last, late: true }]);
    });
  });

  describe('that took effect by mistake (A19)', () => {
    const certified = async (studentId: string) => {
      await asOwner(system, `update head set held_from = '2000-01-01' where organisation_id = $1`, [school.id]);
      const evidenceId = await leaving.clerk.evidence(await portrait(), '照片.jpg');
      const body = { kind: 'graduation', studentIds: [studentId], photographs: [{ studentId, evidenceId }] };
      const issued = await leaving.clerk.post<{ items: { certificate?: { id: string } }[] }>('/certificates', body);
      return issued.body.items[0]?.certificate?.id ?? '';
    };
    const stateOf = async (certificateId: string) =>
      (await leaving.clerk.get<{ state: string }>(`/certificates/${certificateId}`)).body.state;
    const undoing = async (studentId: string, ground: string) => {
      const { request } = await leaving.shown(id.class ?? '');
      return { kind: 'reinstatement', studentId, details: { requestId: request?.id, ground } };
    };
    const leaver = async (nth: number) => {
      const left = (await leaving.members(id.class ?? '', '&state=effected')).filter(({ outcome }) => outcome === 'graduated');
      return left[nth]?.studentId ?? '';
    };

    it('is undone by a reinstatement that cites it: the student studies again, and the certificate is void', async () => {
      const studentId = await leaver(1);
      const certificate = await certified(studentId);
      const story = await Story.within(system, demo, school, await undoing(studentId, 'enteredByMistake'));
      expect(await story.approveAll()).toMatchObject({ state: 'approved' });
      expect(await leaving.standing(studentId)).toEqual({ state: 'active', validTo: null });
      expect(await stateOf(certificate)).toBe('void');
      expect(await leaving.members(id.class ?? '', '&state=undone')).toMatchObject([{ studentId }]);
      const again = await leaving.clerk.post('/change-requests/precheck', {
        ...(await undoing(studentId, 'enteredByMistake')),
        evidenceIds: [],
      });
      expect(again.body.blockers).toContainEqual(expect.objectContaining({ code: 'nothing-to-undo' }));
    });

    it('is not undone as a mere mistake once its certificate was handed over, but where a decision revokes it', async () => {
      const studentId = await leaver(1);
      const certificate = await certified(studentId);
      expect((await leaving.clerk.post(`/certificates/${certificate}/handing-over`)).status).toBe(200);
      const mistaken = { ...(await undoing(studentId, 'enteredByMistake')), evidenceIds: [await leaving.clerk.evidence()], reason: '误办' };
      expect(await leaving.clerk.post('/change-requests', mistaken)).toMatchObject(refused(409, 'certificate-stands'));
      const story = await Story.within(system, demo, school, await undoing(studentId, 'revoked'));
      expect(await story.approveAll()).toMatchObject({ state: 'approved', hold: null });
      expect([await stateOf(certificate), (await leaving.standing(studentId)).state]).toEqual(['revoked', 'active']);
    });
  });
});
