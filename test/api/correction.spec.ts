import { maskDocument, maskStudentNumber } from '../../src/domain/dossier/id-document.js';
import { addDays } from '../../src/domain/working-days.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { anotherCard, SaidIdentity, withCard, type Corrected } from '../fixtures/correction.js';
import { Demonstration, withinACounty, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { again, register } from '../fixtures/registrations.js';
import { Story, until } from '../fixtures/story.js';
import { unmasked } from '../fixtures/unmasked.js';
import { linesOfPdf } from '../fixtures/pdf.js';
import { startSystem, type System } from '../fixtures/system.js';
import { historyAsJson } from '../workflows/histories.js';

interface Dossier {
  studentNumber: string;
  name: string;
  sex: string;
  birthDate: string;
  documentNumber: string;
  facts: { fact: string; value: string; validFrom: string; validTo: string | null }[];
}

describe('信息变更: the correction of personal information (Art 16)', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let clerk: ApiClient;
  const identity = new SaidIdentity();

  beforeAll(async () => {
    system = await startSystem({ engine: 'time-skipping', identity });
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    [school] = withinACounty(demo);
    clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
  });
  beforeEach(() => void (identity.answer = 'matched'));
  afterAll(() => system?.stop());

  const today = () => system.time.today();
  const details = (changes: object, more: object = {}) => ({ changes, proofReceivedOn: today(), ...more });
  const filed = (studentId: string, changes: object, more: object = {}) =>
    Story.within(system, demo, school, { kind: 'infoCorrection', studentId, details: details(changes, more) });
  const shown = async (story: Story, by = story.filer) => (await by.get<Corrected>(`/change-requests/${story.id}`)).body;
  const dossier = async (id: string, query = '', by = clerk) => (await by.get<Dossier>(`/students/${id}/dossier${query}`)).body;
  const ethnicGroup = ({ facts }: Dossier) => facts.find(({ fact }) => fact === 'ethnicGroup')?.value;
  const refused = async (studentId: string, changes: object, more: object = {}) => {
    const body = {
      kind: 'infoCorrection',
      studentId,
      details: details(changes, more),
      evidenceIds: [await clerk.evidence()],
      reason: '更正',
    };
    return clerk.post<{ code: string; errors?: { pointer: string }[] }>('/change-requests', body);
  };
  const held = (story: Story, cause: string) =>
    until(
      () => shown(story),
      ({ hold }) => hold?.cause === cause,
      `the hold ${cause}`,
    );
  const approvedBySteps = async (story: Story) => {
    for (const step of ['school', 'authority']) expect((await story.decide('approve', { step })).status).toBe(200);
  };
  const ended = (story: Story) =>
    until(
      () => shown(story),
      ({ state }) => state !== 'open',
      'the end',
    );

  it('gives the student the approved name, sex and document on the day of effect, keeps the old ones, and never the number', async () => {
    const student = withCard(demo, school);
    const sex = student.sex === 'male' ? 'female' : 'male';
    const documentNumber = anotherCard({ birthDate: student.birthDate, sex });
    const before = new Date(system.time.now()).toISOString();
    const effectiveOn = addDays(today(), -30);
    const story = await filed(
      student.id,
      { name: '欧阳新名', sex, documentType: 'residentId', documentNumber, ethnicGroup: '15' },
      { effectiveOn },
    );
    expect(await story.approveAll()).toMatchObject({ state: 'approved', hold: null });
    const now = await dossier(student.id);
    expect(now).toMatchObject({ studentNumber: maskStudentNumber(student.number), name: '欧阳新名', sex });
    const form = await fetch(`${system.url}/api/v1/change-requests/${story.id}/form`, {
      headers: { Authorization: `Bearer ${clerk.token}` },
    });
    const said = linesOfPdf(Buffer.from(await form.arrayBuffer()))
      .flat()
      .join('');
    for (const part of ['（信息变更）', `姓名${student.name}`, '欧阳新名', documentNumber]) expect(said).toContain(part);
    expect(await unmasked(clerk, student.id)).toMatchObject({
      studentNumber: student.number,
      documentNumber,
      birthDate: student.birthDate,
    });
    expect(ethnicGroup(now)).toBe('15');
    const former = { studentNumber: maskStudentNumber(student.number), name: student.name, sex: student.sex };
    expect(await dossier(student.id, `?asOf=${effectiveOn}`)).toMatchObject({ name: '欧阳新名', sex });
    const dayBefore = await dossier(student.id, `?asOf=${addDays(effectiveOn, -1)}`);
    expect(dayBefore).toMatchObject(former);
    expect(ethnicGroup(dayBefore)).toBe(student.ethnicGroup);
    expect(await dossier(student.id, `?recordedBy=${encodeURIComponent(before)}`)).toMatchObject(former);
    const by = (number: string) => clerk.post('/students/lookup', { documentType: 'residentId', documentNumber: number });
    expect(await by(documentNumber)).toMatchObject({ status: 200, body: { id: student.id, name: '欧阳新名' } });
    expect((await by(student.document.number)).status).toBe(404);
    expect(await clerk.post('/students/lookup', { studentNumber: student.number })).toMatchObject({
      status: 200,
      body: { id: student.id },
    });
    const { body: list } = await clerk.get<{ items: { id: string; maskedName: string }[] }>(
      `/students?changedSince=${encodeURIComponent(before)}`,
    );
    expect(list.items.find(({ id }) => id === student.id)?.maskedName).toBe('欧***');
  });

  it('that authenticates the student releases who was held as a namesake of an identity that was not (R-08)', async () => {
    const student = withCard(demo, school);
    await asOwner(system, `update student set authentication = 'pending' where id = $1`, [student.id]);
    const document = { type: 'residentId', number: anotherCard(student) };
    const { body: held } = await register(system, demo, school, again(student.id, { document }));
    expect(held).toMatchObject({ state: 'held', authentication: 'confirmed' });
    const story = await filed(student.id, { documentType: 'residentId', documentNumber: anotherCard(student) });
    expect(await story.approveAll()).toMatchObject({ state: 'approved' });
    const released = { state: 'pending', findings: [], duplicates: [{ state: 'settled', outcome: 'namesakes' }] };
    expect((await clerk.get(`/registrations/${held.id}`)).body).toMatchObject(released);
  });

  it('runs beside a transfer, takes effect also when the student has moved, and is refused beside another correction (A16)', async () => {
    const [, destination] = withinACounty(demo);
    const student = withCard(demo, school);
    const transfer = await Story.within(system, demo, school, {
      kind: 'transfer',
      studentId: student.id,
      details: { destinationSchoolId: destination.id },
    });
    const correction = await filed(student.id, { ethnicGroup: '30' });
    expect((await shown(correction)).correction?.late).toBe(false);
    expect(await refused(student.id, { ethnicGroup: '11' })).toMatchObject({ status: 409, body: { code: 'change-already-open' } });
    const suspension = { kind: 'suspension', studentId: student.id, details: { ground: 'illness', until: addDays(today(), 90) } };
    expect((await clerk.post('/change-requests/precheck', { ...suspension, evidenceIds: [] })).body.blockers).toContainEqual(
      expect.objectContaining({ code: 'change-already-open' }),
    );
    expect(await transfer.approveAll()).toMatchObject({ state: 'approved' });
    await approvedBySteps(correction);
    expect(await ended(correction)).toMatchObject({ state: 'approved', hold: null });
    const there = await as(system, demo.holder(destination.id, 'schoolClerk'));
    const now = await dossier(student.id, '', there);
    expect([ethnicGroup(now), (now as unknown as { schoolId: string }).schoolId]).toEqual(['30', destination.id]);
  });

  it('runs beside a death, which neither holds nor supersedes it (A16)', async () => {
    const student = withCard(demo, school);
    const before = await filed(student.id, { ethnicGroup: '30' });
    const death = { kind: 'death', studentId: student.id, details: { diedOn: today() } };
    const died = await Story.within(system, demo, school, death);
    expect((await shown(before)).hold).toBeNull();
    expect(await died.approveAll()).toMatchObject({ state: 'approved' });
    await approvedBySteps(before);
    expect(await ended(before)).toMatchObject({ state: 'approved' });
  });

  it('changes nothing when it is rejected', async () => {
    const student = withCard(demo, school);
    const story = await filed(student.id, { name: '不会有' });
    expect((await story.decide('reject', { opinion: '证明不足' })).status).toBe(200);
    expect(await ended(story)).toMatchObject({ state: 'rejected' });
    expect(await dossier(student.id)).toMatchObject({ name: student.name });
  });

  it('shows former and proposed values to the parties, marks to others who see it, and no value in a list or timeline', async () => {
    const student = withCard(demo, school);
    const story = await filed(student.id, { name: '独孤看客', ethnicGroup: '30' });
    const task = await story.task('school');
    const reviewer = await story.reviewer(task);
    const values = [
      { field: 'name', former: student.name, proposed: '独孤看客' },
      { field: 'ethnicGroup', former: student.ethnicGroup, proposed: '30' },
    ];
    const checked = () => shown(story, reviewer);
    const detail = await until(checked, ({ correction }) => correction?.identity?.answer === 'matched', 'the answer');
    expect(detail.correction).toMatchObject({ late: false, identity: { confirmed: true, attested: false }, values });
    const { body } = await reviewer.get<{ correction: unknown }>(`/tasks/${task.id}`);
    expect(body.correction).toMatchObject({ late: false, identity: { answer: 'matched', confirmed: true } });
    expect(JSON.stringify(body)).not.toContain('独孤看客');
    expect(JSON.stringify([detail.timeline, detail.details])).not.toMatch(/独孤看客|"30"/);
    const county = demo.organisations.get(school.parentId ?? '') as DemoOrganisation;
    const above = await as(system, demo.holder(county.parentId ?? '', 'authorityReviewer'));
    expect((await shown(story, above)).correction).toMatchObject({ late: false, values: null });
    expect(JSON.stringify((await reviewer.get('/tasks')).body)).not.toContain('独孤看客');
    expect(JSON.stringify((await clerk.get('/change-requests')).body)).not.toContain('独孤看客');
  });

  it('is accepted and marked late when it is filed more than 10 working days after the proof', async () => {
    const longAgo = await filed(withCard(demo, school).id, { ethnicGroup: '30' }, { proofReceivedOn: addDays(today(), -40) });
    const detail = await shown(longAgo);
    expect(detail.correction).toMatchObject({ late: true, identity: null });
    expect(detail.timeline[0]).toMatchObject({ kind: 'filed', late: true });
    const task = await longAgo.task('school');
    expect((await (await longAgo.reviewer(task)).get(`/tasks/${task.id}`)).body).toMatchObject({ correction: { late: true } });
    const recent = await filed(withCard(demo, school).id, { ethnicGroup: '30' }, { proofReceivedOn: addDays(today(), -1) });
    expect((await shown(recent)).correction).toMatchObject({ late: false });
  });

  it('parks while the identity is not confirmed, and goes on when the register has been mended', async () => {
    identity.answer = 'nameDiffers';
    const student = withCard(demo, school);
    const story = await filed(student.id, { name: '上官待核' });
    await approvedBySteps(story);
    expect((await held(story, 'identity-not-confirmed')).correction?.identity).toMatchObject({ answer: 'nameDiffers', confirmed: false });
    expect(await dossier(student.id)).toMatchObject({ name: student.name });
    identity.answer = 'matched';
    await system.time.pass(7 * 3_600_000);
    expect(await ended(story)).toMatchObject({ state: 'approved' });
    expect(await dossier(student.id)).toMatchObject({ name: '上官待核' });
  });

  it('parks while the population service is down, whatever it throws, and goes on when it answers', async () => {
    identity.answer = new Error('connection refused');
    const student = withCard(demo, school);
    const story = await filed(student.id, { name: '司马等候' });
    await approvedBySteps(story);
    const detail = await held(story, 'identity-service-unavailable');
    expect(detail).toMatchObject({ state: 'open', correction: { identity: { answer: 'unavailable', confirmed: false } } });
    identity.answer = 'matched';
    await system.time.pass(3_600_000);
    expect(await ended(story)).toMatchObject({ state: 'approved' });
  });

  it('is attested by the authority where the service cannot know the document (R-09)', async () => {
    identity.answer = 'unknownDocument';
    const story = await filed(withCard(demo, school).id, { documentType: 'passport', documentNumber: 'E12345678' });
    expect(await story.approveAll()).toMatchObject({ state: 'approved' });
    expect((await shown(story)).correction?.identity).toMatchObject({ answer: 'unknownDocument', attested: true, confirmed: true });
  });

  it('parks while somebody else has the document, and goes on when that is cleared', async () => {
    const [one, other] = [withCard(demo, school), withCard(demo, school)];
    const number = anotherCard(one);
    const first = await filed(other.id, { documentType: 'passport', documentNumber: 'G7654321' });
    // Both are filed before either takes effect: later, the second is refused at once.
    const story = await filed(one.id, { documentType: 'passport', documentNumber: 'G7654321' });
    expect(await first.approveAll()).toMatchObject({ state: 'approved' });
    const third = {
      kind: 'infoCorrection',
      studentId: withCard(demo, school).id,
      details: { changes: { documentType: 'passport', documentNumber: 'G7654321' }, proofReceivedOn: today() },
      evidenceIds: [await clerk.evidence()],
      reason: '更换证件',
    };
    expect((await clerk.post('/change-requests/precheck', third)).body).toMatchObject({
      allowed: false,
      blockers: [{ code: 'document-in-use', pointer: '/details/changes/documentNumber' }],
    });
    await approvedBySteps(story);
    await held(story, 'document-in-use');
    const cleared = await filed(other.id, {
      documentType: 'residentId',
      documentNumber: other.document.number,
    });
    expect(await cleared.approveAll()).toMatchObject({ state: 'approved' });
    await system.time.pass(11 * 60_000);
    expect(await ended(story)).toMatchObject({ state: 'approved' });
    expect(number).toHaveLength(18);
    expect(await clerk.post('/students/lookup', { documentType: 'passport', documentNumber: 'G7654321' })).toMatchObject({
      body: { id: one.id, studentNumber: maskStudentNumber(one.number) },
    });
  });

  it('shows a proposed document and birth date whole while a task of it is at hand, and masked afterwards; former ones never', async () => {
    const student = withCard(demo, school);
    const documentNumber = anotherCard(student);
    const story = await filed(student.id, { documentType: 'residentId', documentNumber });
    const task = await story.task('school');
    const valueIn = async (client?: ApiClient) =>
      (await shown(story, client)).correction?.values?.find(({ field }) => field === 'documentNumber');
    const masked = { former: maskDocument(student.document.number) };
    expect(await valueIn(await story.reviewer(task))).toMatchObject({ ...masked, proposed: documentNumber });
    expect((await story.decide('reject', { opinion: '证明不足' })).status).toBe(200);
    await ended(story);
    expect(await valueIn()).toMatchObject({ ...masked, proposed: maskDocument(documentNumber) });
  });

  it('is refused by name for each thing wrong with it, without the values', async () => {
    const student = withCard(demo, school);
    const tomorrow = addDays(today(), 1);
    const cases: [object, object, string, string][] = [
      [{}, {}, 'nothing-to-change', '/details/changes'],
      [{ name: student.name }, {}, 'value-not-changed', '/details/changes/name'],
      [{ documentNumber: anotherCard(student) }, {}, 'document-incomplete', '/details/changes/documentType'],
      [{ documentType: 'passport' }, {}, 'document-incomplete', '/details/changes/documentNumber'],
      [{ sex: student.sex === 'male' ? 'female' : 'male' }, {}, 'document-sex-differs', '/details/changes/sex'],
      [{ birthDate: '2009-02-03' }, {}, 'document-birth-date-differs', '/details/changes/birthDate'],
      [{ documentType: 'residentId', documentNumber: '330106201001011231' }, {}, 'document-check-digit', '/details/changes/documentNumber'],
      [{ documentType: 'passport', documentNumber: 'E!' }, {}, 'document-format', '/details/changes/documentNumber'],
      [{ name: '将来' }, { effectiveOn: tomorrow }, 'date-in-future', '/details/effectiveOn'],
      [{ name: '将来' }, { proofReceivedOn: tomorrow }, 'date-in-future', '/details/proofReceivedOn'],
      [{ ethnicGroup: '99' }, {}, 'invalid-input', '/details/changes/ethnicGroup'],
      [{ studentNumber: 'G33010620100101123X' }, {}, 'invalid-input', '/details/changes/studentNumber'],
    ];
    for (const [changes, more, code, pointer] of cases) {
      const { status, body } = await refused(student.id, changes, more);
      expect([status, body.code, body.errors?.[0]?.pointer]).toEqual([422, code, pointer]);
      for (const value of Object.values(changes)) if (String(value).length > 2) expect(JSON.stringify(body)).not.toContain(String(value));
    }
  });

  it('puts a guardian on record on proof, and a minor’s guardian applies only when on record (A11)', async () => {
    const [student] = demo.students.filter(({ schoolId, state }) => schoolId === school.id && state === 'active').slice(-1);
    const studentId = student?.id ?? '';
    const codes = async () => {
      const body = { kind: 'withdrawal', studentId, details: { ground: 'ownApplication' }, evidenceIds: [] };
      const application = { by: 'guardian', on: today() };
      const answer = await clerk.post<{ blockers: { code: string }[] }>('/change-requests/precheck', { ...body, application });
      return answer.body.blockers.map(({ code }) => code);
    };
    expect(await codes()).not.toContain('guardian-not-on-record');
    const story = await filed(studentId, { guardianName: '慕容监护', guardianRelation: 'mother' });
    await approvedBySteps(story);
    expect(await ended(story)).toMatchObject({ state: 'approved' });
    const { facts } = await dossier(studentId);
    const said = Object.fromEntries(facts.map(({ fact, value }) => [fact, value]));
    expect(said).toMatchObject({ guardianName: '慕容监护', guardianRelation: 'mother' });
  });

  it('leaves contact to the school alone: at once, effective-dated, with an act, and nothing else (A11)', async () => {
    const student = withCard(demo, school);
    const change = (body: object, by = clerk, key: string = crypto.randomUUID()) =>
      by.send<{ code?: string }>('PATCH', `/students/${student.id}/contact`, body, { 'Idempotency-Key': key });
    const since = addDays(today(), -3);
    expect(await change({ phone: '13800001111', guardianPhone: '13900001111', effectiveOn: since })).toMatchObject({
      status: 200,
      body: { studentId: student.id, fields: ['phone', 'guardianPhone'], effectiveOn: since },
    });
    expect((await change({ phone: '13800002222' })).status).toBe(200);
    const phone = async (query: string) => (await dossier(student.id, query)).facts.find(({ fact }) => fact === 'phone')?.value;
    expect([await phone(''), await phone(`?asOf=${since}`), await phone(`?asOf=${addDays(since, -1)}`)]).toEqual([
      '13800002222',
      '13800001111',
      undefined,
    ]);
    for (const body of [{ name: '直接改名' }, { guardianName: '慕容监护' }, { guardianRelation: 'father' }])
      expect(await change(body)).toMatchObject({ status: 422, body: { code: 'invalid-input' } });
    expect(await change({})).toMatchObject({ status: 422, body: { code: 'nothing-to-change' } });
    expect(await change({ phone: '1', effectiveOn: since })).toMatchObject({ status: 422 });
    expect(await change({ phone: '13800003333', effectiveOn: addDays(today(), 1) })).toMatchObject({ body: { code: 'date-in-future' } });
    const reviewer = await as(system, demo.holder(school.id, 'schoolReviewer'));
    expect(await change({ phone: '13800004444' }, reviewer)).toMatchObject({ status: 403, body: { code: 'not-your-office' } });
    const stranger = demo.schools().find(({ id, parentId }) => id !== school.id && parentId !== school.parentId) as DemoOrganisation;
    const foreign = await as(system, demo.holder(stranger.id, 'schoolClerk'));
    expect(await change({ phone: '13800004444' }, foreign)).toMatchObject({ status: 404 });
  });

  it('is unknown to a former school, as is every fact since it let the student go', async () => {
    const [source, destination] = withinACounty(demo);
    const moved = await Story.transfer(system, demo, [source, destination]);
    expect(await moved.approveAll()).toMatchObject({ state: 'approved' });
    const before = await dossier(moved.studentId);
    const story = await Story.within(system, demo, destination, {
      kind: 'infoCorrection',
      studentId: moved.studentId,
      details: details({ name: '去后改名', ethnicGroup: '41' }, { effectiveOn: addDays(today(), -60) }),
    });
    expect(await story.approveAll()).toMatchObject({ state: 'approved' });
    const now = await dossier(moved.studentId);
    expect(now).toMatchObject({ name: before.name, facts: before.facts });
    expect((await clerk.get<{ name: string }>(`/students/${moved.studentId}`)).body.name).toBe(before.name);
    expect(await dossier(moved.studentId, '', story.filer)).toMatchObject({ name: '去后改名' });
  });

  it('leaves no personal value in Temporal or in the log', async () => {
    const student = withCard(demo, school);
    const story = await filed(student.id, { name: '令狐秘密', formerName: '令狐旧名' });
    await story.approveAll();
    const { number } = await shown(story);
    const history = await system.client.workflow.getHandle(`infoCorrection/${number}`).fetchHistory();
    const json = JSON.stringify(historyAsJson(history));
    const payloads = json.match(/"[A-Za-z0-9+/]{8,}={0,2}"/g) ?? [];
    const text = [json, ...payloads.map((data) => Buffer.from(data, 'base64').toString('utf8'))].join('\n');
    const all = [text, ...system.logs].join('\n');
    expect(text).toContain('effected');
    for (const value of ['令狐秘密', '令狐旧名', student.name, student.document.number]) expect(all).not.toContain(value);
  });
});
