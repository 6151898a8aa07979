import { randomUUID } from 'node:crypto';
import { addDays } from '../../src/domain/working-days.js';
import { audited } from '../fixtures/audit.js';
import { ByHand } from '../fixtures/by-hand.js';
import { amended, calendarOf, daysOf, draftOf, holiday } from '../fixtures/calendar.js';
import { as, refused } from '../fixtures/client.js';
import { Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { register, somebody } from '../fixtures/registrations.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { Telling } from '../fixtures/telling.js';
import { suspended, TermAt, type Results } from '../fixtures/terms.js';

const FIRST = '2026-09-01';

/** The demonstration's term is that of autumn 2026; two schools of it have registered nobody. */
describe('registering a term (R-15, A12)', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let other: DemoOrganisation;
  let due: string;
  let after: (date: string, n: number) => string;
  let term: TermAt;
  let telling: Telling;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false });
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    [school, other] = ['3306-01', '5101-02'].map((code) => demo.schools().find((one) => one.code === code)) as [
      DemoOrganisation,
      DemoOrganisation,
    ];
    system.time.jumpTo('2026-09-07');
    ({ after } = await calendarOf(system));
    due = after(FIRST, 20);
    term = await at(school);
    telling = new Telling(system);
  });
  afterAll(() => system?.stop());

  const at = async (where: DemoOrganisation, office = 'schoolClerk', code = '2026-1', of = where) =>
    new TermAt(await as(system, demo.holder(where.id, office)), of.id, code);
  const acts = (kind: string) =>
    asOwner<{ seq: number; body: Record<string, string[]>; person_id: string; office: string }[]>(
      system,
      `select a.seq, a.body, a.person_id, a.office from act a join school_term t on t.id = a.stream_id where t.school_id = $1
        and (t.year, t.nth) = (2026, 1) and a.kind = $2 order by a.seq`,
      [school.id, kind],
    );
  const codes = ({ items }: Results) => items.map(({ problem }) => problem?.code ?? 'done');

  it('shows the school its term: first day, last day, and how many are to be registered, apart the suspended', async () => {
    const shown = await term.shown();
    expect(shown).toMatchObject({ term: '2026-1', firstDay: FIRST, declared: false, dueDate: due, provisional: false, overdue: false });
    const mine = demo.students.filter(({ schoolId }) => schoolId === school.id);
    const inState = (state: string) => mine.filter((one) => one.state === state).length;
    expect(shown).toMatchObject({ toRegister: inState('active'), suspended: inState('suspended'), pending: 1, late: 0 });
    expect(shown.registered).toBe(shown.byEntry);
    expect(shown.unregistered).toBe(shown.toRegister - shown.byEntry);
    expect((await (await at(school, 'schoolClerk', 'current')).shown()).term).toBe('2026-1');
    expect(await term.unregistered('limit=7')).toHaveLength(shown.unregistered);
  });

  it('registers a list at once: a result for each, one act, the person and office on it, and the same answer to the same key', async () => {
    const [first, second] = await term.unregistered();
    const entered = await asOwner<{ id: string }[]>(
      system,
      `select student_id as id from enrolment where school_id = $1 and state = 'active' and enrolled_on = '2026-09-01' limit 1`,
      [school.id],
    );
    const away = demo.student(other.id);
    const ids = [first!.studentId, demo.student(school.id, 'suspended'), entered[0]!.id, away, second!.studentId];
    const dry = await term.register({ studentIds: ids, dryRun: true });
    expect(codes(dry.body)).toEqual(['done', 'term-suspended', 'term-registered', 'not-found', 'done']);
    expect(await acts('registered')).toEqual([]);
    const key = randomUUID();
    const done = await term.register({ studentIds: ids }, key);
    expect(done).toMatchObject({ status: 200, body: { term: '2026-1', done: 2, late: 0, refused: 3 } });
    expect(codes(done.body)).toEqual(codes(dry.body));
    expect((await term.register({ studentIds: ids }, key)).body).toEqual(done.body);
    const [act, ...more] = await acts('registered');
    expect([act?.office, act?.body.enrolmentIds?.length, act?.body.late, act?.body.dueDate, more]).toEqual(['schoolClerk', 2, [], due, []]);
    expect(codes((await term.register({ studentIds: [first!.studentId] })).body)).toEqual(['term-registered']);
    expect(await acts('registered')).toHaveLength(1);
  });

  it('registers all that is left of a class, and then of the grade, and shows each in the dossier with who did it', async () => {
    const left = await term.unregistered();
    const { grade, className } = left[0]!;
    const ofClass = left.filter((one) => one.grade === grade && one.className === className);
    const listed = await term.unregistered(`grade=${grade}&className=${encodeURIComponent(className)}`);
    expect(listed.map(({ studentId }) => studentId)).toEqual(ofClass.map(({ studentId }) => studentId));
    const done = await term.register({ grade, className });
    expect(done.body.done).toBe(ofClass.length);
    const rest = await term.register({ grade });
    expect(rest.body.done).toBe(left.filter((one) => one.grade === grade).length - ofClass.length);
    expect((await term.register({ grade })).body.items.every(({ problem }) => problem?.code === 'term-suspended')).toBe(true);
    const { terms } = (await term.client.get(`/students/${ofClass[0]!.studentId}/dossier`)).body;
    const told = terms.map((one: { term: string; how: string }) => `${one.term} ${one.how}`);
    expect([told[0], told.at(-1)]).toEqual([`${grade}-1 entry`, '2026-1 registered']);
    expect(terms.at(-1)).toMatchObject({ late: false, dueDate: due, school: { id: school.id }, by: { office: 'schoolClerk' } });
  });

  it('takes a mistaken registration back with a reason, which the dossier of an earlier instant still shows', async () => {
    const [one] = (await asOwner<{ id: string }[]>(
      system,
      'select student_id as id from term_registration where school_id = $1 and (year, nth) = (2026, 1) limit 1',
      [school.id],
    )) as [{ id: string }];
    const before = new Date(system.time.now()).toISOString();
    system.time.jumpTo('2026-09-08');
    expect(codes((await term.retract([one.id, demo.student(other.id)])).body)).toEqual(['done', 'term-not-registered']);
    const dossier = async (query = '') =>
      ((await term.client.get(`/students/${one.id}/dossier?${query}`)).body.terms as { term: string; how: string }[]).filter(
        (its) => its.term === '2026-1',
      );
    expect(await dossier()).toEqual([]);
    expect((await dossier(`recordedBy=${encodeURIComponent(before)}`)).map(({ how }) => how)).toContain('registered');
    expect((await term.unregistered()).map(({ studentId }) => studentId)).toContain(one.id);
    expect(codes((await term.retract([one.id])).body)).toEqual(['term-not-registered']);
    expect((await term.retract([one.id], '')).body.code).toBe('invalid-input');
    expect(codes((await term.register({ studentIds: [one.id] })).body)).toEqual(['done']);
    expect(await acts('retracted')).toHaveLength(1);
  });

  it('counts from the school’s own first day, within the province’s bounds and while the last day has not passed', async () => {
    const own = await at(other);
    const { firstDayFrom, firstDayThrough } = (await own.show()).body as unknown as Record<string, string>;
    expect([firstDayFrom, firstDayThrough]).toEqual([addDays(FIRST, -14), addDays(FIRST, 14)]);
    for (const day of [addDays(FIRST, -15), addDays(FIRST, 15)])
      expect(await own.declare(day)).toMatchObject(refused(422, 'term-start-out-of-bounds'));
    expect((await own.declare('2026-09-10')).body).toMatchObject({
      firstDay: '2026-09-10',
      declared: true,
      dueDate: after('2026-09-10', 20),
    });
    expect(await own.register({ grade: '2025' })).toMatchObject(refused(409, 'term-not-begun'));
    expect((await own.declare('2026-09-03')).body.dueDate).toBe(after('2026-09-03', 20));
    system.time.jumpTo(after('2026-09-03', 20));
    expect(await own.declare('2026-09-02')).toMatchObject(refused(409, 'term-deadline-passed')); // it would have by then
    expect((await own.shown()).firstDay).toBe('2026-09-03');
    system.time.jumpTo(addDays(after('2026-09-03', 20), 1));
    expect(await own.declare('2026-09-10')).toMatchObject(refused(409, 'term-deadline-passed'));
  });

  it('is overdue from the day after the last one, accepted late and marked; who resumed since is not late', async () => {
    const own = await at(other);
    const left = await own.unregistered();
    expect([left.every(({ overdue }) => overdue), (await own.shown()).overdue]).toEqual([true, true]);
    const resumed = left.at(-1)?.studentId ?? '';
    await suspended(system, resumed, '2026-09-02', system.time.today());
    expect((await own.unregistered()).find(({ studentId }) => studentId === resumed)).toMatchObject({ overdue: false });
    const { body } = await own.register({ studentIds: [left[0]!.studentId, resumed] });
    expect(body).toMatchObject({ done: 2, late: 1, items: [{ late: true }, { late: false }] });
    expect(await own.shown()).toMatchObject({ late: 1, overdue: true });
  });

  it('keeps the lateness of a registration when the calendar is amended, and says what it would be by the one in force (A8)', async () => {
    const own = await at(other);
    const late = 'select student_id as id from term_registration where school_id = $1 and late';
    const [{ id }] = (await asOwner<{ id: string }[]>(system, late, [other.id])) as [{ id: string }];
    const judged = async () => (await own.client.get(`/students/${id}/dossier`)).body.terms.at(-1) as object;
    const days = await daysOf(system, 2026);
    expect(await judged()).toMatchObject({ late: true, lateReevaluated: true });
    await amended(system, draftOf(2026, [...days, holiday(after('2026-09-03', 5))]));
    expect(await judged()).toMatchObject({ late: true, lateReevaluated: false, dueDate: after('2026-09-03', 20) });
    await amended(system, draftOf(2026, days));
    expect(await judged()).toMatchObject({ late: true, lateReevaluated: true });
  });

  it('registers a student once in a term, also when two schools do so one after the other', async () => {
    const [moving] = await term.unregistered();
    const student = moving?.studentId ?? '';
    expect((await term.register({ studentIds: [student] })).body.done).toBe(1);
    await asOwner(system, `update enrolment set state = 'transferredOut', valid_to = $2, since = $2 where student_id = $1`, [
      student,
      system.time.today(),
    ]);
    await asOwner(
      system,
      `insert into enrolment (id, student_id, school_id, state, grade, study_mode, length_years, enrolled_on, expected_leaving_on,
        valid_from, since, recorded_at, changed_at)
       select gen_random_uuid(), student_id, $2, 'active', grade, study_mode, length_years, enrolled_on, expected_leaving_on, $3, $3, now(),
         now() from enrolment where student_id = $1`,
      [student, other.id, system.time.today()],
    );
    const own = await at(other);
    expect(codes((await own.register({ studentIds: [student] })).body)).toEqual(['term-registered']);
    expect(codes((await term.register({ studentIds: [student] })).body)).toEqual(['term-registered']);
    expect((await own.client.get(`/students/${student}/dossier`)).body.terms.at(-1)).toMatchObject({ school: { id: school.id } });
  });

  it('lists an intake that waits apart, asks for who has left since, registers beside an open request and after the end', async () => {
    const before = await term.shown();
    expect((await register(system, demo, school, somebody({ reportedOn: system.time.today() }))).status).toBe(201);
    expect(await term.shown()).toMatchObject({ toRegister: before.toRegister, pending: before.pending + 1 });
    const [one] = await term.unregistered();
    const story = await Story.within(system, demo, school, {
      kind: 'withdrawal',
      studentId: one?.studentId ?? '',
      details: { ground: 'ownApplication' },
    });
    const process = new ByHand(system);
    for (const step of ['school', 'authority']) {
      await process.settle(story.id);
      expect((await story.decide('approve', { step })).status).toBe(200);
    }
    await process.settle(story.id);
    const left = (await term.unregistered()).find(({ studentId }) => studentId === one?.studentId);
    expect(left).toMatchObject({ overdue: true });
    expect((await term.shown()).toRegister).toBe(before.toRegister);
    expect((await term.register({ studentIds: [one?.studentId ?? ''] })).body).toMatchObject({ done: 1, late: 1 });
  });

  it('answers for the term before: who studied on its last day and was not registered', async () => {
    const past = await at(school, 'schoolClerk', '2025-2');
    // The demonstration has registered everybody in the terms that are over.
    await asOwner(system, 'delete from term_registration where school_id = $1 and (year, nth) = (2025, 2)', [school.id]);
    const shown = await past.shown();
    expect(shown).toMatchObject({ term: '2025-2', overdue: true, byEntry: 0, registered: 0, suspended: 0 });
    const [one] = await past.unregistered();
    expect((await past.register({ studentIds: [one!.studentId] })).body).toMatchObject({ done: 1, late: 1 });
    expect((await past.shown()).registered).toBe(1);
  });

  it('is for the school’s clerk to write, for the school and those above to read, and hidden from everybody else', async () => {
    const county = demo.organisations.get(school.parentId ?? '') as DemoOrganisation;
    const nation = demo.superiors(school).at(-1) as DemoOrganisation;
    for (const [where, office] of [
      [school, 'schoolReviewer'],
      [county, 'authorityReviewer'],
      [nation, 'authoritySupervisor'],
    ] as const) {
      const reader = await at(where, office, '2026-1', school);
      expect((await reader.show()).status).toBe(200);
      expect((await reader.page()).status).toBe(200);
      expect(await reader.register({ grade: '2025' })).toMatchObject(refused(403, 'not-your-office'));
      expect(await reader.declare(FIRST)).toMatchObject(refused(403, 'not-your-office'));
      if (office !== 'authorityReviewer') expect(await reader.retract([randomUUID()])).toMatchObject(refused(403, 'not-your-office'));
    }
    const stranger = await at(other, 'schoolClerk', '2026-1', school);
    for (const answer of [await stranger.show(), await stranger.page(), await stranger.register({ grade: '2025' })])
      expect(answer).toMatchObject(refused(404, 'not-found'));
    for (const code of ['2026-3', '2014-1', '2099-1', 'now'])
      expect(await (await at(school, 'schoolClerk', code)).show()).toMatchObject(refused(404, 'not-found'));
    const [ordinary] = demo.schools('ordinary') as [DemoOrganisation];
    expect(await (await at(ordinary)).show()).toMatchObject(refused(404, 'not-found'));
  });

  it('refuses a call that names nobody, a student twice, a list beside a grade, and a cursor of another list', async () => {
    const id = randomUUID();
    for (const body of [
      {},
      { studentIds: [] },
      { studentIds: [id, id] },
      { studentIds: ['x'] },
      { studentIds: [id], grade: '2025' },
      { className: '1班' },
      { studentIds: [id], className: '1班' },
    ])
      expect(await term.register(body)).toMatchObject(refused(422, 'invalid-input'));
    const { nextCursor } = (await term.page('limit=1')).body;
    expect((await (await at(school, 'schoolClerk', '2025-2')).page(`cursor=${nextCursor}`)).body).toMatchObject({ code: 'invalid-input' });
  });

  it('stands against a suspension or withdrawal over the term until taken back, late by the authority, with a reason (A20)', async () => {
    const [{ id }] = (await asOwner<{ id: string }[]>(
      system,
      `select r.student_id as id from term_registration r join enrolment e on e.id = r.enrolment_id and e.state = 'active'
         and e.since < $2
        where r.school_id = $1 and r.year = 2026 and r.nth = 1 and r.retracted_at is null limit 1`,
      [school.id, FIRST],
    )) as [{ id: string }];
    const blockers = async (kind: string, details: object) => {
      const { body } = await term.client.post<{ blockers: { code: string; pointer: string }[] }>('/change-requests/precheck', {
        kind,
        studentId: id,
        details,
        evidenceIds: [],
      });
      return body.blockers.filter(({ code }) => code === 'over-registered-term').map(({ pointer }) => pointer);
    };
    const suspension = (effectiveOn: string, until = '2027-08-31') => blockers('suspension', { ground: 'illness', until, effectiveOn });
    const withdrawal = (effectiveOn: string) => blockers('withdrawal', { ground: 'ownApplication', effectiveOn });
    for (const day of ['2026-08-15', FIRST])
      expect([await suspension(day), await withdrawal(day)]).toEqual([['/details/effectiveOn'], ['/details/effectiveOn']]);
    expect([await suspension('2026-09-02'), await withdrawal('2026-09-02'), await suspension(FIRST, addDays(due, -1))]).toEqual([
      [],
      [],
      [],
    ]);
    system.time.jumpTo(after(due, 20));
    const [later] = await term.unregistered();
    expect((await term.register({ studentIds: [later?.studentId ?? ''] })).body.done).toBe(1);
    system.time.jumpTo(after(due, 21));
    expect(codes((await term.retract([id, later?.studentId ?? ''])).body)).toEqual(['term-retraction-needs-authority', 'done']);
    const county = demo.organisations.get(school.parentId ?? '') as DemoOrganisation;
    const city = demo.organisations.get(county.parentId ?? '') as DemoOrganisation;
    expect(await (await at(city, 'authorityReviewer', '2026-1', school)).retract([id])).toMatchObject(refused(403, 'not-your-office'));
    const reviewer = await at(county, 'authorityReviewer', '2026-1', school);
    expect((await reviewer.retract([id], '')).body.code).toBe('invalid-input');
    expect(codes((await reviewer.retract([id], '该生开学前即已因病休学')).body)).toEqual(['done']);
    expect((await acts('retracted')).at(-1)).toMatchObject({ office: 'authorityReviewer' });
    await telling.now();
    for (const office of ['schoolClerk', 'schoolReviewer']) {
      const { items } = await telling.list(await as(system, demo.holder(school.id, office)));
      const notices = items.filter(({ kind }) => kind === 'termRetracted'); // none of what the school itself took back
      const about = { term: '2026-1', dueDate: due, retracted: 1, reason: '该生开学前即已因病休学', school: { id: school.id } };
      expect(notices).toMatchObject([{ title: '学籍主管部门已撤回本校学生的学期注册', term: about }]);
    }
    expect([await suspension(FIRST), await withdrawal(FIRST)]).toEqual([[], []]);
  });

  it('leaves a stream of its own that the audit verifies, to its very end', async () => {
    const verified = () => audited(system, ['enrolment']);
    expect((await verified()).problems).toEqual([]);
    await asOwner(system, 'update school_term set last_seq = last_seq + 1 where school_id = $1 and year = 2026', [school.id]);
    expect((await verified()).problems).toEqual([expect.stringMatching(/^term .*: its chain does not end with act/)]);
  });
});
