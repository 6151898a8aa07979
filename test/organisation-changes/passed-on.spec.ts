import { addDays } from '../../src/domain/working-days.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { acrossCounties, Demonstration, withinACounty, type DemoOrganisation } from '../fixtures/demonstration.js';
import { LeavingClass } from '../fixtures/graduations.js';
import { OrderTold } from '../fixtures/orders.js';
import { staySignedIn } from '../fixtures/owner.js';
import { Story, until, type Detail } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { approvedByWhoMay, ledgerProblems, Rehearsal, rows } from './rehearsal.js';
import { UNTIL } from '../fixtures/dates.js';

interface Student {
  id: string;
  majorCode: string;
  grade: string;
}

/** What an operator reads of a run in the Temporal UI. */
const detailsOf = async ({ client }: System, workflowId: string): Promise<string> =>
  (await client.workflow.getHandle(workflowId).query<{ currentDetails?: string }>('__temporal_workflow_metadata')).currentDetails ?? '';

const SUSPENSION = { kind: 'suspension', details: { ground: 'illness', until: UNTIL } };

describe('what a merger passes on besides cases and dossiers (A25)', () => {
  let system: System;
  let demo: Demonstration;
  let merged: DemoOrganisation;
  let successor: DemoOrganisation;
  let other: DemoOrganisation;
  let clerk: ApiClient;
  let reviewer: ApiClient;
  let silent: OrderTold;
  let replied: OrderTold;
  let answered: OrderTold;
  let closed: OrderTold;
  let filing: Story;
  let waiting: Detail;
  let consultation = '';
  let programme = '';
  let student: Student;
  let leaving: LeavingClass;
  let graduation: { id: string; code: string; story: Story };

  beforeAll(async () => {
    system = await startSystem();
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    [successor, merged] = withinACounty(demo);
    other = acrossCounties(demo).find(({ parentId }) => parentId !== merged.parentId) as DemoOrganisation;
    const placed = () => OrderTold.placed(system, demo, { at: merged, kind: 'suspension' });
    [silent, replied, answered, closed] = [await placed(), await placed(), await placed(), await placed()];
    expect((await replied.clerk.post(`/orders/${replied.id}/reply`, { reply: '该生在校。' })).status).toBe(200);
    expect((await closed.authority.post(`/orders/${closed.id}/withdrawal`, { reason: '有误' })).status).toBe(200);
    filing = await Story.within(system, demo, merged, { ...SUSPENSION, studentId: answered.studentId });
    const story = await Story.within(system, demo, merged, SUSPENSION);
    waiting = await story.show();
    await story.task();
    consultation = await asked();
    programme = await established();
    leaving = await LeavingClass.of(system, demo, merged);
    const drawnUp = (await leaving.drawUp()).body;
    const submitted = await leaving.submit(drawnUp.id, { mode: 'valid' });
    graduation = { id: drawnUp.id, code: drawnUp.code, story: leaving.caseOf(submitted.body) };
    const rehearsal = await Rehearsal.started(system, demo, merged, successor, 0);
    const { progress } = await rehearsal.untilItIs(
      ({ state, progress: { cases, orders, dossiers } }) => state === 'running' && cases.left + orders.left + dossiers.left === 0,
      'everything to have moved',
    );
    expect(progress.orders).toEqual({ moved: 2, left: 0 });
    clerk = await as(system, demo.holder(successor.id, 'schoolClerk'));
    reviewer = await as(system, demo.holder(successor.id, 'schoolReviewer'));
  });
  afterAll(() => system?.stop());

  /** Another school asks the one that will merge for an opinion. */
  async function asked(): Promise<string> {
    const story = await Story.within(system, demo, other, SUSPENSION);
    const task = await story.task();
    const body = { organisationId: merged.id, question: '该生是否曾在贵校就读？', dueDate: addDays(system.time.today(), 300) };
    const { status, body: made } = await (await story.reviewer(task)).post(`/tasks/${task.id}/consultations`, body);
    expect(status).toBe(201);
    return made.id;
  }

  async function established(): Promise<string> {
    const [one] = await rows<Student>(
      system,
      `select student_id as id, major_code as "majorCode", grade from enrolment e where school_id = $1 and state = 'active'
         and not exists (select 1 from change_request r where r.student_id = e.student_id) order by id limit 1`,
      [merged.id],
    );
    if (!one) throw new Error('nobody studies there');
    student = one;
    const supervisor = await as(system, demo.holder(demo.at(merged, 'city') ?? '', 'authoritySupervisor'));
    const { status, body } = await supervisor.post('/joint-programmes', {
      name: '2+1联合办学',
      schoolIds: [merged.id, other.id],
      majorCodes: [one.majorCode],
      intakeYear: one.grade,
      agreement: { number: '联办〔2026〕3号', signedOn: '2026-06-30' },
      from: '2026-01-01',
      to: UNTIL,
    });
    expect(status).toBe(201);
    return body.id;
  }
  const shown = (order: OrderTold) => order.show(clerk);

  it('gives the successor the unanswered orders, once told, and shows it the closed ones', async () => {
    for (const order of [silent, replied]) {
      const { school, actingAuthority, timeline } = await shown(order);
      expect([school.id, actingAuthority]).toEqual([successor.id, null]);
      expect(timeline.filter(({ kind }) => kind === 'rerouted')).toMatchObject([{ to: { id: successor.id } }]);
    }
    expect(await shown(closed)).toMatchObject({ state: 'withdrawn', school: { id: merged.id } });
  });

  it('lets the successor reply, and answers the order by the successor’s filing', async () => {
    const again = { verdict: 'refuse', note: '无考勤', dueDate: system.time.today() };
    expect((await replied.authority.post(`/orders/${replied.id}/ruling`, again)).status).toBe(200);
    expect((await clerk.post(`/orders/${replied.id}/reply`, { reply: '附考勤。' })).body).toMatchObject({ state: 'replied' });
    const story = await Story.within(system, demo, successor, { ...SUSPENSION, studentId: silent.studentId });
    expect(await shown(silent)).toMatchObject({ state: 'answered', requestId: story.id });
  });

  it('lets an order stand again at the successor when the successor rejects what the merged school had filed', async () => {
    expect((await filing.later(filing.id, clerk).decide('reject', { opinion: '不同意' })).status).toBe(200);
    const { state, school, timeline } = await shown(answered);
    expect([state, school.id]).toEqual(['open', successor.id]);
    expect(timeline.map(({ kind }) => kind)).toEqual(['ordered', 'filed', 'reopened', 'rerouted']);
  });

  it('shows the successor by its name to operators, of cases and orders that ran before', async () => {
    const order = await shown(replied);
    for (const workflowId of [`suspension/${waiting.number}`, `order/${order.number}`]) {
      const details = await until(
        () => detailsOf(system, workflowId),
        (text) => text.includes(successor.name),
        `the successor in ${workflowId}`,
      );
      expect(details).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}-/);
    }
  });

  it('asks the successor for the opinion', async () => {
    expect((await reviewer.get('/consultations?box=asked')).body.items).toMatchObject([{ id: consultation, asked: { id: successor.id } }]);
    const { status, body } = await reviewer.post(`/consultations/${consultation}/answer`, { answer: '属实' });
    expect([status, body.state]).toEqual([200, 'answered']);
  });

  it('puts the successor in the merged school’s place in joint programmes', async () => {
    const { status, body } = await clerk.get(`/joint-programmes/${programme}`);
    expect([status, body.schools?.map(({ id }: { id: string }) => id).sort()]).toEqual([200, [successor.id, other.id].sort()]);
    const details = { destinationSchoolId: other.id, jointProgrammeId: programme };
    const asking = { kind: 'transfer', studentId: student.id, details, evidenceIds: [] };
    const { blockers } = (await clerk.post('/change-requests/precheck', asking)).body;
    expect(blockers.map(({ code }: { code: string }) => code)).not.toContain('joint-programme-not-covering');
  });

  it('leaves the ledger sound', async () => {
    expect(await ledgerProblems(system)).toEqual([]);
  });

  it('gives the successor the graduations under way: it takes students out, decides, and the rest leave from there (R-14)', async () => {
    const shown = await leaving.shown(graduation.id, clerk);
    expect(shown).toMatchObject({ school: { id: successor.id }, state: 'submitted' });
    expect(shown.code).toBe(`${merged.code}-${graduation.code}`);
    const listed = (await leaving.members(graduation.id, '', clerk)).filter(({ state }) => state === 'listed');
    const [stays = '', goes = ''] = listed.map(({ studentId }) => studentId);
    const out = await clerk.post(`/graduations/${graduation.id}/withdrawals`, { studentIds: [stays], reason: '学生申请暂缓' });
    expect([out.status, out.body]).toEqual([200, expect.anything()]);
    expect(await approvedByWhoMay(graduation.story)).toMatchObject({ hold: { kind: 'awaitingEffect' } });
    await system.time.passTo(leaving.leavingOn);
    await until(
      () => leaving.shown(graduation.id, clerk),
      ({ state }) => state === 'effected',
      'the class to have left',
    );
    const stood = await rows<{ id: string; state: string; schoolId: string }>(
      system,
      `select student_id as id, state, school_id as "schoolId" from enrolment where student_id = any($1::uuid[]) order by student_id = $2`,
      [[stays, goes], goes],
    );
    expect(stood).toEqual([
      { id: stays, state: 'active', schoolId: successor.id },
      { id: goes, state: 'graduated', schoolId: successor.id },
    ]);
    expect(await ledgerProblems(system)).toEqual([]);
  });
});

