import { maskDocument } from '../../src/domain/dossier/id-document.js';
import { addDays } from '../../src/domain/working-days.js';
import { ByHand } from '../fixtures/by-hand.js';
import { as, refused, type ApiClient } from '../fixtures/client.js';
import { anotherCard, withCard } from '../fixtures/correction.js';
import { acrossCounties, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { UNTIL } from '../fixtures/dates.js';
import { Dispute } from '../fixtures/disputes.js';
import { asOwner } from '../fixtures/owner.js';
import { inTheClear } from '../fixtures/registrations.js';
import { Story } from '../fixtures/story.js';
import { photo } from '../evidence/pictures.js';
import { startSystem, type System } from '../fixtures/system.js';

describe('whom an open task is about 办理对象', () => {
  let system: System;
  let demo: Demonstration;
  let process: ByHand;
  let source: DemoOrganisation;
  let destination: DemoOrganisation;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    demo = await Demonstration.of(system);
    process = new ByHand(system);
    [source, destination] = acrossCounties(demo);
  });
  afterAll(() => system?.stop());

  const at = (organisation: { id: string } | string | null | undefined, office: string, nth = 0): Promise<ApiClient> =>
    as(system, demo.holders(typeof organisation === 'object' ? (organisation?.id ?? '') : (organisation ?? ''), office)[nth] as string);
  const subject = (by: ApiClient, { id }: { id: string }) => by.get(`/tasks/${id}/subject`);
  const accesses = async (school: DemoOrganisation, studentId: string) =>
    (await (await at(school.parentId, 'authoritySupervisor')).get(`/students/${studentId}/access`)).body.items.map(
      ({ what, person }: { what: string; person: { displayName: string } }) => [what, person.displayName],
    );
  /** Everybody approves so many times, or until nothing is open. */
  async function approve(story: Story, times = 99): Promise<void> {
    await process.settle(story.id);
    for (let n = 0; n < times && (await story.show()).currentTasks.length > 0; n += 1) {
      const { status, body } = await story.decide('approve');
      if (status !== 200) throw new Error(JSON.stringify(body));
      await process.settle(story.id);
    }
  }

  describe('of a transfer', () => {
    let story: Story;
    let task: { id: string };
    beforeAll(async () => {
      const clerk = await at(source, 'schoolClerk');
      story = await Story.transfer(system, demo, [source, destination], {
        evidenceIds: [await clerk.evidence(undefined, '户口/张三的户口迁移证明.pdf')],
      });
      await approve(story, 1);
      task = await story.task('destinationSchool');
    });

    it('shows the school of destination the name whole, the numbers masked, the study, and the files by their names', async () => {
      const { name, sex, birthDate, document, enrolment } = inTheClear(story.studentId);
      const reviewer = await at(destination, 'schoolReviewer');
      expect(await reviewer.get(`/students/${story.studentId}`)).toMatchObject(refused(404, 'not-found'));
      const { status, body } = await subject(reviewer, task);
      expect([status, body.as, body.kind, body.correction]).toEqual([200, 'decides', 'transfer', null]);
      expect(body.sides).toHaveLength(1);
      const [side] = body.sides;
      expect(side.student).toMatchObject({
        id: story.studentId,
        name,
        sex,
        birthDate,
        documentType: document.type,
        documentNumber: maskDocument(document.number),
      });
      expect(JSON.stringify(body)).not.toContain(document.number);
      expect(side.enrolment).toMatchObject({
        school: { id: source.id },
        state: 'active',
        grade: enrolment.grade,
        className: enrolment.className,
        majorCode: enrolment.majorCode,
        studyMode: enrolment.studyMode,
        lengthYears: enrolment.lengthYears,
      });
      expect(side.enrolments).toEqual([side.enrolment]);
      expect(side.terms.map(({ how }: { how: string }) => how)).toContain('entry');
      expect([side.side, side.suspensions, side.assertions, side.photograph]).toEqual([null, [], [], null]);
      const { evidenceIds, files } = (await reviewer.get(`/change-requests/${story.id}`)).body;
      expect(side.evidence).toEqual([
        { id: evidenceIds[0], name: '张三的户口迁移证明.pdf', size: expect.any(Number), type: 'application/pdf', items: [] },
      ]);
      expect(files).toEqual(side.evidence);
    });

    it('is for the task’s office, who supervises it and nobody else, each read on record', async () => {
      const readers: [DemoOrganisation | string | null, string, number, string | undefined][] = [
        [destination, 'schoolReviewer', 200, 'decides'],
        [destination.parentId, 'authoritySupervisor', 200, 'supervises'],
        [destination, 'schoolClerk', 403, undefined],
        [destination.parentId, 'authorityReviewer', 403, undefined],
        [source, 'schoolReviewer', 403, undefined],
        [source.parentId, 'authoritySupervisor', 403, undefined],
        [demo.at(destination, 'province') ?? '', 'authoritySupervisor', 403, undefined],
        [demo.at(destination, 'national') ?? '', 'operator', 403, undefined],
      ];
      const before = (await accesses(source, story.studentId)).length;
      for (const [where, office, right, reads] of readers) {
        const { status, body } = await subject(await at(where, office), task);
        expect([where, office, status, body.as]).toEqual([where, office, right, reads]);
      }
      const elsewhere = demo.schools().find(({ parentId }) => parentId !== source.parentId && parentId !== destination.parentId);
      expect(await subject(await at(elsewhere, 'schoolReviewer'), task)).toMatchObject(refused(404, 'not-found'));
      const all = await accesses(source, story.studentId);
      expect(all.slice(0, all.length - before).map(([what]: [string]) => what)).toEqual(['subject', 'subject']);
    });

    it('is read by who is asked for an opinion, until it is given; and by nobody once the task is decided', async () => {
      const asking = await at(destination, 'schoolReviewer');
      const asked = demo.at(destination, 'city') ?? '';
      const adviser = await at(asked, 'authorityReviewer');
      expect((await subject(adviser, task)).status).toBe(403);
      const { body: consultation } = await asking.post(`/tasks/${task.id}/consultations`, {
        organisationId: asked,
        question: '可否接收？',
        dueDate: addDays(system.time.today(), 5),
      });
      expect(await subject(adviser, task)).toMatchObject({
        status: 200,
        body: { as: 'advises', sides: [{ student: { id: story.studentId } }] },
      });
      expect((await adviser.post(`/consultations/${consultation.id}/answer`, { answer: '可以' })).status).toBe(200);
      expect(await subject(adviser, task)).toMatchObject(refused(403, 'not-your-task'));
      await approve(story, 1);
      expect(await subject(asking, task)).toMatchObject(refused(409, 'already-decided'));
    });
  });

  it('has of a correction old beside new: whole for who decides, masked for who supervises', async () => {
    const { id: studentId, name, sex, birthDate, document } = withCard(demo, source);
    const documentNumber = anotherCard({ birthDate, sex });
    const story = await Story.within(system, demo, source, {
      kind: 'infoCorrection',
      studentId,
      details: { changes: { name: '欧阳新名', documentType: 'residentId', documentNumber }, proofReceivedOn: system.time.today() },
    });
    await process.settle(story.id);
    const task = await story.task();
    const valuesFor = async (by: ApiClient) => (await subject(by, task)).body.correction.values;
    const values = (proposed: string) => [
      { field: 'name', former: name, proposed: '欧阳新名' },
      { field: 'documentType', former: 'residentId', proposed: 'residentId' },
      { field: 'documentNumber', former: maskDocument(document.number), proposed },
    ];
    expect(await valuesFor(await at(source, 'schoolReviewer'))).toEqual(values(documentNumber));
    expect(await valuesFor(await at(source.parentId, 'authoritySupervisor'))).toEqual(values(maskDocument(documentNumber)));
  });

  it('has of a correction of study data old beside new, and the timeline of the request has both when it has taken effect', async () => {
    const details = { enrolledOn: '', majorDirection: '移动应用开发' };
    const studentId = demo.student(source.id);
    const clerk = await at(source, 'schoolClerk');
    const { enrolledOn } = (await clerk.get(`/students/${studentId}`)).body.enrolment;
    details.enrolledOn = addDays(enrolledOn, 1);
    const story = await Story.within(system, demo, source, { kind: 'studyCorrection', studentId, details });
    await process.settle(story.id);
    const values = [
      { field: 'enrolledOn', former: enrolledOn, proposed: details.enrolledOn },
      { field: 'majorDirection', former: null, proposed: '移动应用开发' },
    ];
    const { body } = await subject(await at(source, 'schoolReviewer'), await story.task());
    expect(body.correction).toEqual({ late: false, identity: null, values });
    await approve(story);
    expect((await clerk.get(`/change-requests/${story.id}`)).body.correction.values).toEqual(values);
    expect((await clerk.get(`/students/${studentId}`)).body.enrolment).toMatchObject(details);
  });

  it('has the suspensions and changes of before, and the photograph that was handed in as one', async () => {
    const today = system.time.today();
    const from = addDays(today, -3);
    const suspension = await Story.within(system, demo, source, {
      kind: 'suspension',
      details: { ground: 'illness', until: UNTIL, effectiveOn: from },
    });
    await approve(suspension);
    const { studentId } = suspension;
    // What is put right during a suspension breaks it not, and a resumption by mistake neither.
    const within = (kind: string, details: object = {}) => Story.within(system, demo, source, { kind, studentId, details });
    const corrected = await within('studyCorrection', { majorDirection: '移动应用开发' });
    await approve(corrected);
    const resumption = await within('resumption');
    await approve(resumption);
    await approve(await within('reinstatement', { requestId: resumption.id, ground: 'enteredByMistake' }));
    await asOwner(
      system,
      `insert into policy (id, version, organisation_id, effective_from, content, whole)
       select 'with a photograph', 1, organisation_id, date '2026-11-01', '{}', jsonb_set(whole, '{kinds,withdrawal,evidence}',
         '[{"id": "photograph", "zh": "照片", "en": "photograph"}]')
       from policy where organisation_id = $1 and state = 'activated' order by effective_from desc limit 1`,
      [demo.at(source, 'province')],
    );
    const photograph = await suspension.filer.evidence(await photo(), '照片.jpg');
    const withdrawal = await Story.within(system, demo, source, {
      kind: 'withdrawal',
      studentId,
      details: { ground: 'ownApplication' },
      evidenceIds: [photograph],
      evidence: [{ id: photograph, item: 'photograph' }],
    });
    await process.settle(withdrawal.id);
    const { body } = await subject(await at(source, 'schoolReviewer'), await withdrawal.task());
    expect(body.sides[0]).toMatchObject({
      enrolment: { state: 'suspended' },
      suspensions: [{ school: { id: source.id }, from, until: UNTIL, endedOn: null }],
      photograph,
      evidence: [{ id: photograph, name: '照片.jpg', type: 'image/jpeg', items: [{ item: 'photograph', title: '照片' }] }],
      changes: [
        { kind: 'reinstatement', effectiveOn: today, undone: false },
        { kind: 'resumption', effectiveOn: today, undone: true },
        { kind: 'studyCorrection', effectiveOn: today, undone: false },
        { kind: 'suspension', effectiveOn: from, sourceSchool: { id: source.id }, destinationSchool: null, undone: false },
      ],
    });
  });

  it('has of a ruling both sides, each with its claim and its files', async () => {
    const dispute = await Dispute.between(system, demo, [source, destination]);
    const ours = await dispute.claim('B');
    await approve(ours);
    const theirs = await dispute.askedClaim(source, ours);
    await process.settle(theirs.id);
    const clerk = await at(source, 'schoolClerk');
    const handIn = (evidenceIds: string[]) =>
      clerk.post(`/change-requests/${theirs.id}/supplement`, { evidenceIds, note: '该生在我校就读' });
    expect(await subject(await at(source, 'schoolReviewer'), await theirs.task())).toMatchObject(refused(403, 'not-your-task'));
    expect(await handIn([])).toMatchObject(refused(422, 'evidence-missing'));
    expect((await handIn([await clerk.evidence(undefined, '学籍卡.pdf')])).status).toBe(200);
    await approve(theirs);
    await process.settle(ours.id);
    const ruling = await dispute.ruling(ours);
    await process.settle(ruling.id);
    const task = await ruling.task();
    const holder = await ruling.reviewer(task);
    const { status, body } = await subject(holder, task);
    expect([status, body.as, body.kind]).toEqual([200, 'decides', 'duplicateRuling']);
    expect(body.sides).toMatchObject([
      {
        side: 'A',
        student: { id: dispute.studentA },
        enrolment: { school: { id: source.id }, state: 'active' },
        assertions: [{ requestId: theirs.id }],
      },
      { side: 'B', student: { id: dispute.held.studentId }, enrolment: { state: 'heldDuplicate' }, assertions: [{ requestId: ours.id }] },
    ]);
    expect(body.sides[0].evidence).toMatchObject([{ name: '学籍卡.pdf' }]);
    expect(body.sides[1].evidence).toMatchObject([{ name: '转学申请.pdf' }]);
    for (const studentId of [dispute.studentA, dispute.held.studentId]) {
      const [{ displayName }] = [(await holder.get('/me')).body];
      const school = studentId === dispute.studentA ? source : destination;
      expect((await accesses(school, studentId))[0]).toEqual(['subject', displayName]);
    }
  });
});
