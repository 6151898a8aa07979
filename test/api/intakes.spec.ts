import { randomUUID } from 'node:crypto';
import JSZip from 'jszip';
import sharp from 'sharp';
import { CalendarStore } from '../../src/calendar/calendar.store.js';
import { instantOf } from '../../src/domain/working-days.js';
import { warnOfCutOffs } from '../../src/intakes/cut-off-warnings.js';
import { registerWaitingRows } from '../../src/intakes/waiting-rows.js';
import { FieldCipher } from '../../src/platform/database/field-cipher.js';
import { as, refused, type ApiClient } from '../fixtures/client.js';
import { acrossProvinces, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner } from '../fixtures/owner.js';
import { portrait } from '../fixtures/portrait.js';
import { again, clerkAt, freshNumber, knownToTheService, register, somebody } from '../fixtures/registrations.js';
import { Story, until } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { Telling } from '../fixtures/telling.js';
import { unmasked } from '../fixtures/unmasked.js';

interface Entered {
  intake: Shown;
  entered: { row: number; id: string; state: string }[];
  faulty: { row: number; errors: { pointer: string; code: string; label: string }[] }[];
}
interface Shown {
  id: string;
  number: string;
  requestId: string | null;
  counts: Record<string, number>;
  progress: number;
  recordDeadline: { late: number };
  registrationDeadline: { endsOn: string; overdue: boolean; left: number; late: number };
}
interface Row {
  id: string;
  studentId: string;
  state: string;
  cause: string | null;
  photographId: string | null;
  authentication: string;
  returned: { step: string; reason: string } | null;
}

