import { maskDocument, maskStudentNumber } from '../../src/domain/dossier/id-document.js';
import { acrossProvinces, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { as } from '../fixtures/client.js';
import { asOwner } from '../fixtures/owner.js';
import {
  again,
  clerkAt,
  freshNumber,
  inTheClear,
  register,
  seenAbove,
  somebody,
  tryToRegister,
  type Registered,
} from '../fixtures/registrations.js';
import { ProvinceOffice } from '../fixtures/packs.js';
import { startSystem, type System } from '../fixtures/system.js';
import { relayActs } from '../../src/events/relay.js';
import { deriveNotifications } from '../../src/notifications/derive.js';

describe('registering a new student (Art 6–8, Art 11)', () => {
  let system: System;
  let demo: Demonstration;
  let there: DemoOrganisation;
  let here: DemoOrganisation;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    demo = await Demonstration.of(system);
    [there, here] = acrossProvinces(demo);
  });
  afterAll(() => system?.stop());

  const made = async (body: Record<string, unknown>, school = here): Promise<Registered> => {
    const { status, body: answer } = await register(system, demo, school, body);
    expect([status, answer]).toEqual([201, expect.objectContaining({ id: expect.any(String) })]);
    const { findings, duplicates } = await seenAbove(system, demo, school, answer.id);
    return { ...answer, findings, duplicates };
  };

  it('is accepted as pending under a provisional number when the check finds nothing (R-03, R-09)', async () => {
    const person = somebody({ majorDirection: '移动应用开发' });
    const registered = await made(person);
    const late = system.time.today() > '2026-11-30'; // twenty working days after the day of reporting
    expect(registered).toMatchObject({ state: 'pending', side: 'own', findings: [], duplicates: [], late });
    expect(registered.particulars).toMatchObject({
      name: person.name,
      majorDirection: '移动应用开发',
      studentNumber: expect.stringMatching(/^L\d{17}[\dX]$/),
    });
    const dossier = await (await clerkAt(system, demo, here)).get(`/students/${registered.studentId}/dossier?asOf=2026-11-24`);
    expect(dossier.body).toMatchObject({
      state: 'pending',
      enrolments: [{ state: 'pending', majorDirection: '移动应用开发' }],
      facts: [{ fact: 'ethnicGroup', value: '01' }],
    });
  });

  it('keeps the whole record that the national template asks for, numbers of documents masked', async () => {
    const study = {
      admissionKind: 'unified',
      origin: 'juniorThisYear',
      crossStage: '3+2',
      teachingSite: '城东校区',
      numberAtSchool: '20260117',
    };
    const facts = {
      graduationSchool: '示范市第三初级中学',
      nationality: 'CN',
      overseasMark: 'none',
      householdAddress: '文一路1号2单元',
      address: '文一路1号',
      guardianName: '李建国',
      guardianRelation: 'father',
      guardianPhone: '13900000000',
      secondGuardianName: '王秀兰',
      secondGuardianRelation: 'mother',
    };
    const guardian = { guardianDocumentType: 'passport', guardianDocumentNumber: 'E51234567' };
    const registered = await made(somebody({ ...study, ...facts, ...guardian }));
    expect(registered.particulars).toMatchObject({ ...study, ...facts, guardianDocumentNumber: maskDocument('E51234567') });
    const dossier = await (
      await clerkAt(system, demo, here)
    ).get<{ facts: { fact: string; value: string }[] }>(`/students/${registered.studentId}/dossier?asOf=2026-11-24`);
    expect(dossier.body).toMatchObject({ enrolments: [study] });
    const shown = Object.fromEntries(dossier.body.facts.map(({ fact, value }) => [fact, value]));
    expect(shown).toEqual({
      ...facts,
      guardianDocumentType: 'passport',
      guardianDocumentNumber: maskDocument('E51234567'),
      ethnicGroup: '01',
    });
  });

  it('is refused with a guardian whose document is named by half, or can be none', async () => {
    const half = await tryToRegister(system, demo, here, somebody({ guardianDocumentType: 'residentId' }));
    const wrong = { secondGuardianDocumentType: 'residentId', secondGuardianDocumentNumber: '330106198001011234' };
    const none = await tryToRegister(system, demo, here, somebody(wrong));
    expect([half, none]).toMatchObject([
      { status: 422, body: { errors: [{ pointer: '/guardianDocumentNumber' }] } },
      { status: 422, body: { errors: [{ pointer: '/secondGuardianDocumentNumber' }] } },
    ]);
  });

  it('is held when the document is on record, though the person is the same (same document)', async () => {
    const other = demo.student(there.id);
    const registered = await made(again(other));
    expect(registered).toMatchObject({
      state: 'held',
      findings: ['sameDocument'],
      duplicates: [{ types: ['sameDocument'], state: 'open' }],
    });
    expect(registered.duplicates[0]?.otherSchool?.id).toBe(there.id);
    expect(registered.studentId).not.toBe(other);
  });

  const somewhere = (id: string) =>
    asOwner<{ n: number }[]>(
      system,
      `select (select count(*) from act where stream_id = $1)::int + (select count(*) from duplicate where other_student_id = $1)::int
         + (select count(*) from dossier_access where student_id = $1)::int
         + (select extract(epoch from changed_at)::int from student where id = $1) as n`,
      [id],
    );

  it('of somebody whom a record is like is refused without where or what was alike, and leaves nothing there (Art 8, 25)', async () => {
    const other = demo.student(there.id);
    const before = await somewhere(other);
    const byDocument = await tryToRegister(system, demo, here, again(other, { name: '不是本人' }));
    const document = { type: 'passport', number: 'E51234599' }; // which the population service does not authenticate
    const byName = await tryToRegister(system, demo, here, again(other, { document }));
    const byFormer = await tryToRegister(system, demo, here, somebody({ formerDocument: inTheClear(other).document }));
    expect(byDocument).toMatchObject({ status: 409, body: { code: 'possible-duplicate', continue: { set: { enterHeld: true } } } });
    const told = ({ status, body }: { status: number; body: object }) => ({ status, ...body, traceId: '' });
    expect([told(byName), told(byFormer)]).toEqual([told(byDocument), told(byDocument)]);
    expect(JSON.stringify(byDocument.body)).not.toMatch(new RegExp(`${there.id}|${there.name}|${other}|same`));
    expect(await somewhere(other)).toEqual(before);
  });

  it('of such a person is held where the school stands by it, tells the authority what was compared, and the school nothing', async () => {
    const other = demo.student(there.id);
    const { status, body } = await register(system, demo, here, again(other));
    expect([status, body]).toMatchObject([201, { state: 'held', findings: ['possibleDuplicate'], duplicates: [{ types: [] }] }]);
    expect(JSON.stringify(body)).not.toMatch(new RegExp(`${there.id}|${there.name}|${other}`));
    const again_ = await (await clerkAt(system, demo, here)).get<Registered>(`/registrations/${body.id}`);
    expect(again_.body.duplicates).toMatchObject([{ types: [], otherSchool: null }]);
    const above = await seenAbove(system, demo, here, body.id);
    expect(above).toMatchObject({ findings: ['sameDocument'], duplicates: [{ otherSchool: { id: there.id }, types: ['sameDocument'] }] });
    await deriveAll();
    const reviewer = await as(system, demo.holder(there.id, 'schoolReviewer'));
    const { items } = (await reviewer.get<{ items: { kind: string; studentId: string }[] }>('/notifications')).body;
    expect(items).toContainEqual(expect.objectContaining({ kind: 'registrationContested', studentId: other }));
  });

  /** As the worker does by itself. */
  async function deriveAll(): Promise<void> {
    while (await relayActs(system.db));
    while (await deriveNotifications(system.db, system.time));
  }

  it('is held when the document is on record under another name (document and name differ)', async () => {
    const registered = await made(again(demo.student(there.id), { name: '另一个名字' }));
    expect(registered).toMatchObject({ state: 'held', findings: ['sameDocument', 'documentNameDiffers'] });
  });

  it('is held when the identity service says that the document and the name differ, against nobody on record', async () => {
    const birthDate = '2010-03-01';
    const document = { type: 'residentId', number: freshNumber(birthDate, 998) };
    expect(await made(somebody({ birthDate, document, sex: 'female' }))).toMatchObject({
      state: 'held',
      findings: ['documentNameDiffers'],
      duplicates: [],
    });
  });

  it('is held when the identity service does not know the document (document does not exist)', async () => {
    const birthDate = '2010-03-02';
    const document = { type: 'residentId', number: freshNumber(birthDate, 999) };
    expect(await made(somebody({ birthDate, document }))).toMatchObject({ state: 'held', findings: ['documentNotFound'], duplicates: [] });
  });

  it('is noted for the reviewers of both sides, and not held, when both namesakes are authenticated (R-08)', async () => {
    const other = demo.student(there.id);
    const { birthDate, sex } = inTheClear(other);
    const document = { type: 'residentId', number: freshNumber(birthDate, sex === 'male' ? 997 : 996) };
    const { status, body } = await tryToRegister(system, demo, here, again(other, { document }));
    expect([status, body]).toMatchObject([201, { state: 'pending', findings: [], authentication: 'confirmed' }]);
    expect(body.duplicates).toMatchObject([{ types: [], otherSchool: null, state: 'settled', outcome: 'namesakes' }]);
    const above = await seenAbove(system, demo, here, body.id);
    expect(above).toMatchObject({ duplicates: [{ types: ['sameNameSexBirthDate'], otherSchool: { id: there.id } }] });
    await deriveAll();
    for (const [at, office, studentId] of [
      [here.id, 'schoolReviewer', body.studentId],
      [here.parentId ?? '', 'authorityReviewer', body.studentId],
      [there.id, 'schoolReviewer', other],
      [there.parentId ?? '', 'authorityReviewer', other],
    ] as const) {
      const client = await as(system, demo.holder(at, office));
      const { items } = (await client.get<{ items: { kind: string; studentId: string }[] }>('/notifications?limit=200')).body;
      expect(items).toContainEqual(expect.objectContaining({ kind: 'namesakeNoted', studentId }));
    }
  });

  it('is held for the same name, sex and birth date where one of the two is not authenticated (R-08)', async () => {
    const other = demo.student(there.id);
    const { birthDate, sex } = inTheClear(other);
    const resident = (order: 999 | 997 | 996) => ({ type: 'residentId', number: freshNumber(birthDate, order) });
    const known = sex === 'male' ? 997 : 996;
    const findings = ['documentNotFound', 'sameNameSexBirthDate'];
    if (sex === 'male') expect(await made(again(other, { document: resident(999) }))).toMatchObject({ state: 'held', findings });
    const passport = { type: 'passport', number: 'E51234567' };
    expect(await made(again(other, { document: passport }))).toMatchObject({ state: 'held', findings: ['sameNameSexBirthDate'] });
    await asOwner(system, `update student set authentication = 'pending' where id = $1`, [other]);
    expect(await made(again(other, { document: resident(known) }))).toMatchObject({ state: 'held', findings: ['sameNameSexBirthDate'] });
  });

  it('of a minor knows no guardian yet: nobody becomes one by applying (A11)', async () => {
    const { body } = await register(system, demo, here, somebody());
    const clerk = await clerkAt(system, demo, here);
    const codes = async (by: string) => {
      const filing = { kind: 'deregistration', studentId: body.studentId, details: { cause: 'lapsed' }, evidenceIds: [] };
      const application = { by, on: system.time.today() };
      const answer = await clerk.post<{ blockers: { code: string }[] }>('/change-requests/precheck', { ...filing, application });
      return answer.body.blockers.map(({ code }) => code);
    };
    expect([
      (await codes('guardian')).includes('guardian-not-on-record'),
      (await codes('school')).includes('guardian-not-on-record'),
    ]).toEqual([true, false]);
  });

  it('is held when the former document that the school names is on record (document changed)', async () => {
    const { document } = inTheClear(demo.student(there.id));
    expect(await made(somebody({ formerDocument: document }))).toMatchObject({ state: 'held', findings: ['documentChanged'] });
  });

  it('is held when its document is one that a person on record had before (document changed)', async () => {
    const other = demo.student(there.id);
    const { document } = inTheClear(other);
    await asOwner(system, `update student set document_index = sha256('another document') where id = $1`, [other]);
    expect(await made(again(other, { document }))).toMatchObject({ state: 'held', findings: ['sameNameSexBirthDate', 'documentChanged'] });
  });

  it('finds more than one other record, and every one of them', async () => {
    const [one, other] = [demo.student(there.id), demo.student(there.id)];
    const registered = await made(again(one, { formerDocument: inTheClear(other).document }));
    expect(registered.duplicates.map(({ types }) => types)).toEqual(expect.arrayContaining([['sameDocument'], ['documentChanged']]));
  });

  it('of one person at two schools at the same time lets one through and holds the other', async () => {
    const person = somebody();
    const answers = await Promise.all([register(system, demo, here, person), register(system, demo, there, person)]);
    expect(answers.map(({ status }) => status)).toEqual([201, 201]);
    expect(answers.map(({ body }) => body.state).sort()).toEqual(['held', 'pending']);
  });

  it('of a person who has a dossier of an earlier stage is refused with how to continue it, not whose it is (R-07)', async () => {
    const left = demo.student(there.id, 'graduated');
    const refused = await register(system, demo, here, again(left));
    expect(refused).toMatchObject({
      status: 409,
      body: { code: 'dossier-exists', continue: { method: 'POST', set: { continueDossier: true } } },
    });
    expect(JSON.stringify(refused.body)).not.toContain(left);
    expect(JSON.stringify(refused.body)).not.toContain(there.id);
    const continued = await made(again(left, { continueDossier: true }));
    expect(continued).toMatchObject({ state: 'pending', studentId: left, findings: [] });
    expect(continued.particulars).toMatchObject({ studentNumber: maskStudentNumber(inTheClear(left).number) });
    const { body } = await (await clerkAt(system, demo, here)).get(`/students/${left}/dossier?asOf=2026-11-24`);
    expect(body).toMatchObject({ state: 'pending', schoolId: here.id });
    // what lies there is read when the registration is made, not before
    expect(body).toMatchObject({ enrolments: [{ school: { id: here.id } }], facts: [], evidence: [], terms: [] });
  });

  it('of a person under whose document another name stands is never offered to be continued', async () => {
    const left = demo.student(there.id, 'graduated');
    expect(await made(again(left, { name: '不是本人' }))).toMatchObject({ state: 'held' });
    expect(await register(system, demo, here, somebody({ continueDossier: true }))).toMatchObject({
      body: { code: 'no-dossier-to-continue' },
    });
  });

  it.each([
    [
      'a wrong check character',
      () => ({ document: { type: 'residentId', number: '330110201101010018' }, birthDate: '2011-01-01' }),
      'document-invalid',
    ],
    ['another birth date than the number says', () => ({ birthDate: '2009-01-01' }), 'document-invalid'],
    ['a report in the future', () => ({ reportedOn: '2031-01-01' }), 'invalid-input'],
    ['a leaving day before study begins', () => ({ expectedLeavingOn: '2026-08-01' }), 'invalid-input'],
  ])('is refused for %s', async (_, spoilt, code) => {
    expect(await register(system, demo, here, somebody(spoilt()))).toMatchObject({ status: 422, body: { code } });
  });

  it('later than twenty working days after reporting is accepted and marked (R-05)', async () => {
    expect(await made(somebody({ reportedOn: '2026-09-01' }))).toMatchObject({ late: true });
  });

  it('keeps the period of the day on which it was made, when the day of entry is put right later (R-06, A11)', async () => {
    const { id } = await made(somebody());
    const shown = async () => (await (await clerkAt(system, demo, here)).get(`/registrations/${id}`)).body;
    const before = await shown();
    expect(before).toMatchObject({ afterPeriod: true, particulars: { enrolledOn: '2026-09-01' } });
    const putRight = `update enrolment set enrolled_on = '2027-03-01' where id = (select enrolment_id from registration where id = $1)`;
    await asOwner(system, putRight, [id]);
    expect(await shown()).toMatchObject({ afterPeriod: true, particulars: { enrolledOn: '2027-03-01' } });
  });

  it('is for a clerk of the school, and done once for one key', async () => {
    const reviewer = await as(system, demo.holder(here.id, 'schoolReviewer'));
    expect(await reviewer.post('/registrations', somebody())).toMatchObject({ status: 403, body: { code: 'not-your-office' } });
    const [clerk, person] = [await clerkAt(system, demo, here), somebody()];
    const first = await clerk.post<Registered>('/registrations', person, 'the-same-key');
    expect(await clerk.post('/registrations', person, 'the-same-key')).toMatchObject({ status: 201, body: { id: first.body.id } });
  });

  it('is shown to its school, to the authorities above, and in part to the school of the other record; to nobody else', async () => {
    const other = demo.student(there.id);
    const person = again(other, { name: '不可外传' });
    const { id, studentId } = await made(person);
    const above = await as(system, demo.holder(here.parentId ?? '', 'authorityReviewer'));
    expect((await above.get(`/registrations/${id}`)).body).toMatchObject({ side: 'own', studentId, particulars: { name: '不可外传' } });
    const theirs = await (await clerkAt(system, demo, there)).get<Registered>(`/registrations/${id}`);
    expect(theirs.body).toMatchObject({ side: 'other', studentId: other, state: 'held', duplicates: [{ otherSchool: { id: there.id } }] });
    expect(theirs.body.particulars).toBeUndefined();
    expect(JSON.stringify(theirs.body)).not.toContain('不');
    const stranger = demo.schools().find(({ id: one }) => one !== here.id && one !== there.id) as DemoOrganisation;
    expect((await (await clerkAt(system, demo, stranger)).get(`/registrations/${id}`)).status).toBe(404);
  });

  it('is listed by state, page by page', async () => {
    const clerk = await clerkAt(system, demo, here);
    const ids: string[] = [];
    let cursor = '';
    do {
      const { body } = await clerk.get<{ items: Registered[]; nextCursor: string | null }>(`/registrations?state=held&limit=3${cursor}`);
      expect(body.items.every(({ state }) => state === 'held')).toBe(true);
      ids.push(...body.items.map(({ id }) => id));
      cursor = body.nextCursor ? `&cursor=${body.nextCursor}` : '';
    } while (cursor);
    expect(ids.length).toBeGreaterThan(6);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('never lets a contested document be registered, not even by a slip of the program (R-10)', async () => {
    const { studentId } = await made(again(demo.student(there.id)));
    await expect(asOwner(system, `update enrolment set state = 'active' where student_id = $1`, [studentId])).rejects.toThrow('contested');
  });

  it('is refused without what the province requires of a new record, each field named (Art 28)', async () => {
    await (await ProvinceOffice.over(system, demo, there)).activated({ requiredRecord: ['nationality', 'guardianName', 'numberAtSchool'] });
    const { status, body } = await tryToRegister(system, demo, there, somebody({ nationality: 'CN' }));
    expect([status, body]).toMatchObject([
      422,
      { code: 'record-field-required', blockers: [{ pointer: '/guardianName' }, { pointer: '/numberAtSchool' }] },
    ]);
  });
});
