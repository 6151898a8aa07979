import { NATIONAL_DEFAULT } from '../../src/domain/policy/policy.js';
import { addDays } from '../../src/domain/working-days.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { acrossCounties, acrossProvinces, Demonstration, withinACounty, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner } from '../fixtures/owner.js';
import { startSystem, type System } from '../fixtures/system.js';

interface Student {
  id: string;
  grade: string;
  majorCode: string;
}

describe('joint programmes (Art 17, A24)', () => {
  let system: System;
  let demo: Demonstration;
  let source: DemoOrganisation;
  let partner: DemoOrganisation;
  let clerk: ApiClient;
  let evidenceId: string;
  let supervisor: ApiClient;
  let students: Student[];
  let programme: string;

  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    demo = await Demonstration.of(system);
    [source, partner] = acrossCounties(demo);
    clerk = await as(system, demo.holder(source.id, 'schoolClerk'));
    evidenceId = await clerk.evidence();
    supervisor = await as(system, demo.holder(demo.at(source, 'city') ?? '', 'authoritySupervisor'));
    // The oldest intake: in its last year, where an ordinary transfer is refused.
    students = await asOwner<Student[]>(
      system,
      `select student_id as id, grade, major_code as "majorCode" from enrolment where school_id = $1 and state = 'active' and grade = '2024'
        order by student_id`,
      [source.id],
    );
    await asOwner(
      system,
      `insert into policy (id, version, organisation_id, effective_from, content)
       select 'strict', 1, province_id, '2020-01-01', $2 from organisation where id = $1`,
      [source.id, { ...NATIONAL_DEFAULT, kinds: { ...NATIONAL_DEFAULT.kinds, transfer: strict }, limits }],
    );
    const { status, body } = await supervisor.post('/joint-programmes', agreement());
    expect(status).toBe(201);
    programme = body.id;
  });
  afterAll(() => system?.stop());

  /** No month is right, and everybody is in the last year. */
  const limits = { ...NATIONAL_DEFAULT.limits, transferMonths: [], graduatingDays: 3650 };
  const strict = {
    ...NATIONAL_DEFAULT.kinds.transfer,
    rules: ['notGraduatingGrade' as const, 'notUnderOneTerm' as const, 'withinTransferWindow' as const],
  };
  const major = () => (students[0] as Student).majorCode;
  const agreement = (more: object = {}) => ({
    name: '2+1联合办学',
    schoolIds: [source.id, partner.id],
    majorCodes: [major()],
    intakeYear: '2024',
    agreement: { number: '联办〔2026〕3号', signedOn: '2026-06-30' },
    from: '2026-01-01',
    to: '2027-08-31',
    ...more,
  });
  const blockers = async (details: object, student: Student = students[0] as Student) => {
    const body = {
      kind: 'transfer',
      studentId: student.id,
      details: { destinationSchoolId: partner.id, ...details },
      evidenceIds: [evidenceId],
    };
    const answer = await clerk.post<{ blockers: { code: string }[] }>('/change-requests/precheck', body);
    return answer.body.blockers.map(({ code }) => code);
  };

  it('are established by an authority over all the schools, or by a province of one of them, with the agreement', async () => {
    const county = await as(system, demo.holder(source.parentId ?? '', 'authoritySupervisor'));
    expect(await county.post('/joint-programmes', agreement())).toMatchObject({ status: 403, body: { code: 'not-over-both-schools' } });
    expect(await clerk.post('/joint-programmes', agreement())).toMatchObject({ status: 403, body: { code: 'not-your-office' } });
    const [here, there] = acrossProvinces(demo);
    const province = await as(system, demo.holder(demo.at(here, 'province') ?? '', 'authoritySupervisor'));
    const { status, body } = await province.post('/joint-programmes', agreement({ schoolIds: [here.id, there.id] }));
    expect([status, body.schools.map(({ id }: { id: string }) => id).sort()]).toEqual([201, [here.id, there.id].sort()]);
    const [act] = await asOwner<{ kind: string }[]>(system, `select kind from act where body ->> 'jointProgrammeId' = $1`, [body.id]);
    expect(act?.kind).toBe('jointProgrammeEstablished');
  });

  it('are seen by their schools and the authorities above, and by nobody else', async () => {
    const listed = await clerk.get('/joint-programmes');
    expect(listed.body.items.map(({ id }: { id: string }) => id)).toContain(programme);
    const stranger = demo.schools().find((school) => ![source.id, partner.id].includes(school.id)) as DemoOrganisation;
    const outsider = await as(system, demo.holder(stranger.id, 'schoolClerk'));
    expect((await outsider.get(`/joint-programmes/${programme}`)).status).toBe(404);
  });

  it('waive grade, window and term, and nothing else', async () => {
    expect((await blockers({})).sort()).toEqual(['graduating-grade', 'outside-transfer-window']);
    expect(await blockers({ jointProgrammeId: programme })).toEqual([]);
    expect(await blockers({ jointProgrammeId: programme, effectiveOn: '2001-01-01' })).toEqual(['effective-date-out-of-range']);
  });

  it('cover only their schools, majors, intake and days', async () => {
    const elsewhere = demo.schools().find(({ id }) => ![source.id, partner.id].includes(id)) as DemoOrganisation;
    const otherMajor = students.find(({ majorCode }) => majorCode !== major()) as Student;
    const past = await supervisor.post('/joint-programmes', agreement({ to: addDays(system.time.today(), -1) }));
    expect(await blockers({ jointProgrammeId: programme, destinationSchoolId: elsewhere.id })).toEqual(['joint-programme-not-covering']);
    expect(await blockers({ jointProgrammeId: programme }, otherMajor)).toEqual(['joint-programme-not-covering']);
    expect(await blockers({ jointProgrammeId: past.body.id })).toEqual(['joint-programme-not-covering']);
    expect(await blockers({ jointProgrammeId: '0192f5c2-0000-7000-8000-000000000000' })).toContain('unknown-joint-programme');
  });

  it('move a cohort, each student by a request of its own on the whole route; one who can’t holds all back unless asked', async () => {
    const cohort = students.filter(({ majorCode }) => majorCode === major());
    const busy = cohort[0] as Student;
    const single = { kind: 'transfer', studentId: busy.id, details: { destinationSchoolId: partner.id, jointProgrammeId: programme } };
    expect((await clerk.post('/change-requests', { ...single, evidenceIds: [evidenceId], reason: '提前' })).status).toBe(201);
    const path = `/joint-programmes/${programme}/cohort-transfers`;
    const body = {
      destinationSchoolId: partner.id,
      majorCode: major(),
      evidenceIds: [await clerk.evidence()],
      reason: '第三学年转入合作学校',
    };
    const all = await clerk.post(path, body);
    expect([all.status, all.body.filed, all.body.refused]).toEqual([200, 0, 1]);
    const valid = await clerk.post(path, { ...body, mode: 'valid' }, 'the-cohort');
    expect([valid.status, valid.body.filed, valid.body.refused]).toEqual([200, cohort.length - 1, 1]);
    expect(valid.body.items.find(({ status }: { status: string }) => status === 'refused').blockers[0].code).toBe('change-already-open');
    const again = await clerk.post(path, { ...body, mode: 'valid' }, 'the-cohort');
    expect(again.body).toEqual(valid.body);
    const filed = valid.body.items.find(({ status }: { status: string }) => status === 'filed');
    const { body: one } = await clerk.get(`/change-requests/${filed.requestId}`);
    expect(one.steps.map(({ id }: { id: string }) => id)).toEqual([
      'sourceSchool',
      'destinationSchool',
      'sourceAuthority',
      'destinationAuthority',
    ]);
    expect(one.details.jointProgrammeId).toBe(programme);
  });

  it('move the students of their own majors when no major is named', async () => {
    const majorCodes = [...new Set(students.map(({ majorCode }) => majorCode))].filter((code) => code !== major()).slice(0, 1);
    const { body: other } = await supervisor.post('/joint-programmes', agreement({ majorCodes }));
    const moving = students.filter(({ majorCode }) => majorCodes.includes(majorCode));
    expect(moving.length).toBeGreaterThan(0);
    const cohort = { destinationSchoolId: partner.id, evidenceIds: [await clerk.evidence()], reason: '第三学年转入合作学校' };
    const { status, body } = await clerk.post(`/joint-programmes/${other.id}/cohort-transfers`, cohort);
    expect([status, body.filed, body.refused]).toEqual([200, moving.length, 0]);
  });

  it('refuse a cohort of nobody, and one that is not the caller’s', async () => {
    const path = `/joint-programmes/${programme}/cohort-transfers`;
    const body = { destinationSchoolId: partner.id, majorCode: '999999', evidenceIds: [], reason: '无人' };
    expect(await clerk.post(path, body)).toMatchObject({ status: 422, body: { code: 'nobody-in-cohort' } });
    const other = await as(system, demo.holder(withinACounty(demo)[1].id, 'schoolClerk'));
    expect((await other.post(path, body)).status).toBe(404);
  });
});