describe('a merger into a school of another authority (R-14, A18)', () => {
  let system: System;
  let demo: Demonstration;
  beforeAll(async () => {
    system = await startSystem();
    await staySignedIn(system);
    demo = await Demonstration.of(system);
  });
  afterAll(() => system?.stop());

  it('gives the open cases to the authority of the school now, with days of its own, and decided steps stay', async () => {
    const [successor, merged] = acrossCounties(demo);
    const [former, present] = [merged.parentId ?? '', successor.parentId ?? ''];
    const third = demo.schools().find(({ id, parentId }) => id !== merged.id && id !== successor.id && parentId === former);
    const before = await Story.within(system, demo, merged, SUSPENSION);
    const atAuthority = await Story.within(system, demo, merged, SUSPENSION);
    expect((await atAuthority.decide('approve', { step: 'school' })).status).toBe(200);
    expect((await atAuthority.task()).holder.id).toBe(former);
    const both = third ? await Story.transfer(system, demo, [merged, third]) : undefined;

    const supervisor = await as(system, demo.holder(demo.at(merged, 'city') ?? '', 'authoritySupervisor'));
    const { status, body } = await supervisor.post('/organisation-changes', {
      kind: 'merger',
      schoolId: merged.id,
      intoSchoolId: successor.id,
      effectiveOn: system.time.today(),
      evidenceIds: [await supervisor.evidence()],
      document: { number: '教职成〔2026〕19号', issuingBody: '教育局', date: system.time.today() },
    });
    expect(status).toBe(201);
    await until(
      async () => (await supervisor.get(`/organisation-changes/${body.id}`)).body,
      ({ state, progress }) => state === 'running' && progress.cases.left + progress.dossiers.left === 0,
      'everything to have moved',
      60_000,
    );

    const task = await until(
      () => atAuthority.task(),
      ({ holder }) => holder.id === present,
      'the step to be open at the authority of now',
    );
    const { steps, timeline } = await atAuthority.show();
    expect(steps.map(({ state }) => state)).toEqual(['approved', 'open']);
    expect(timeline.filter(({ kind }) => kind === 'redirected')).toHaveLength(1);
    expect(task).toMatchObject({ step: 'authority', visit: 2 });
    const now = await as(system, demo.holder(present, 'authorityReviewer'));
    expect((await now.get(`/students/${atAuthority.studentId}`)).status).toBe(200);
    const then = await as(system, demo.holder(former, 'authorityReviewer'));
    const decision = { verdict: 'approve', opinion: '同意', version: task.version };
    expect((await then.post(`/tasks/${task.id}/decision`, decision)).status).toBe(403);
    for (const story of [before, atAuthority]) expect(await approvedByWhoMay(story)).toMatchObject({ state: 'approved' });
    const [opened] = await rows<{ holder: string }>(
      system,
      `select holder_id as holder from task where request_id = $1 and step = 'authority' order by visit desc limit 1`,
      [before.id],
    );
    expect(opened?.holder).toBe(present);
    if (both) expect(await approvedByWhoMay(both)).toMatchObject({ state: 'approved' });
    expect(await ledgerProblems(system)).toEqual([]);
  });
});