describe('an intake, from the list to formal numbers (Art 6–9)', () => {
  let system: System;
  let demo: Demonstration;
  let there: DemoOrganisation;
  let here: DemoOrganisation;
  let clerk: ApiClient;
  beforeAll(async () => {
    system = await startSystem({ engine: 'server' });
    demo = await Demonstration.of(system);
    [there, here] = acrossProvinces(demo);
    clerk = await clerkAt(system, demo, here);
  });
  afterAll(() => system?.stop());

  const open = (rows: object[], more: object = {}) => clerk.post<Entered>('/intakes', { year: 2026, season: 'autumn', rows, ...more });
  const rowsOf = async (id: string) => (await clerk.get<{ items: Row[] }>(`/intakes/${id}/rows`)).body.items;
  const show = async (id: string) => (await clerk.get<Shown>(`/intakes/${id}`)).body;
  /** Once so many rows stand so. */
  const counted = (id: string, wanted: Record<string, number>) =>
    until(
      () => show(id),
      ({ counts }) => Object.entries(wanted).every(([state, n]) => counts[state] === n),
      JSON.stringify(wanted),
    );
  const correct = <T>(id: string, row: string, body: object) =>
    clerk.send<T>('PUT', `/intakes/${id}/rows/${row}`, body, { 'Idempotency-Key': randomUUID() });
  const intakeOf = async (row: string) => {
    const [found] = await asOwner<{ intakeId: string }[]>(system, 'select intake_id as "intakeId" from registration where id = $1', [row]);
    return found ?? { intakeId: '' };
  };
  async function photographs(id: string, archive: JSZip | string) {
    const form = new FormData();
    form.append('file', new Blob([typeof archive === 'string' ? archive : await archive.generateAsync({ type: 'blob' })]), '照片.zip');
    const { token, url } = clerk as unknown as { token: string; url: string };
    const headers = { 'Idempotency-Key': randomUUID(), Authorization: `Bearer ${token}` };
    const response = await fetch(`${url}/api/v1/intakes/${id}/photographs`, { method: 'POST', body: form, headers });
    return { status: response.status, body: (await response.json()) as { refused: { code: string }[] } };
  }
  const submit = (id: string) => clerk.post<Shown>(`/intakes/${id}/submission`, { note: '2026年秋季新生，请审核' });

  /** Approves the open task of a step, all but the rows named. */
  async function review(requestId: string, step: 'school' | 'authority', returned: Record<string, string> = {}) {
    const [at, office] = step === 'school' ? [here.id, 'schoolReviewer'] : [here.parentId ?? '', 'authorityReviewer'];
    const reviewer = await as(system, demo.holder(at, office));
    type Task = { id: string; step: string; version: number };
    const { body } = await until(
      () => clerk.get<{ currentTasks: Task[] }>(`/change-requests/${requestId}`),
      (answer) => answer.body.currentTasks[0]?.step === step,
      `the task of the ${step}`,
    );
    const [task] = body.currentTasks;
    const rows = Object.entries(returned).map(([row, reason]) => ({ row, verdict: 'return', reason }));
    const decided = await reviewer.post(`/tasks/${task?.id}/decision`, {
      verdict: 'approve', opinion: '同意', version: task?.version, ...(rows.length > 0 ? { data: { rows } } : {}),
    }); // prettier-ignore
    expect([decided.status, decided.body]).toEqual([200, expect.anything()]);
    return { reviewer, task };
  }

  it('refuses a list with a field that no registration has, before any row is read', async () => {
    const refusal = await open([somebody(), somebody({ nickname: '小' })]);
    expect(refusal).toMatchObject({ status: 422, body: { errors: [{ pointer: '/rows/1/nickname' }] } });
  });

  it('says all faults of every row by its field, keeps nothing of a faulty one, and enters the others', async () => {
    const wrong = somebody({
      ethnicGroup: '99',
      expectedLeavingOn: '2020-01-01',
      document: { type: 'residentId', number: '110101201001011234' },
    });
    const twice = somebody();
    await knownToTheService(system, twice);
    const { status, body } = await open([
      somebody(),
      wrong,
      twice,
      twice,
      somebody({ majorCode: '999999' }),
      again(demo.student(there.id)),
    ]);
    expect([status, body.entered.map(({ row, state }) => [row, state])]).toEqual([
      201,
      [
        [1, 'pending'],
        [3, 'pending'],
      ],
    ]);
    const faults = new Map(body.faulty.map(({ row, errors }) => [row, errors.map(({ pointer }) => pointer).sort()]));
    expect(faults.get(2)).toEqual(expect.arrayContaining(['/document/number', '/ethnicGroup', '/expectedLeavingOn']));
    expect([faults.get(4), faults.get(5), faults.get(6)]).toEqual([['/document/number'], ['/majorCode'], ['/document/number']]);
    expect(body.faulty.find(({ row }) => row === 6)?.errors).toMatchObject([{ code: 'possible-duplicate', label: '号码' }]);
    expect(JSON.stringify(body)).not.toContain(there.name);
    expect(body.intake).toMatchObject({ counts: { rows: 2, entered: 2 }, progress: 0, requestId: null });
    expect(await rowsOf(body.intake.id)).toHaveLength(2);
  });

  it('opens no intake where every row is faulty', async () => {
    const count = () => asOwner(system, 'select count(*)::int as n from intake');
    const before = await count();
    const { status, body } = await open([somebody({ majorCode: '999999' }), again(demo.student(there.id))]);
    expect([status, body.intake, body.entered, body.faulty.length]).toEqual([201, null, [], 2]);
    expect(await count()).toEqual(before);
  });

  it('is reviewed by school and authority, who return single rows; the rest is numbered, what was returned comes again', async () => {
    const persons = [somebody(), somebody(), somebody(), somebody()];
    const { body } = await open(persons);
    const { id } = body.intake;
    const [first, second, third] = body.entered.map((one) => one.id) as [string, string, string];
    const submitted = await submit(id);
    expect([submitted.status, submitted.body.counts.underReview]).toEqual([200, 4]);
    const requestId = submitted.body.requestId ?? '';
    expect(await submit(id)).toMatchObject(refused(409, 'intake-under-review'));
    const { reviewer, task } = await review(requestId, 'school', { [first]: '照片不清' });
    expect((await reviewer.get(`/tasks/${task?.id}/subject`)).status).toBe(409);
    await review(requestId, 'authority', { [second]: '出生日期与户口簿不符' });
    const after = await counted(id, { registered: 2 });
    expect(after.counts).toMatchObject({ rows: 4, registered: 2, returned: 2 });
    const rows = new Map((await rowsOf(id)).map((row) => [row.id, row]));
    expect([rows.get(first)?.returned, rows.get(second)?.returned]).toEqual([
      { step: 'school', reason: '照片不清' },
      { step: 'authority', reason: '出生日期与户口簿不符' },
    ]);
    const { studentNumber } = await unmasked(clerk, rows.get(third)?.studentId ?? '');
    expect(studentNumber).toBe(`G${(persons[2]?.document as { number: string }).number}`);
    const later = await submit(id);
    expect([later.status, later.body.counts.underReview]).toEqual([200, 2]);
    for (const step of ['school', 'authority'] as const) await review(later.body.requestId ?? '', step);
    const done = await counted(id, { registered: 4 });
    expect([done.progress, done.registrationDeadline]).toEqual([1, { endsOn: '2026-11-20', overdue: false, left: 0, late: 4 }]);
    expect(await submit(id)).toMatchObject(refused(409, 'nothing-to-submit'));
  });

  it('puts a returned row right in place, with all its faults told first, and reviews it again with the next submission', async () => {
    const [wrong, other] = [somebody({ grade: '2026', phone: '13800000000', className: undefined }), somebody()];
    const { body } = await open([wrong, other]);
    const { id } = body.intake;
    const [row] = body.entered.map((one) => one.id) as [string, string];
    const requestId = (await submit(id)).body.requestId ?? '';
    expect(await correct(id, row, wrong)).toMatchObject(refused(409, 'intake-under-review'));
    await review(requestId, 'school', { [row]: '姓名与户口簿不符' });
    await review(requestId, 'authority');
    await counted(id, { registered: 1, returned: 1 });
    const right = somebody({ lengthYears: 3, numberAtSchool: 'A2026-017' });
    await knownToTheService(system, right);
    const faulty = {
      ...right,
      ethnicGroup: '99',
      reportedOn: '2031-01-01',
      document: { type: 'residentId', number: '110101201001011234' },
    };
    const refusal = await correct<{ errors: { pointer: string }[] }>(id, row, faulty);
    expect([refusal.status, refusal.body.errors.map(({ pointer }) => pointer).sort()]).toEqual([
      422,
      expect.arrayContaining(['/document/number', '/ethnicGroup', '/reportedOn']),
    ]);
    expect(await rowsOf(id)).toContainEqual(expect.objectContaining({ id: row, state: 'returned' }));
    const corrected = await correct<Row>(id, row, right);
    expect([corrected.status, corrected.body]).toMatchObject([
      200,
      { id: row, state: 'entered', returned: null, authentication: 'confirmed' },
    ]);
    const acts = await asOwner<{ kind: string; body: { fields: string[] } }[]>(
      system,
      'select kind, body from act where stream_id = any($1::uuid[]) order by at, seq',
      [[id, corrected.body.studentId]],
    );
    const of = (kind: string) => acts.filter((act) => act.kind === kind);
    expect(of('rowCorrected')).toMatchObject([{ body: { registrationId: row } }]);
    expect(of('registrationCorrected')[0]?.body.fields).toEqual(
      expect.arrayContaining(['name', 'documentNumber', 'phone', 'numberAtSchool']),
    );
    expect(JSON.stringify(acts)).not.toContain(right.name);
    const later = (await submit(id)).body.requestId ?? '';
    for (const step of ['school', 'authority'] as const) await review(later, step);
    await counted(id, { registered: 2 });
    const { studentNumber } = await unmasked(clerk, corrected.body.studentId);
    expect(studentNumber).toBe(`G${(right.document as { number: string }).number}`);
    expect(await correct(id, row, right)).toMatchObject(refused(409, 'row-registered'));
    // The wrong document was nobody's here, and is free for whose it is.
    const owner = await register(system, demo, here, { ...wrong });
    expect([owner.status, owner.body.state]).toEqual([201, 'pending']);
  });

  it('registers a held duplicate once school and authority have approved what corroborates it (Art 11)', async () => {
    const one = somebody({ document: { type: 'passport', number: 'E90210077' } });
    const { name, birthDate } = one;
    const namesake = somebody({
      name,
      birthDate,
      document: { type: 'residentId', number: freshNumber(String(birthDate)) },
      enterHeld: true,
    });
    await knownToTheService(system, namesake);
    const { body } = await open([one, namesake]);
    const { id } = body.intake;
    expect(body.entered.map(({ state }) => state)).toEqual(['pending', 'held']);
    const row = (await rowsOf(id)).find(({ state }) => state === 'held');
    const assertion = await Story.within(system, demo, here, {
      kind: 'registrationException',
      studentId: row?.studentId,
      details: { registrationId: row?.id, action: 'corroborate', ground: 'ownDocument' },
    });
    expect(await correct(id, row?.id ?? '', namesake)).toMatchObject(refused(409, 'change-already-open'));
    expect(await assertion.approveAll()).toMatchObject({ state: 'approved' });
    await counted(id, { registered: 1, entered: 1 });
    expect((await unmasked(clerk, row?.studentId ?? '')).studentNumber).toMatch(/^G/);
  });

  it('takes photographs by the names of their files, says why others are not taken, and shows them to the reviewers', async () => {
    const [one, two] = [somebody(), somebody({ numberAtSchool: '26-0107' })];
    const { body } = await open([one, two, somebody()]);
    const { id } = body.intake;
    const [first, second] = body.entered.map((row) => row.id) as [string, string];
    const zip = new JSZip();
    const number = (one.document as { number: string }).number;
    zip.file(`一班/${number}.jpg`, await portrait());
    zip.file('26-0107.jpeg', await portrait());
    zip.file(
      '26-0107.png',
      await sharp(await portrait())
        .png()
        .toBuffer(),
    );
    zip.file('nobody.jpg', await portrait());
    zip.file('__MACOSX/._x.jpg', 'x');
    expect(await photographs(id, zip)).toMatchObject({
      status: 200,
      body: {
        kept: [{ file: `一班/${number}.jpg`, row: first }, { file: '26-0107.jpeg', row: second }],
        refused: [{ code: 'photograph-twice' }, { file: 'nobody.jpg', code: 'photograph-of-nobody' }],
      },
    }); // prettier-ignore
    const poor = new JSZip();
    poor.file(`${number}.jpg`, 'no picture');
    poor.file('26-0107.jpg', await sharp(await portrait()).resize(413, 295, { fit: 'fill' }).jpeg().toBuffer()); // prettier-ignore
    const codes = (await photographs(id, poor)).body.refused.map(({ code }) => code);
    expect(codes).toEqual(['photograph-unreadable', 'photograph-ratio']);
    expect(await photographs(id, 'no archive')).toMatchObject(refused(422, 'invalid-input'));
    const row = (await rowsOf(id)).find((found) => found.id === first);
    const elsewhere = await clerkAt(system, demo, there);
    const authority = await as(system, demo.holder(here.parentId ?? '', 'authorityReviewer'));
    const seen = async (client: ApiClient) => (await client.get(`/evidence/${row?.photographId}`)).status;
    expect([await seen(clerk), await seen(authority), await seen(elsewhere)]).toEqual([200, 404, 404]);
    await submit(id);
    expect([await seen(authority), await seen(elsewhere)]).toEqual([200, 404]);
    const joined = `select evidence_id as id from dossier_evidence join student_fact f using (student_id) where f.fact = 'photograph'
      and student_id = $1`;
    expect(await asOwner(system, joined, [row?.studentId])).toEqual([{ id: row?.photographId }]);
  });

  it('releases who was held against a row that is put right, and a held row that is like nobody any more', async () => {
    const mistyped = somebody();
    const { body } = await open([mistyped]);
    const [first] = body.entered.map((one) => one.id) as [string];
    const second = await register(system, demo, here, { ...mistyped, name: '林别人' });
    expect([second.status, second.body.state]).toEqual([201, 'held']);
    const right = somebody();
    await knownToTheService(system, right);
    expect((await correct<Row>(body.intake.id, first, right)).body.state).toBe('entered');
    const { intakeId } = await intakeOf(second.body.id);
    const shown = (await rowsOf(intakeId)).find((row) => row.id === second.body.id);
    expect(shown?.state).toBe('entered');
    const known = somebody();
    await knownToTheService(system, known);
    expect((await correct<Row>(intakeId, second.body.id, known)).body.state).toBe('entered');
    const dup = await correct(intakeId, second.body.id, again(demo.student(there.id)));
    expect(dup).toMatchObject(refused(409, 'possible-duplicate'));
    const held = await correct<Row>(intakeId, second.body.id, again(demo.student(there.id), { enterHeld: true }));
    expect([held.status, held.body.state]).toEqual([200, 'held']);
    expect(await correct(intakeId, second.body.id, { ...known })).toMatchObject({ status: 200, body: { state: 'entered' } });
  });

  it('holds whom the population service does not know, waits for whom it cannot say, and takes in single registrations', async () => {
    const passport = somebody({ document: { type: 'passport', number: 'E90210001' } });
    const unknown = somebody({ name: '无名氏' });
    const { body } = await open([passport, unknown]);
    const { id } = body.intake;
    const single = await register(system, demo, here, somebody());
    expect(single.status).toBe(201);
    await counted(id, { rows: 3, held: 1 });
    const { requestId } = (await submit(id)).body;
    for (const step of ['school', 'authority'] as const) await review(requestId ?? '', step);
    const shown = await counted(id, { registered: 1 });
    expect(shown.counts).toMatchObject({ rows: 3, held: 1, awaitingAuthentication: 1, registered: 1 });
    const waiting = (await rowsOf(id)).find(({ state }) => state === 'awaitingAuthentication');
    const authority = await as(system, demo.holder(here.parentId ?? '', 'authorityReviewer'));
    const evidenceIds = [await authority.evidence()];
    const attested = await authority.post(`/registrations/${waiting?.id}/attestation`, { evidenceIds, note: '已核验护照原件' });
    expect(attested.status).toBe(200);
    expect((await unmasked(clerk, waiting?.studentId ?? '')).studentNumber).toMatch(/^J/);
    expect((await show(id)).counts).toMatchObject({ registered: 2, held: 1 });
  });

  it('waits where the cut-off has passed meanwhile, and is registered once the province opens a window again (R-06)', async () => {
    const { id } = (await open([somebody()])).body.intake;
    await counted(id, { rows: 1 });
    await asOwner(system, 'update late_window set closed_at = now(), closed_by = opened_by');
    const { requestId } = (await submit(id)).body;
    for (const step of ['school', 'authority'] as const) await review(requestId ?? '', step);
    await counted(id, { awaitingAuthentication: 1 });
    const { config, db, time: clock } = system;
    const deps = { db, clock, cipher: new FieldCipher(config.fieldKey, config.indexKey), calendar: new CalendarStore() };
    await registerWaitingRows(deps);
    expect(await rowsOf(id)).toMatchObject([{ state: 'awaitingAuthentication', cause: 'registration-period-over' }]);
    await asOwner(system, 'update late_window set closed_at = null, closed_by = null');
    await registerWaitingRows(deps);
    expect(await rowsOf(id)).toMatchObject([{ state: 'registered', cause: null }]);
  });

  it('is told of to school and authority once, ten working days before its registration ends with rows left (R-06)', async () => {
    const { id } = (await open([somebody()])).body.intake;
    const { config, db } = system;
    const on = (day: string) => {
      const clock = { now: () => instantOf(day, 10) };
      return warnOfCutOffs({ db, clock, cipher: new FieldCipher(config.fieldKey, config.indexKey), calendar: new CalendarStore() });
    };
    const acts = () => asOwner<{ body: object }[]>(system, `select body from act where stream_id = $1 and kind = 'ending'`, [id]);
    await on('2026-11-05');
    expect(await acts()).toEqual([]);
    for (let pass = 0; pass < 2; pass += 1) await on('2026-11-06');
    expect(await acts()).toMatchObject([{ body: { endsOn: '2026-11-20', left: expect.any(Number) as number } }]);
    await new Telling(system).now();
    const { body } = await clerk.get<{ items: { kind: string; intakeId: string | null }[] }>('/notifications?limit=200');
    expect(body.items.filter(({ intakeId }) => intakeId === id)).toMatchObject([{ kind: 'intakeEnding' }]);
    const offices = await asOwner<{ office: string }[]>(system, 'select distinct office from notification where intake_id = $1', [id]);
    expect(offices.map(({ office }) => office).sort()).toEqual([
      'authorityReviewer',
      'authoritySupervisor',
      'schoolClerk',
      'schoolReviewer',
    ]);
  });

  it('is seen by its school and the authorities above it, and by nobody else', async () => {
    const { body } = await open([somebody()]);
    const elsewhere = await clerkAt(system, demo, there);
    expect(await elsewhere.get(`/intakes/${body.intake.id}`)).toMatchObject(refused(404, 'not-found'));
    expect(await elsewhere.get(`/intakes/${body.intake.id}/rows`)).toMatchObject(refused(404, 'not-found'));
    const authority = await as(system, demo.holder(here.parentId ?? '', 'authorityReviewer'));
    const { items } = (await authority.get<{ items: Shown[] }>('/intakes?year=2026&season=autumn')).body;
    expect(items.map((one) => one.id)).toContain(body.intake.id);
  });
});
