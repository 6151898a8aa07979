import { addDays } from '../../src/domain/working-days.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { acrossCounties, Demonstration, withinACounty, type DemoOrganisation } from '../fixtures/demonstration.js';
import { OrderTold } from '../fixtures/orders.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { approvedByWhoMay, ledgerProblems, openTasksOf, Rehearsal, rows } from './rehearsal.js';

/** Who is to be moved or decided about still, and so goes to no custodian. */
const NO_LEAVERS = ['active', 'suspended', 'pending', 'heldDuplicate'];

describe('a closure rehearsed (A25)', () => {
  let system: System;
  let demo: Demonstration;
  let closed: DemoOrganisation;
  let other: DemoOrganisation;
  let authority: string;
  let supervisor: ApiClient;
  let rehearsal: Rehearsal;
  let atSchool: Story;
  let returned: Story;
  let leaving: Story;
  let coming: Story;
  let replying: OrderTold;
  let filing: OrderTold;
  let custodian = '';
  let day = '';

  beforeAll(async () => {
    system = await startSystem();
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    closed = withinACounty(demo)[1];
    other = acrossCounties(demo).find(({ parentId }) => parentId !== closed.parentId) as DemoOrganisation;
    authority = closed.parentId as string;
    supervisor = await as(system, demo.holder(authority, 'authoritySupervisor'));
    const suspension = { kind: 'suspension', details: { ground: 'illness', until: addDays(system.time.today(), 200) } };
    atSchool = await Story.within(system, demo, closed, suspension);
    returned = await Story.within(system, demo, closed, suspension);
    leaving = await Story.transfer(system, demo, [closed, other]);
    coming = await Story.transfer(system, demo, [other, closed]);
    expect((await returned.decide('return', { opinion: '缺证明' })).status).toBe(200);
    for (const story of [leaving, coming]) expect((await story.decide('approve')).status).toBe(200);
    for (const story of [atSchool, returned, leaving, coming]) await story.task();
    const by = demo.at(closed, 'city');
    replying = await OrderTold.placed(system, demo, { at: closed, by, kind: 'suspension' });
    filing = await OrderTold.placed(system, demo, { at: closed, by, kind: 'suspension' });
    custodian = demo.at(closed, 'city') ?? '';
    await keptBy(custodian);
    day = addDays(system.time.today(), 1);
    rehearsal = await Rehearsal.started(system, demo, closed);
  });
  afterAll(() => system?.stop());

  /** The province's pack names who keeps the dossiers of a closed school (Art 12). */
  async function keptBy(organisationId: string): Promise<void> {
    const [drafter, second] = await Promise.all(
      demo.holders(demo.at(closed, 'province') ?? '', 'authoritySupervisor').map((name) => as(system, name)),
    );
    const document = { number: '示〔2026〕9号', issuingBody: '教育厅', date: '2026-09-01', filingNumber: '备〔2026〕9号' };
    const drafted = await drafter?.post('/policies', { document, content: { custodian: organisationId } });
    const { id, version } = drafted?.body ?? {};
    const put = await second?.post(`/policies/${id}/versions/${version}/activation`, { effectiveFrom: system.time.today() });
    expect([drafted?.status, put?.status]).toEqual([201, 200]);
  }

  const cohort = async (more: object) => ({
    destinationSchoolId: other.id,
    evidenceIds: [await supervisor.evidence()],
    reason: '学校撤销，统一安置',
    ...more,
  });

  it('leaves filing with the school before its day, and is not started twice', async () => {
    const early = await supervisor.post(`/organisation-changes/${rehearsal.id}/cohort-transfers`, await cohort({ grade: '2026' }));
    expect(early).toMatchObject({ status: 409, body: { code: 'school-not-closed-yet' } });
    await expect(Rehearsal.started(system, demo, closed)).rejects.toThrow('change-of-school-pending');
  });

  it('passes what the school held to its authority, marked on behalf, and leavers’ dossiers to the custodian', async () => {
    await system.time.passTo(day, 8);
    const { state, progress } = await rehearsal.untilItIs(
      ({ progress: { cases, dossiers } }) => cases.moved === 4 && cases.left + dossiers.left === 0,
      'cases and leavers to have moved',
    );
    expect([state, progress.studentsLeft > 0]).toEqual(['running', true]);
    // The school's clerk sees nothing any more.
    [atSchool, returned, leaving, coming] = [atSchool, returned, leaving, coming].map((story) => story.later(story.id, supervisor)) as [
      Story,
      Story,
      Story,
      Story,
    ];
    for (const story of [atSchool, coming]) {
      const { told, stored } = await openTasksOf(story);
      expect(stored).toEqual(told);
      expect(stored).toMatchObject([{ holder: authority, office: 'authorityReviewer', onBehalfOf: closed.id }]);
    }
    expect((await openTasksOf(returned)).stored).toMatchObject([{ holder: authority, onBehalfOf: closed.id }]);
    expect((await openTasksOf(leaving)).stored).toMatchObject([{ holder: other.id, onBehalfOf: null }]);
    const kept = await rows<{ keeper: string | null; state: string }>(
      system,
      'select distinct custodian_id as keeper, state from enrolment where school_id = $1 order by state',
      [closed.id],
    );
    expect(kept).toEqual(kept.map(({ state: of }) => ({ keeper: NO_LEAVERS.includes(of) ? null : custodian, state: of })));
    expect(kept.filter(({ keeper }) => keeper === custodian).length).toBeGreaterThan(0);
    const archive = await as(system, demo.holder(custodian, 'authorityReviewer'));
    const left = demo.students.find(({ schoolId, state: of }) => schoolId === closed.id && of === 'graduated');
    expect((await archive.get(`/students/${left?.id ?? ''}/dossier`)).status).toBe(200);
  });

  it('closes its classes; who still studies there is shown in theirs until they are moved', async () => {
    const [count] = await rows<{ open: number; closed: number; students: number }>(
      system,
      `select count(*) filter (where closed_on is null)::int as open, count(*) filter (where closed_on = $2::date)::int as closed,
         (select count(*)::int from enrolment where school_id = $1 and state = 'active' and class_name is not null) as students
       from school_class where school_id = $1`,
      [closed.id, day],
    );
    expect(count?.open).toBe(0);
    for (const n of [count?.closed, count?.students]) expect(n).toBeGreaterThan(5);
  });

  it('lets the authority supplement and decide for the school, by persons who decide no other step', async () => {
    const reviewer = await as(system, demo.holder(authority, 'authorityReviewer'));
    const supplement = { evidenceIds: [await reviewer.evidence()], note: '已补交' };
    expect((await reviewer.post(`/change-requests/${returned.id}/supplement`, supplement)).status).toBe(200);
    for (const story of [atSchool, returned, leaving]) expect(await approvedByWhoMay(story)).toMatchObject({ state: 'approved' });
  });

  it('lets the authority that acts for the school answer its orders, in writing or by filing', async () => {
    const shown = await replying.show(supervisor);
    expect(shown).toMatchObject({ school: { id: closed.id }, actingAuthority: { id: authority } });
    expect((await rehearsal.show()).progress.orders).toEqual({ moved: 2, left: 0 });
    const reviewer = await as(system, demo.holder(authority, 'authorityReviewer'));
    expect((await reviewer.post(`/orders/${replying.id}/reply`, { reply: '请说明' })).body.code).toBe('not-your-order');
    expect((await supervisor.post(`/orders/${replying.id}/reply`, { reply: '学校已撤销，该生另行安置。' })).body).toMatchObject({
      state: 'replied',
    });
    const details = { ground: 'illness', until: addDays(system.time.today(), 200) };
    const filed = await supervisor.post('/change-requests', {
      kind: 'suspension',
      studentId: filing.studentId,
      details,
      evidenceIds: [await supervisor.evidence()],
      reason: '依责令办理',
    });
    expect(filed.status).toBe(201);
    expect(await filing.show(supervisor)).toMatchObject({ state: 'answered', requestId: filed.body.id });
    const own = atSchool.later(filed.body.id, supervisor);
    expect((await own.decide('reject', { step: 'school', opinion: '不同意' })).status).toBe(200);
    expect(await filing.show(supervisor)).toMatchObject({ state: 'open', requestId: null });
  });

  it('parks a transfer into the closed school, as ever', async () => {
    expect((await approvedByWhoMay(coming)).hold).toMatchObject({ kind: 'effectParked', cause: 'destination-school-closed' });
  });

  it('moves students in study by a cohort that the authority files and decides for the school', async () => {
    const studentIds = [demo.student(closed.id), demo.student(closed.id)];
    const stranger = await as(system, demo.holder(other.parentId ?? '', 'authoritySupervisor'));
    const path = `/organisation-changes/${rehearsal.id}/cohort-transfers`;
    expect((await stranger.post(path, await cohort({ studentIds }))).status).toBe(404);
    const { status, body } = await supervisor.post(path, await cohort({ studentIds }));
    expect([status, body.filed, body.refused]).toEqual([200, 2, 0]);
    const [first, second] = body.items.map(({ requestId }: { requestId: string }) => leaving.later(requestId, supervisor)) as [
      Story,
      Story,
    ];
    const task = await first.task('sourceSchool');
    expect(task.holder.id).toBe(authority);
    expect((await openTasksOf(first)).stored).toMatchObject([{ onBehalfOf: closed.id, office: 'authorityReviewer' }]);
    expect(await approvedByWhoMay(first)).toMatchObject({ state: 'approved' });
    expect((await supervisor.post(`/change-requests/${second.id}/recall`, { reason: '另行安置' })).status).toBe(200);
    const schools = await rows(system, `select school_id as id from enrolment where student_id = $1 and state = 'active'`, [studentIds[0]]);
    expect(schools).toEqual([{ id: other.id }]);
  });

  it('waits in sight for who may not be transferred yet, and says what can be done: one who is suspended resumes, and moves', async () => {
    const { waitingFor, studentsLeft } = (await rehearsal.show()).progress;
    expect(waitingFor.reduce((sum, { students }) => sum + students, 0)).toBe(studentsLeft);
    expect(waitingFor).toContainEqual({ state: 'suspended', students: expect.any(Number), remedy: expect.stringContaining('复学') });
    const suspended = waitingFor.find(({ state }) => state === 'suspended')?.students ?? 0;
    const studentId = demo.student(closed.id, 'suspended');
    const path = `/organisation-changes/${rehearsal.id}/cohort-transfers`;
    const tooEarly = await supervisor.post(path, await cohort({ studentIds: [studentId] }));
    expect(tooEarly.body.items[0].blockers.map(({ code }: { code: string }) => code)).toContain('illegal-transition');
    const resumption = { kind: 'resumption', studentId, details: {}, evidenceIds: [await supervisor.evidence()], reason: '复学后安置' };
    const resumed = await supervisor.post('/change-requests', resumption);
    expect([resumed.status, resumed.body.code]).toEqual([201, undefined]);
    expect(await approvedByWhoMay(leaving.later(resumed.body.id, supervisor))).toMatchObject({ state: 'approved' });
    const moved = await supervisor.post(path, await cohort({ studentIds: [studentId] }));
    expect(moved.body.filed).toBe(1);
    expect(await approvedByWhoMay(leaving.later(moved.body.items[0].requestId, supervisor))).toMatchObject({ state: 'approved' });
    const after = await rehearsal.show();
    expect(after.progress.studentsLeft).toBe(studentsLeft - 1);
    expect(after.progress.waitingFor.find(({ state }) => state === 'suspended')?.students ?? 0).toBe(suspended - 1);
  });

  it('ends when nobody is left to transfer, and who left meanwhile is with the custodian too', async () => {
    await asOwner(
      system,
      `update enrolment set state = 'withdrawn', since = $2::date, valid_to = $2::date, suspended_until = null where school_id = $1
        and state = any($3)`,
      [closed.id, day, NO_LEAVERS],
    );
    await system.time.pass(26 * 3_600_000);
    const { progress } = await rehearsal.untilItIs(({ state }) => state === 'done', 'the end of the closure');
    expect(progress).toMatchObject({ dossiers: { left: 0 }, studentsLeft: 0, officesMoved: 0, waitingFor: [] });
    const open = await rows(system, `select 1 from enrolment where school_id = $1 and custodian_id is null and state <> 'transferredOut'`, [
      closed.id,
    ]);
    expect(open).toEqual([]);
  });

  it('leaves the ledger sound', async () => {
    expect(await ledgerProblems(system)).toEqual([]);
  });
});
