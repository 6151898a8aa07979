import { randomUUID } from 'node:crypto';
import { NATIONAL_DEFAULT, type KindPolicy, type Policy } from '../../src/domain/policy/policy.js';
import { addDays } from '../../src/domain/working-days.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { acrossCounties, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { namedBy } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

interface Told {
  code: string;
  message: string;
  owner: string;
  remedy: string;
  pointer?: string;
}

describe('the dry run of a filing', () => {
  let system: System;
  let demo: Demonstration;
  let source: DemoOrganisation;
  let destination: DemoOrganisation;
  let ordinary: DemoOrganisation;
  let filer: ApiClient;
  let evidenceId: string;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    [source, destination] = acrossCounties(demo);
    ordinary = demo.schools('ordinary')[0] as DemoOrganisation;
    filer = await as(system, demo.holder(source.id, 'schoolClerk'));
    evidenceId = await filer.evidence();
  });
  afterAll(() => system?.stop());

  const filing = ({ details, ...more }: Record<string, unknown> = {}) => ({
    kind: 'transfer',
    studentId: demo.student(source.id),
    evidenceIds: [evidenceId],
    reason: '家庭迁居',
    ...more,
    details: { destinationSchoolId: destination.id, ...(details as object | undefined) },
  });

  /** What the dry run tells; filing the same must be refused with the same. */
  async function told(body: object, client = filer): Promise<Told[]> {
    const { status, body: answer } = await client.post<{ allowed: boolean; blockers: Told[] }>('/change-requests/precheck', body);
    expect(status).toBe(200);
    expect(answer.allowed).toBe(answer.blockers.length === 0);
    expect(answer.blockers.filter(({ message, owner, remedy }) => !message || !owner || !remedy)).toEqual([]);
    if (!answer.allowed) {
      const filed = await client.post('/change-requests', body);
      expect(filed.body).toMatchObject({ code: answer.blockers[0]?.code, blockers: answer.blockers });
      expect(filed.status).toBeGreaterThanOrEqual(400);
    }
    return answer.blockers;
  }
  const codes = async (body: object, client = filer) => (await told(body, client)).map(({ code }) => code);

  /** Sets the province's policy from now on, for one test. */
  async function under(change: Partial<KindPolicy>, more: Partial<Policy>, test: () => Promise<void>): Promise<void> {
    const kinds = { ...NATIONAL_DEFAULT.kinds };
    for (const kind of ['transfer', 'crossTrackTransfer'] as const)
      kinds[kind] = {
        ...kinds[kind],
        rules: [],
        ...change,
        order: change.order && change.order[0] === kinds[kind].order[0] ? change.order : kinds[kind].order,
      };
    await asOwner(
      system,
      `insert into policy (id, version, organisation_id, effective_from, content) select 'under-test', 1, province_id, '2020-01-01', $2
        from organisation where id = $1`,
      [source.id, { ...NATIONAL_DEFAULT, kinds, ...more }],
    );
    await test().finally(() => asOwner(system, `delete from policy where id = 'under-test'`));
  }

  it('allows what can be filed, and changes nothing', async () => {
    const body = filing();
    expect(await told(body)).toEqual([]);
    expect(await told(body)).toEqual([]);
    expect((await filer.post('/change-requests', body)).status).toBe(201);
  });

  it('needs no reason yet, and names the evidence that is not there', async () => {
    const { evidenceIds: _none, reason: _either, ...body } = filing();
    expect(await filer.post('/change-requests/precheck', body)).toMatchObject({
      status: 200,
      body: { allowed: false, blockers: [{ code: 'evidence-missing', pointer: '/evidenceIds' }] },
    });
  });

  it('names all blockers at once, each with who clears it and how', async () => {
    const { rules } = NATIONAL_DEFAULT.kinds.transfer;
    await under({ rules }, {}, async () => {
      const studentId = demo.student(source.id, 'suspended');
      await enrolled(studentId, -30, 100);
      const wrong = { destinationSchoolId: source.id, effectiveOn: '2001-01-01' };
      const blockers = await told(filing({ studentId, evidenceIds: [], details: wrong }));
      expect(blockers.map(({ code, owner }) => [code, owner])).toEqual([
        ['same-school', 'filer'],
        ['illegal-transition', 'sourceSchool'],
        ['effective-date-out-of-range', 'filer'],
        ['under-one-term', 'sourceSchool'],
        ['graduating-grade', 'sourceSchool'],
        ['evidence-missing', 'filer'],
      ]);
    });
  });

  /** Moves a student's enrolment to so many days from today, and its expected end. */
  const enrolled = (studentId: string, from: number, leaving: number) =>
    asOwner(system, 'update enrolment set enrolled_on = $2, valid_from = $2, expected_leaving_on = $3 where student_id = $1', [
      studentId,
      addDays(system.time.today(), from),
      addDays(system.time.today(), leaving),
    ]);

  it('finds a destination that is unknown, or no school', async () => {
    expect(await codes(filing({ details: { destinationSchoolId: randomUUID() } }))).toEqual(['unknown-school']);
    expect(await codes(filing({ details: { destinationSchoolId: source.parentId } }))).toEqual(['unknown-school']);
  });

  it('finds a destination that is closed, from the day of its closing, on which the directory leaves it out', async () => {
    const school = demo.schools().find(({ id }) => id !== source.id && id !== destination.id) as DemoOrganisation;
    const close = (on: string | null) => asOwner(system, 'update organisation set closed_on = $2 where id = $1', [school.id, on]);
    const body = filing({ details: { destinationSchoolId: school.id } });
    const listed = async () => (await filer.get(`/organisations?q=${school.code}`)).body.items.length;
    await close(addDays(system.time.today(), 1));
    expect([await codes(body), await listed()]).toEqual([[], 1]);
    await close(system.time.today());
    expect([await codes(body), await listed()]).toEqual([['school-closed'], 0]);
    await close(null);
  });

  it('finds an ordinary school in a transfer between vocational ones', async () => {
    expect(await codes(filing({ details: { destinationSchoolId: ordinary.id } }))).toEqual(['wrong-track']);
  });

  it('finds a direction that the policy does not allow (A14)', async () => {
    await under({}, { directions: ['toVocational'] }, async () => {
      const clerk = await as(system, demo.holder(ordinary.id, 'schoolClerk'));
      const student = await namedBy(filer, demo.student(source.id));
      const body = { kind: 'crossTrackTransfer', details: { student }, evidenceIds: [await clerk.evidence()], reason: '转入普通高中' };
      expect(await told(body, clerk)).toMatchObject([{ code: 'direction-not-allowed', owner: 'destinationAuthority' }]);
    });
  });

  it.each(['suspended', 'graduated', 'withdrawn'])('finds a %s student', async (state) => {
    expect(await codes(filing({ studentId: demo.student(source.id, state) }))).toEqual(['illegal-transition']);
  });

  it('finds an open request of the student', async () => {
    const body = filing();
    await filer.post('/change-requests', body);
    expect(await codes(body)).toEqual(['change-already-open']);
  });

  /** Ends the offices of both schools' reviewers on a day, or makes them held again. */
  const reviewersUntil = (day: string | null) =>
    asOwner(
      system,
      `update office set held_from = '2025-01-01', held_until = $2 where organisation_id = any($1) and office = 'schoolReviewer'`,
      [[source.id, ordinary.id], day],
    );

  it('finds that the filing school has no other reviewer (A22); its own authority appoints one', async () => {
    await reviewersUntil('2026-01-01');
    expect(await told(filing())).toMatchObject([{ code: 'no-second-reviewer', owner: 'sourceAuthority' }]);
    const clerk = await as(system, demo.holder(ordinary.id, 'schoolClerk'));
    const student = await namedBy(filer, demo.student(source.id));
    const body = { kind: 'crossTrackTransfer', details: { student }, evidenceIds: [await clerk.evidence()], reason: '转入普通高中' };
    expect(await told(body, clerk)).toMatchObject([{ code: 'no-second-reviewer', owner: 'destinationAuthority' }]);
    await reviewersUntil(null);
  });

  it('does not count a reviewer whose account is disabled', async () => {
    const disabled = (at: string | null) =>
      asOwner(
        system,
        `update person p set disabled_at = $2 from office o where o.person_id = p.id and o.office = 'schoolReviewer'
          and o.organisation_id = $1`,
        [source.id, at],
      );
    await disabled('2026-01-01');
    expect(await codes(filing())).toEqual(['no-second-reviewer']);
    await disabled(null);
    expect(await codes(filing())).toEqual([]);
  });

  it('finds a day of effect out of range: too far back, too far ahead, not after the enrolment', async () => {
    const on = async (days: number, studentId = demo.student(source.id)) =>
      codes(filing({ studentId, details: { effectiveOn: addDays(system.time.today(), days) } }));
    expect(await on(-366)).toEqual(['effective-date-out-of-range']);
    expect(await on(366)).toEqual(['effective-date-out-of-range']);
    const studentId = demo.student(source.id);
    await enrolled(studentId, -10, 900);
    expect(await on(-10, studentId)).toEqual(['effective-date-out-of-range']);
    expect(await on(-9, studentId)).toEqual([]);
  });

  it.each([
    ['under-one-term', { rules: ['notUnderOneTerm'] as const }, -139, 900],
    ['graduating-grade', { rules: ['notGraduatingGrade'] as const }, -600, 364],
    ['evidence-missing', { leastEvidence: 2 }, -600, 900],
  ])('finds %s where the policy says so, and only there', async (code, rules, from, leaving) => {
    const studentId = demo.student(source.id);
    await enrolled(studentId, from, leaving);
    const body = filing({ studentId });
    expect(await codes(body)).toEqual([]);
    await under(rules, {}, async () => expect(await codes(body)).toEqual([code]));
  });

  it('finds a filing outside the transfer window where the policy has one', async () => {
    const today = system.time.today();
    const next = (monthDay: string) => [0, 1].map((n) => `${Number(today.slice(0, 4)) + n}-${monthDay}`).find((day) => day > today) ?? '';
    const days = [next('03-16'), next('07-16')].sort();
    for (const day of days) {
      await system.time.passTo(day);
      await under({ rules: ['withinTransferWindow'] }, {}, async () =>
        expect(await codes(filing())).toEqual(day.includes('-07-') ? [] : ['outside-transfer-window']),
      );
    }
  });

  it('names what is wrong with evidence and application beside everything else, each field by itself', async () => {
    const tomorrow = addDays(system.time.today(), 1);
    const body = {
      kind: 'infoCorrection',
      studentId: demo.student(source.id),
      evidenceIds: [randomUUID()],
      reason: '更名',
      details: { changes: { name: '李四' }, proofReceivedOn: tomorrow, effectiveOn: tomorrow },
      application: { by: 'student', on: tomorrow },
    };
    expect((await told(body)).map(({ code, pointer }) => `${code} ${pointer}`)).toEqual([
      'date-in-future /details/proofReceivedOn',
      'date-in-future /details/effectiveOn',
      'unknown-evidence /evidenceIds',
      'date-in-future /application/on',
    ]);
  });

  it('finds that a school which confirms its own decision lacks a second reviewer for it, whoever files (A1)', async () => {
    const oneLess = (until: string | null) =>
      asOwner(
        system,
        `update office set held_from = '2025-01-01', held_until = $2
         where id = (select id from office where organisation_id = $1 and office = 'schoolReviewer' order by id limit 1)`,
        [source.id, until],
      );
    const order = (kind: 'transfer' | 'crossTrackTransfer') => [...NATIONAL_DEFAULT.kinds[kind].order, 'sourceReconfirmation' as const];
    await under({ order: order('transfer') }, {}, async () => {
      expect(await codes(filing())).toEqual([]);
      await oneLess('2026-01-01');
      expect(await told(filing())).toMatchObject([{ code: 'too-few-reviewers', owner: 'sourceAuthority' }]);
    });
    await under({ order: order('crossTrackTransfer') }, {}, async () => {
      const clerk = await as(system, demo.holder(ordinary.id, 'schoolClerk'));
      const student = await namedBy(filer, demo.student(source.id));
      const body = { kind: 'crossTrackTransfer', details: { student }, evidenceIds: [await clerk.evidence()], reason: '转入普通高中' };
      // Of the other side the filer is told one and the same.
      expect(await codes(body, clerk)).toEqual(['student-not-matched']);
      await oneLess(null);
      expect(await codes(body, clerk)).toEqual([]);
    });
    expect(await codes(filing())).toEqual([]);
  });

  it('is for a clerk of the filing school; others are not told whether the student exists', async () => {
    const body = filing();
    const at = async (username: string) => (await as(system, username)).post('/change-requests/precheck', body);
    expect(await at(demo.holder(source.id, 'schoolReviewer'))).toMatchObject({ status: 403, body: { code: 'not-your-office' } });
    expect(await at(demo.holder(destination.id, 'schoolClerk'))).toMatchObject({ status: 404, body: { code: 'not-found' } });
    expect(await filer.post('/change-requests/precheck', { ...body, studentId: randomUUID() })).toMatchObject({ status: 404 });
  });
});
