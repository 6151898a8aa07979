import { randomUUID } from 'node:crypto';
import { maskStudentNumber } from '../../src/domain/dossier/id-document.js';
import { inScope } from '../../src/platform/database/in-scope.js';
import { audited } from '../fixtures/audit.js';
import { calendarOf } from '../fixtures/calendar.js';
import { as, type ApiClient } from '../fixtures/client.js';
import {
  acrossCities,
  acrossCounties,
  acrossProvinces,
  Demonstration,
  withinACounty,
  type DemoOrganisation,
} from '../fixtures/demonstration.js';
import { Dispute } from '../fixtures/disputes.js';
import { staySignedIn } from '../fixtures/owner.js';
import { rebuilt, stageOf, terminated, workflowOf } from '../fixtures/process.js';
import { freshNumber, inTheClear, register, somebody } from '../fixtures/registrations.js';
import { Story, until } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

describe('a registration that cannot be made normally (Art 11, R-11, R-12, A5)', () => {
  let system: System;
  let demo: Demonstration;
  beforeAll(async () => {
    system = await startSystem();
    await staySignedIn(system);
    demo = await Demonstration.of(system);
  });
  afterAll(() => system?.stop());

  const dispute = (pair: (d: Demonstration) => [DemoOrganisation, DemoOrganisation], more?: Record<string, unknown>) =>
    Dispute.between(system, demo, pair(demo), more);
  const acts = (streamId: string) =>
    inScope(system.db, 'system', (tx) =>
      tx.query<{ kind: string; body: Record<string, unknown> }[]>('select kind, body from act where stream_id = $1 order by seq', [
        streamId,
      ]),
    );

  it('is registered when held against nobody and approved, and formally numbered once an original is attested (R-09)', async () => {
    const [, school] = acrossProvinces(demo);
    const birthDate = '2010-05-06';
    const document = { type: 'residentId', number: freshNumber(birthDate, 999) };
    const { body: held } = await register(system, demo, school, somebody({ birthDate, document }));
    expect(held).toMatchObject({ state: 'held', findings: ['documentNotFound'] });
    const story = await Story.within(system, demo, school, {
      kind: 'registrationException',
      studentId: held.studentId,
      details: { registrationId: held.id, action: 'corroborate', ground: 'ownDocument' },
    });
    expect(await story.approveAll()).toMatchObject({ state: 'approved', hold: null });
    const { body } = await story.filer.get(`/students/${held.studentId}/dossier?asOf=2027-12-31`);
    const provisional = expect.stringMatching(/^L/);
    expect(body).toMatchObject({ state: 'active', studentNumber: provisional, enrolments: [{ state: 'active' }] });
    expect(body.evidence).toHaveLength(1);
    const shown = async () => (await story.filer.get(`/registrations/${held.id}`)).body;
    expect(await shown()).toMatchObject({ state: 'registered', authentication: 'pending', particulars: { studentNumber: provisional } });

    const attest = (client: ApiClient, evidenceIds: string[]) =>
      client.post(`/registrations/${held.id}/attestation`, { evidenceIds, note: '已核验户口簿和派出所证明原件' });
    const reviewer = await as(system, demo.holder(school.parentId ?? '', 'authorityReviewer'));
    const original = await reviewer.evidence();
    expect(await attest(story.filer, [await story.filer.evidence()])).toMatchObject({ status: 403, body: { code: 'not-your-office' } });
    for (const [evidenceIds, code] of [
      [[], 'invalid-input'],
      [[randomUUID()], 'unknown-evidence'],
    ] as const)
      expect((await attest(reviewer, [...evidenceIds])).body).toMatchObject({ code });
    expect(await attest(reviewer, [original])).toMatchObject({ status: 200, body: { authentication: 'attested' } });
    expect(await attest(reviewer, [original])).toMatchObject({ status: 409, body: { code: 'identity-authenticated' } });
    const numbered = (await story.filer.get(`/students/${held.studentId}/dossier?asOf=2027-12-31`)).body;
    expect(numbered.studentNumber).toBe(maskStudentNumber(`G${document.number}`));
    expect(numbered.evidence).toHaveLength(2);
    const [act] = (await acts(held.studentId)).filter(({ kind }) => kind === 'identityAttested');
    expect(act?.body).toEqual({ registrationId: held.id, evidenceIds: [original] });
  });

  it('is undisputed when the document is amended to the right one: registered, and the other record is untouched', async () => {
    const matter = await dispute(acrossProvinces, { name: '同证异人' });
    const before = await matter.dossier(matter.studentA);
    const { birthDate, sex } = inTheClear(matter.studentA);
    const documentNumber = freshNumber(birthDate, sex === 'male' ? 997 : 996);
    const story = await matter.claim('B', {
      action: 'amend',
      ground: 'enteredWrongly',
      amendments: { documentType: 'residentId', documentNumber },
    });
    expect(await story.approveAll()).toMatchObject({ state: 'approved' });
    expect(await matter.dossier(matter.held.studentId)).toMatchObject({ state: 'active', studentNumber: `G${documentNumber}` });
    expect(await matter.dossier(matter.studentA)).toEqual(before);
    expect((await matter.registration()).duplicates).toMatchObject([{ state: 'settled', outcome: 'twoPersons' }]);
    const told = JSON.stringify(await acts(story.id));
    expect(told).not.toContain(documentNumber);
    const kinds = (await acts(matter.held.studentId)).map(({ kind }) => kind).filter((kind) => kind !== 'unmasked'); // by this test
    expect(kinds).toEqual(['registrationMade', 'personAmended', 'duplicateSettled', 'registrationException']);
  });

  it('is registered when the other side, which was asked, gives its registration up', async () => {
    const matter = await dispute(acrossCities);
    const { studentNumber } = await matter.dossier(matter.studentA);
    const b = await matter.claim('B');
    expect(await b.approveAll()).toMatchObject({ state: 'open', hold: { kind: 'effectParked', cause: 'counter-claim-open' } });
    const a = await matter.counterClaim(matter.a, b);
    expect((await a.decide('reject', { opinion: '该生从未到校就读' })).status).toBe(200);
    expect((await matter.over(a)).state).toBe('rejected');
    expect((await matter.over(b)).state).toBe('approved');
    expect(await matter.dossier(matter.studentA)).toMatchObject({
      studentNumber,
      state: 'active',
      schoolId: matter.b.id,
      enrolments: [
        { state: 'active', school: { id: matter.b.id } },
        { state: 'deregistered', school: { id: matter.a.id } },
      ],
    });
    expect(await matter.registration()).toMatchObject({ state: 'registered', duplicates: [{ outcome: 'keepB' }] });
  });

  it('stays held when its own side rejects, and is deregistered as a duplicate when the other side proves its own', async () => {
    const matter = await dispute(acrossCities);
    const b = await matter.claim('B');
    await b.decide('reject', { opinion: '材料不实' });
    expect((await matter.over(b)).state).toBe('rejected');
    expect((await matter.registration()).state).toBe('held');
    const a = await matter.claim('A');
    expect((await a.approveAll()).state).toBe('approved');
    expect(await matter.registration()).toMatchObject({ state: 'ended', duplicates: [{ outcome: 'keepA', rulingRequestId: null }] });
    expect(await matter.dossier(matter.studentA)).toMatchObject({ state: 'active', schoolId: matter.a.id });
    expect((await acts(matter.held.studentId)).map(({ kind }) => kind)).toEqual(['registrationMade', 'duplicateSettled']);
  });

  it('is refused as a claim about a registration that is not held, or not against this student, and without what it amends', async () => {
    const matter = await dispute(acrossCities);
    const clerk = (await matter.claim('B')).filer;
    const ask = (details: object, studentId = demo.student(matter.b.id)) =>
      clerk.post('/change-requests/precheck', { kind: 'registrationException', studentId, details, evidenceIds: [] });
    const claim = { registrationId: matter.held.id, action: 'corroborate', ground: 'other' };
    const codes = async (answer: ReturnType<typeof ask>) => ((await answer).body.blockers as { code: string }[]).map(({ code }) => code);
    expect(await codes(ask(claim))).toContain('not-in-dispute');
    expect(await codes(ask({ ...claim, action: 'amend' }))).toContain('amendments-missing');
    const amendments = { documentType: 'residentId', documentNumber: '330110201101010018' };
    expect(await codes(ask({ ...claim, action: 'amend', amendments }))).toContain('document-invalid');
  });

  describe('of which both sides were approved', () => {
    it('goes to the lowest common superior that is no party, as a workflow of its own, which asks for one of four rulings', async () => {
      const matter = await dispute(acrossCounties);
      const ruling = await matter.bothApproved();
      const task = await ruling.task();
      expect(task).toMatchObject({ step: 'superior', capacity: 'superior', holder: { id: demo.at(matter.a, 'city') } });
      expect(await workflowOf(ruling).then((handle) => handle.describe())).toMatchObject({ type: 'duplicateRuling' });
      const reviewer = await ruling.reviewer(task);
      const { body } = await reviewer.get(`/tasks/${task.id}`);
      expect(body).toMatchObject({
        kind: 'duplicateRuling',
        allowedVerdicts: ['approve'],
        sourceSchool: { id: matter.a.id },
        destinationSchool: { id: matter.b.id },
        dataSchema: { required: ['ruling'], properties: { ruling: { enum: ['keepA', 'keepB', 'twoPersons', 'voidBoth'] } } },
      });
      for (const [verdict, data] of [
        ['reject', undefined],
        ['return', undefined],
        ['approve', undefined],
      ] as const)
        expect(await ruling.decide(verdict, { data })).toMatchObject({ status: 422, body: { code: 'ruling-required' } });
      const again = await Story.within(system, demo, matter.b, {
        kind: 'registrationException',
        studentId: matter.held.studentId,
        details: { registrationId: matter.held.id, action: 'corroborate', ground: 'other' },
      }).catch((error: unknown) => String(error));
      expect(again).toContain('duplicate-being-ruled');
      expect((await ruling.show()).evidenceIds).toHaveLength(2); // each side's
      await matter.rule(ruling, 'keepA');
    });

    it('keepA: the held one is deregistered as a duplicate, its dossier kept and linked; the other goes on', async () => {
      const matter = await dispute(acrossCities);
      const before = await matter.dossier(matter.studentA);
      const ruling = await matter.bothApproved();
      expect(await matter.rule(ruling, 'keepA')).toMatchObject({ state: 'approved' });
      expect(await matter.dossier(matter.studentA)).toMatchObject({
        state: 'active',
        studentNumber: before.studentNumber,
        enrolments: before.enrolments,
      });
      expect(await matter.dossier(matter.held.studentId)).toMatchObject({ state: 'deregistered', enrolments: [{ state: 'deregistered' }] });
      for (const id of [matter.studentA, matter.held.studentId])
        expect((await acts(id)).findLast(({ kind }) => kind === 'duplicateSettled')?.body).toMatchObject({
          requestId: ruling.id,
          outcome: 'keepA',
        });
    });

    it('keepB: the one on record is deregistered, and the person goes on at the other school under the same number', async () => {
      const matter = await dispute(acrossCities);
      const { studentNumber } = await matter.dossier(matter.studentA);
      await matter.rule(await matter.bothApproved(), 'keepB');
      expect(await matter.dossier(matter.studentA)).toMatchObject({
        studentNumber,
        state: 'active',
        schoolId: matter.b.id,
        enrolments: [{ state: 'active' }, { state: 'deregistered', school: { id: matter.a.id } }],
      });
      expect(await matter.dossier(matter.held.studentId)).toMatchObject({ state: 'deregistered' });
      expect(await matter.registration()).toMatchObject({ state: 'registered', studentId: matter.studentA });
    });

    it('twoPersons: both are registered, and who is to put the document right keeps a provisional number until then (R-03)', async () => {
      const matter = await dispute(acrossCities, { name: '另有其人' });
      const { studentNumber } = await matter.dossier(matter.studentA);
      await matter.rule(await matter.bothApproved(), 'twoPersons');
      expect(await matter.dossier(matter.studentA)).toMatchObject({ studentNumber, state: 'active', schoolId: matter.a.id });
      expect(await matter.dossier(matter.held.studentId)).toMatchObject({
        state: 'active',
        schoolId: matter.b.id,
        studentNumber: expect.stringMatching(/^L/),
      });
      const { birthDate, sex } = inTheClear(matter.studentA);
      const documentNumber = freshNumber(birthDate, sex === 'male' ? 997 : 996);
      const correction = await Story.within(system, demo, matter.b, {
        kind: 'infoCorrection',
        studentId: matter.held.studentId,
        details: { changes: { documentType: 'residentId', documentNumber }, proofReceivedOn: system.time.today() },
      });
      expect(await correction.approveAll()).toMatchObject({ state: 'approved' });
      expect(await matter.dossier(matter.held.studentId)).toMatchObject({ studentNumber: `G${documentNumber}` });
      expect(await matter.dossier(matter.studentA)).toMatchObject({ studentNumber });
    });

    it('voidBoth: neither is registered, and both histories stay', async () => {
      const matter = await dispute(acrossCities);
      await matter.rule(await matter.bothApproved(), 'voidBoth');
      expect((await matter.dossier(matter.studentA)).state).toBe('deregistered');
      expect((await matter.dossier(matter.held.studentId)).state).toBe('deregistered');
      const { body } = await (await as(system, 'reviewer.000000')).get(`/students/${matter.studentA}/dossier?asOf=2026-10-01`);
      expect(body).toMatchObject({ state: 'active' });
    });

    it('is not judged by a city between its own school and that of its county, but by the province', async () => {
      const cityRun = demo.schools().find(({ parentId }) => demo.organisations.get(parentId ?? '')?.level === 'city') as DemoOrganisation;
      const ofItsCounty = demo
        .schools()
        .find((one) => demo.at(one, 'county') && demo.at(one, 'city') === cityRun.parentId) as DemoOrganisation;
      const matter = await Dispute.between(system, demo, [cityRun, ofItsCounty]);
      const ruling = await matter.bothApproved();
      expect((await ruling.task()).holder.id).toBe(demo.at(cityRun, 'province'));
      await matter.rule(ruling, 'keepA');
    });
  });

  it('of two schools of one authority is decided by it in one task with the same four rulings, after both schools', async () => {
    const matter = await dispute(withinACounty);
    const b = await matter.claim('B');
    expect((await b.settled()).steps.map(({ id }) => id)).toEqual(['school']);
    await b.approveAll();
    const a = await matter.counterClaim(matter.a, b);
    expect((await a.settled()).steps.map(({ id }) => id)).toEqual(['school']);
    await a.approveAll();
    const ruling = await matter.ruling(b);
    expect((await ruling.task()).holder.id).toBe(matter.a.parentId);
    expect((await matter.rule(ruling, 'keepB')).state).toBe('approved');
    expect(await matter.dossier(matter.studentA)).toMatchObject({ state: 'active', schoolId: matter.b.id });
  });

  it('across two provinces, one side silent: its line is told, nobody wins by default, the nation rules once both spoke', async () => {
    const matter = await dispute(acrossProvinces);
    const b = await matter.claim('B');
    await b.approveAll();
    const a = await matter.askedClaim(matter.a, b);
    const { dueDate, holder } = await a.task();
    expect(holder.id).toBe(matter.a.id);
    await system.time.passTo((await calendarOf(system)).after(dueDate, 12));
    const silent = await until(
      () => a.show(),
      ({ timeline }) => timeline.filter(({ kind }) => kind === 'escalated').length === 3,
      'the line of A to be told',
    );
    expect(silent.timeline.filter(({ kind }) => kind === 'escalated').map(({ escalatedTo }) => escalatedTo?.id)).toEqual(
      demo
        .superiors(matter.a)
        .slice(0, 3)
        .map(({ id }) => id),
    );
    expect(await b.show()).toMatchObject({ state: 'open', hold: { cause: 'counter-claim-open' } });
    expect(await matter.registration()).toMatchObject({ state: 'held', duplicates: [{ state: 'open', rulingRequestId: null }] });
    expect((await matter.dossier(matter.studentA)).state).toBe('active');
    const [task] = silent.currentTasks;
    const county = await as(system, demo.holder(matter.a.parentId ?? '', 'authoritySupervisor'));
    expect((await county.post(`/tasks/${task?.id}/urge`)).status).toBe(200);
    await matter.handIn(a);
    await a.approveAll();
    const ruling = await matter.ruling(b);
    expect((await ruling.task()).holder.id).toBe(demo.at(matter.a, 'national'));
    expect((await matter.rule(ruling, 'twoPersons')).state).toBe('approved');
    expect(dueDate < system.time.today()).toBe(true);
  });

  it('leaves chains that verify', async () => {
    expect((await audited(system)).problems).toEqual([]);
  });
});

describe('the workflow of a ruling', () => {
  let system: System;
  let demo: Demonstration;
  beforeAll(async () => {
    system = await startSystem({ engine: 'server' });
    demo = await Demonstration.of(system);
  });
  afterAll(() => system?.stop());

  it('survives the loss of its workflow: the new run stands where the old one stood', async () => {
    const matter = await Dispute.between(system, demo, acrossCities(demo));
    const ruling = await matter.bothApproved();
    const { id } = await ruling.task();
    const lost = await terminated(ruling);
    await rebuilt(ruling, lost);
    expect((await ruling.task()).id).toBe(id);
    expect(
      await until(
        () => stageOf(ruling),
        (stage) => stage !== undefined,
        'its stage',
      ),
    ).toEqual(['superior']);
    expect((await matter.rule(ruling, 'keepB')).state).toBe('approved');
  });
});
