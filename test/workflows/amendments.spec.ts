import { maskBirthDate, maskStudentNumber } from '../../src/domain/dossier/id-document.js';
import { CORRECTED_FACTS, type CorrectedFact, maskedFact } from '../../src/domain/dossier/personal-facts.js';
import { addDays } from '../../src/domain/working-days.js';
import { as } from '../fixtures/client.js';
import { SaidIdentity, type Corrected } from '../fixtures/correction.js';
import { acrossCities, acrossProvinces, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { Dispute } from '../fixtures/disputes.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { freshNumber, register, somebody, type Registered } from '../fixtures/registrations.js';
import { Story, until } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

interface Dossier extends Record<string, unknown> {
  studentNumber: string;
  name: string;
  facts: { fact: string; value: string }[];
}

const BORN_IN_TRUTH = '2010-06-07';

describe('what an approved claim amends, and what a ruling puts in its place (Art 11)', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  const identity = new SaidIdentity();
  beforeAll(async () => {
    system = await startSystem({ identity });
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    [, school] = acrossProvinces(demo);
  });
  beforeEach(() => void (identity.answer = 'matched'));
  afterAll(() => system?.stop());
  const today = () => system.time.today();

  /** Held because the population service does not know its document, against nobody. */
  let made = 0;
  async function heldAlone(): Promise<{ held: Registered; body: Record<string, unknown> }> {
    made += 1;
    const birthDate = `2010-05-${String(made).padStart(2, '0')}`;
    const body = somebody({ birthDate, document: { type: 'residentId', number: freshNumber(birthDate, 999) } });
    const { body: held } = await register(system, demo, school, body);
    expect(held).toMatchObject({ state: 'held', findings: ['documentNotFound'] });
    return { held, body };
  }
  const claiming = ({ id, studentId }: Registered, amendments: object) => ({
    kind: 'registrationException',
    studentId,
    details: { registrationId: id, action: 'amend', ground: 'enteredWrongly', amendments },
  });
  const amending = (held: Registered, amendments: object) => Story.within(system, demo, school, claiming(held, amendments));
  const dossier = async (id: string, asOf: string, who = demo.holder(school.id, 'schoolClerk')) =>
    (await (await as(system, who)).get<Dossier>(`/students/${id}/dossier?asOf=${asOf}`)).body;
  const shown = async (story: Story, by = story.filer) => (await by.get<Corrected>(`/change-requests/${story.id}`)).body;

  it('is written for every field of the personal information, from the day of effect on, and what held before stays', async () => {
    const { held, body } = await heldAlone();
    const truth: Record<CorrectedFact, string> = {
      name: '端木更正',
      sex: 'female',
      birthDate: BORN_IN_TRUTH,
      documentType: 'residentId',
      documentNumber: freshNumber(BORN_IN_TRUTH, 998),
      ethnicGroup: '15',
      formerName: '端木曾用',
      namePinyin: 'DUANMU GENGZHENG',
      politicalStatus: '03',
      nativePlace: '330106',
      householdType: 'resident',
      householdDivision: '330110',
      healthStatus: '1',
      guardianName: '端木监护',
      guardianRelation: 'father',
      guardianDocumentType: 'passport',
      guardianDocumentNumber: 'E51234567',
      secondGuardianName: '端木另监',
      secondGuardianRelation: 'mother',
      secondGuardianDocumentType: 'passport',
      secondGuardianDocumentNumber: 'E51234568',
      nationality: 'CN',
      overseasMark: 'returned',
      documentValidThrough: '2036-05-31',
      graduationSchool: '示范市第三初级中学',
      householdAddress: '文一路1号',
    };
    const story = await amending(held, truth);
    expect(await story.approveAll()).toMatchObject({ state: 'approved', hold: null });
    const now = await dossier(held.studentId, today());
    const valuesOf = ({ facts, ...identified }: Dossier): Record<string, unknown> => ({
      ...identified,
      ...Object.fromEntries(facts.map(({ fact, value }) => [fact, value])),
    });
    const amended = CORRECTED_FACTS.filter((fact) => fact !== 'documentNumber' && fact !== 'birthDate');
    for (const fact of amended) expect([fact, valuesOf(now)[fact]]).toEqual([fact, maskedFact(fact, truth[fact])]);
    expect(now).toMatchObject({
      state: 'active',
      studentNumber: maskStudentNumber(`G${truth.documentNumber}`),
      birthDate: maskBirthDate(truth.birthDate),
    });
    const before = await dossier(held.studentId, addDays(today(), -1));
    expect(before).toMatchObject({
      name: body.name,
      sex: 'male',
      birthDate: maskBirthDate(String(body.birthDate)),
      studentNumber: expect.stringMatching(/^L/),
    });
    expect(valuesOf(before)).toMatchObject({ ethnicGroup: '01' });
    expect(valuesOf(before)).not.toHaveProperty('healthStatus');
    expect(before.facts.map(({ fact }) => fact)).toEqual(['ethnicGroup']);
  });

  it('is not registered after the cut-off of its intake until the province opens a window (R-06, A6)', async () => {
    const { held } = await heldAlone();
    const provinceId = demo.at(school, 'province') ?? '';
    const [window] = await asOwner<{ id: string }[]>(system, 'select id from late_window where province_id = $1', [provinceId]);
    const supervisor = await as(system, demo.holder(provinceId, 'authoritySupervisor'));
    expect((await supervisor.post(`/late-windows/${window?.id}/closing`, { reason: '提前截止' })).status).toBe(200);
    const story = await amending(held, {
      documentType: 'residentId',
      documentNumber: freshNumber(BORN_IN_TRUTH),
      birthDate: BORN_IN_TRUTH,
    });
    expect(await story.approveAll()).toMatchObject({ state: 'open', hold: { kind: 'effectParked', cause: 'registration-period-over' } });
    expect(await dossier(held.studentId, today())).toMatchObject({ state: 'heldDuplicate', studentNumber: expect.stringMatching(/^L/) });
    await asOwner(system, 'update late_window set closed_at = null, closed_by = null where id = $1', [window?.id]); // as if opened anew
    await system.time.pass(11 * 60_000);
    expect(
      await until(
        () => story.show(),
        ({ state }) => state !== 'open',
        'the end',
      ),
    ).toMatchObject({ state: 'approved' });
  });

  it('is shown to the parties, and in no timeline to whoever else sees the request', async () => {
    const { held, body } = await heldAlone();
    const story = await amending(held, { name: '不可外传', healthStatus: '2' });
    expect((await shown(story)).correction?.values).toEqual([
      { field: 'name', former: body.name, proposed: '不可外传' },
      { field: 'healthStatus', former: null, proposed: '2' },
    ]);
    const above = await as(system, demo.holder(demo.at(school, 'province') ?? '', 'authorityReviewer'));
    const seen = await shown(story, above);
    expect(seen.correction).toMatchObject({ values: null });
    expect(JSON.stringify(seen)).not.toContain('不可外传');
  });

  it('is authenticated before it takes effect, as a correction is (R-09)', async () => {
    identity.answer = 'nameDiffers';
    const { held, body } = await heldAlone();
    const story = await amending(held, { name: '赫连待核' });
    expect(await story.approveAll()).toMatchObject({ state: 'open', hold: { cause: 'identity-not-confirmed' } });
    expect(identity.asked.at(-1)).toMatchObject({ name: '赫连待核', documentNumber: (body.document as { number: string }).number });
    expect(await shown(story)).toMatchObject({ correction: { identity: { answer: 'nameDiffers', confirmed: false } } });
    expect(await dossier(held.studentId, today())).toMatchObject({ state: 'heldDuplicate', name: body.name });
    identity.answer = 'matched';
    await system.time.pass(7 * 3_600_000);
    await until(
      () => shown(story),
      ({ state }) => state === 'approved',
      'the end',
    );
    expect(await dossier(held.studentId, today())).toMatchObject({ state: 'active', name: '赫连待核' });
  });

  it.each([
    ['a birth date that the present document does not have', { birthDate: BORN_IN_TRUTH }, 'birthDate', 'document-invalid'],
    ['a sex that the present document does not have', { sex: 'female' }, 'sex', 'document-invalid'],
    ['half a document', { documentNumber: 'E12345678' }, 'documentNumber', 'document-invalid'],
    [
      'a document of another birth date',
      { documentType: 'residentId', documentNumber: freshNumber(BORN_IN_TRUTH) },
      'documentNumber',
      'document-invalid',
    ],
    [
      'a birth date to come',
      { documentType: 'passport', documentNumber: 'E12345678', birthDate: '2031-01-01' },
      'birthDate',
      'date-in-future',
    ],
  ])('is refused for %s', async (_, amendments, field, code) => {
    const { held } = await heldAlone();
    const clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
    const filing = { ...claiming(held, amendments), evidenceIds: [] };
    const refusal = { code, pointer: `/details/amendments/${field}` };
    const { body: told } = await clerk.post('/change-requests/precheck', filing);
    expect(told).toMatchObject({ allowed: false, blockers: expect.arrayContaining([expect.objectContaining(refusal)]) });
    const { status, body } = await clerk.post<{ errors: { pointer: string }[] }>('/change-requests', { ...filing, reason: '更正' });
    expect([status, body.errors.map(({ pointer }) => pointer)]).toEqual([422, expect.arrayContaining([refusal.pointer])]);
  });

  it('is refused beside a corroboration, which would drop it unsaid', async () => {
    const { held } = await heldAlone();
    const clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
    const filing = claiming(held, { healthStatus: '1' });
    const { body } = await clerk.post('/change-requests/precheck', {
      ...filing,
      details: { ...filing.details, action: 'corroborate' },
      evidenceIds: [],
    });
    expect(body.blockers.map(({ code }: { code: string }) => code)).toContain('amendments-not-taken');
  });

  it('by a ruling holds from its day on, also after an earlier correction: every day before has its own', async () => {
    const [a, b] = acrossCities(demo);
    const matter = await Dispute.between(system, demo, [a, b], { name: '裁定之名' });
    const corrected = await Story.within(system, demo, a, {
      kind: 'infoCorrection',
      studentId: matter.studentA,
      details: { changes: { name: '更正之名' }, proofReceivedOn: today(), effectiveOn: addDays(today(), -10) },
    });
    expect(await corrected.approveAll()).toMatchObject({ state: 'approved' });
    const { studentNumber: number } = await matter.dossier(matter.studentA);
    await matter.rule(await matter.bothApproved(), 'keepB');
    const name = async (asOf: string) => (await dossier(matter.studentA, asOf, 'reviewer.000000')).name;
    expect([await name(today()), await name(addDays(today(), -1))]).toEqual(['裁定之名', '更正之名']);
    expect(['裁定之名', '更正之名']).not.toContain(await name(addDays(today(), -11)));
    expect(await matter.dossier(matter.studentA)).toMatchObject({ state: 'active', studentNumber: number, schoolId: b.id });
  });
});
