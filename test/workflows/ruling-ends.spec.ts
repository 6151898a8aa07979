import { as } from '../fixtures/client.js';
import { acrossCities, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { Dispute } from '../fixtures/disputes.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { clerkAt, register, somebody } from '../fixtures/registrations.js';
import { Story, until } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { UNTIL } from '../fixtures/dates.js';

describe('what ends beside a ruling, or without one (Art 11, A5, A16, A19)', () => {
  let system: System;
  let demo: Demonstration;
  beforeAll(async () => {
    system = await startSystem();
    await staySignedIn(system);
    demo = await Demonstration.of(system);
  });
  afterAll(() => system?.stop());

  const dispute = (more?: Record<string, unknown>) => Dispute.between(system, demo, acrossCities(demo), more);
  const blockers = async (school: DemoOrganisation, studentId: string, kind: string, details: object) => {
    const clerk = await clerkAt(system, demo, school);
    const { body } = await clerk.post('/change-requests/precheck', { kind, studentId, details, evidenceIds: [await clerk.evidence()] });
    return (body.blockers as { code: string }[]).map(({ code }) => code);
  };
  const died = (school: DemoOrganisation, studentId: string) =>
    Story.within(system, demo, school, { kind: 'death', studentId, details: { diedOn: '2026-11-20' } });

  it('keeps the changes of both sides waiting while it is open, by name, and none of a stranger', async () => {
    const matter = await dispute();
    const ruling = await matter.bothApproved();
    const suspension = { ground: 'illness', until: UNTIL };
    expect(await blockers(matter.a, matter.studentA, 'suspension', suspension)).toEqual(['duplicate-being-ruled']);
    expect(await blockers(matter.b, matter.held.studentId, 'deregistration', { cause: 'lapsed' })).toEqual(['duplicate-being-ruled']);
    expect(await blockers(matter.a, demo.student(matter.a.id), 'suspension', suspension)).toEqual([]);
    await matter.rule(ruling, 'keepA');
    expect(await blockers(matter.a, matter.studentA, 'suspension', suspension)).toEqual([]);
  });

  it('superseded by a death leaves the matter open: the other side claims anew, and is not registered as the dead', async () => {
    const matter = await dispute({ name: '尚在人世' });
    const ruling = await matter.bothApproved();
    expect(await (await died(matter.a, matter.studentA)).approveAll()).toMatchObject({ state: 'approved' });
    expect((await matter.over(ruling)).state).toBe('superseded');
    expect(await matter.registration()).toMatchObject({ state: 'held', duplicates: [{ state: 'open', rulingRequestId: null }] });
    const again = await matter.claim('B');
    await again.approveAll();
    await matter.rule(await matter.ruling(again), 'keepB');
    expect(await matter.dossier(matter.studentA)).toMatchObject({ state: 'deceased', schoolId: matter.a.id });
    expect(await matter.dossier(matter.held.studentId)).toMatchObject({ state: 'active', schoolId: matter.b.id });
  });

  it('cancelled by an operator leaves the matter open: a claim of either side leads to a new ruling', async () => {
    const matter = await dispute();
    const ruling = await matter.bothApproved();
    const operator = await as(system, 'operator');
    expect((await operator.post(`/change-requests/${ruling.id}/cancellation`, { reason: '受理有误' })).status).toBe(200);
    expect((await matter.over(ruling)).state).toBe('cancelled');
    expect(await matter.registration()).toMatchObject({ state: 'held', duplicates: [{ state: 'open', rulingRequestId: null }] });
    const again = await matter.claim('A');
    await again.approveAll();
    const anew = await matter.ruling(again);
    expect(anew.id).not.toBe(ruling.id);
    await matter.rule(anew, 'keepA');
    expect(await matter.registration()).toMatchObject({ state: 'ended', duplicates: [{ outcome: 'keepA' }] });
  });

  it('is not undone by a reinstatement', async () => {
    const matter = await dispute();
    const ruling = await matter.bothApproved();
    await matter.rule(ruling, 'keepA');
    const undo = { requestId: ruling.id, ground: 'enteredByMistake' };
    expect(await blockers(matter.b, matter.held.studentId, 'reinstatement', undo)).toContain('nothing-to-undo');
    expect(await blockers(matter.b, matter.held.studentId, 'reinstatement', undo)).not.toContain('illegal-transition');
  });

  it('is not needed when the held one dies: its matter is settled, and a mistaken death is undone to where it stood', async () => {
    const matter = await dispute();
    const death = await died(matter.b, matter.held.studentId);
    expect(await death.approveAll()).toMatchObject({ state: 'approved' });
    expect(await matter.registration()).toMatchObject({
      state: 'ended',
      duplicates: [{ state: 'settled', outcome: 'moot:deceased', rulingRequestId: null }],
    });
    expect(await matter.dossier(matter.studentA)).toMatchObject({ state: 'active', schoolId: matter.a.id });
    const undone = await Story.within(system, demo, matter.b, {
      kind: 'reinstatement',
      studentId: matter.held.studentId,
      details: { requestId: death.id, ground: 'enteredByMistake' },
    });
    expect(await undone.approveAll()).toMatchObject({ state: 'approved' });
    expect(await matter.dossier(matter.held.studentId)).toMatchObject({ state: 'heldDuplicate' });
  });

  it('a registration that comes to nothing is voided, pending or held, and is no withdrawal (A10)', async () => {
    const [, school] = acrossCities(demo);
    const { body: pending } = await register(system, demo, school, somebody());
    expect(pending.state).toBe('pending');
    expect(await blockers(school, pending.studentId, 'withdrawal', { ground: 'absence' })).toEqual(['illegal-transition']);
    const lapsed = await Story.within(system, demo, school, {
      kind: 'deregistration',
      studentId: pending.studentId,
      details: { cause: 'lapsed' },
    });
    expect(await lapsed.approveAll()).toMatchObject({ state: 'approved' });
    expect((await lapsed.filer.get(`/registrations/${pending.id}`)).body).toMatchObject({ state: 'ended' });
  });

  it('a reinstatement parks while the document has become another’s, and goes on when that is put right (R-10)', async () => {
    const [school] = acrossCities(demo);
    const left = await Story.within(system, demo, school, { kind: 'withdrawal', details: { ground: 'ownApplication' } });
    expect(await left.approveAll()).toMatchObject({ state: 'approved' });
    const another = demo.student(school.id);
    const [{ index } = { index: Buffer.alloc(0) }] = await asOwner<{ index: Buffer }[]>(
      system,
      'select document_index as index from student where id = $1',
      [another],
    );
    await asOwner(system, `update student set document_standing = 'contested' where id = $1`, [left.studentId]);
    await asOwner(
      system,
      `update student s set document_index = l.document_index, changed_at = now() from student l where l.id = $1 and s.id = $2`,
      [left.studentId, another],
    );
    const back = await Story.within(system, demo, school, {
      kind: 'reinstatement',
      studentId: left.studentId,
      details: { requestId: left.id, ground: 'enteredByMistake' },
    });
    expect(await back.approveAll()).toMatchObject({ state: 'open', hold: { kind: 'effectParked', cause: 'document-in-use' } });
    await asOwner(system, 'update student set document_index = $2 where id = $1', [another, index]);
    await system.time.pass(11 * 60_000);
    const state = () => back.show().then((detail) => detail.state);
    expect(await until(state, (one) => one !== 'open', 'the reinstatement')).toBe('approved');
  });
});
