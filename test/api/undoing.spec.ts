import { addDays, monthsLater } from '../../src/domain/working-days.js';
import { as } from '../fixtures/client.js';
import { acrossProvinces, Demonstration, withinACounty, type DemoOrganisation } from '../fixtures/demonstration.js';
import { SaidIdentity } from '../fixtures/correction.js';
import { UNTIL } from '../fixtures/dates.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

interface Dossier {
  name: string;
  studentNumber: string;
  state: string;
  schoolId: string;
  enrolment: Record<string, unknown>;
  enrolments: { id: string; state: string; school: { id: string } }[];
  facts: { fact: string; value: string }[];
  terms: { term: string; how: string }[];
}

describe('恢复学籍: what was effected wrongly is undone (A19)', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  beforeAll(async () => {
    system = await startSystem({ identity: new SaidIdentity() });
    demo = await Demonstration.of(system);
    [school] = withinACounty(demo);
  });
  afterAll(() => system?.stop());

  const dossierOf = async (at: DemoOrganisation, studentId: string): Promise<Dossier> => {
    const { status, body } = await (await as(system, demo.holder(at.id, 'schoolClerk'))).get<Dossier>(`/students/${studentId}/dossier`);
    expect(status).toBe(200);
    return body;
  };
  const approved = async (story: Story): Promise<Story> => {
    expect(await story.approveAll()).toMatchObject({ state: 'approved' });
    return story;
  };
  const within = async (kind: string, details: object, studentId: string) =>
    approved(await Story.within(system, demo, school, { kind, studentId, details }));
  const undoing = (at: DemoOrganisation, studentId: string, requestId: string) =>
    Story.within(system, demo, at, { kind: 'reinstatement', studentId, details: { requestId, ground: 'enteredByMistake' } });
  /** What an undoing brings back; since when it stands so is another day. */
  const values = ({ enrolment: { since: _since, ...rest } }: Dossier) => rest;

  it('a transfer by one decision of each side: the same enrolment stands again, the other is void, and the number stays', async () => {
    const moved = await approved(await Story.transfer(system, demo, acrossProvinces(demo)));
    const { studentId, source, destination } = moved;
    const there = await dossierOf(destination, studentId);
    const undone = await undoing(destination, studentId, moved.id);
    const sides = [source, destination].map(({ id, parentId }) => [id, parentId]);
    // A province may add the superior.
    expect((await undone.show()).steps.slice(0, 4).map(({ id, organisation }) => [id, organisation.id])).toEqual([
      ['sourceSchool', sides[1]?.[0]],
      ['destinationSchool', sides[0]?.[0]],
      ['sourceAuthority', sides[1]?.[1]],
      ['destinationAuthority', sides[0]?.[1]],
    ]);
    await approved(undone);
    const back = await dossierOf(source, studentId);
    expect(back).toMatchObject({ state: 'active', schoolId: source.id, studentNumber: there.studentNumber, enrolment: { validTo: null } });
    expect(back.enrolments.map(({ state, school: { id } }) => [state, id])).toEqual(
      expect.arrayContaining([
        ['active', source.id],
        ['deregistered', destination.id],
      ]),
    );
    const again = await undone.filer.post('/change-requests', {
      kind: 'suspension',
      studentId,
      details: { ground: 'illness', until: UNTIL },
      evidenceIds: [await undone.filer.evidence()],
      reason: '已不在本校',
    });
    expect([404, 409, 403]).toContain(again.status);
    const suspended = await Story.within(system, demo, source, {
      kind: 'suspension',
      studentId,
      details: { ground: 'illness', until: UNTIL },
    });
    await approved(suspended);
  });

  it.each<[string, 'active' | 'suspended', object]>([
    ['suspension', 'active', { ground: 'illness', until: UNTIL }],
    ['resumption', 'suspended', {}],
    ['repeatYear', 'active', {}],
    ['changeMajor', 'active', { majorCode: '790302', ground: 'aptitude' }],
    ['changeStudyMode', 'active', { studyMode: 'partTime', lengthYears: 4 }],
    ['deregistration', 'active', { cause: 'lapsed' }],
  ])('a %s: the same enrolment has its former values again', async (kind, state, details) => {
    const studentId = demo.student(school.id, state);
    const before = await dossierOf(school, studentId);
    const wrong = await within(kind, details, studentId);
    expect(values(await dossierOf(school, studentId))).not.toEqual(values(before));
    const undone = await approved(await undoing(school, studentId, wrong.id));
    expect((await undone.show()).steps.map(({ id }) => id)).toEqual(['school', 'authority']);
    const after = await dossierOf(school, studentId);
    expect(values(after)).toEqual(values(before));
    expect(after.state).toBe(before.state);
  });

  it('a correction of study data (A11): what stood is kept, registered terms stay, and its undoing brings all back', async () => {
    const studentId = demo.student(school.id);
    const before = await dossierOf(school, studentId);
    const { grade, majorCode, expectedLeavingOn, since } = before.enrolment as Record<string, string>;
    const later = grade === '2026' ? -1 : 1;
    const other = String(Number(grade) + later);
    const details = { enrolledOn: `${other}-08-25`, grade: other, majorDirection: '移动应用开发' };
    const filer = await as(system, demo.holder(school.id, 'schoolClerk'));
    const told = async (more: object) =>
      (
        await filer.post<{ blockers: { code: string; pointer: string }[] }>('/change-requests/precheck', {
          kind: 'studyCorrection',
          studentId,
          details: more,
          evidenceIds: [],
        })
      ).body.blockers.map(({ code, pointer }) => [code, pointer]);
    expect(await told({})).toEqual(
      expect.arrayContaining([
        ['nothing-to-change', '/details'],
        ['evidence-missing', '/evidenceIds'],
      ]),
    );
    expect(await told({ grade, lengthYears: 6 })).toEqual(
      expect.arrayContaining([
        ['value-not-changed', '/details/grade'],
        ['length-not-offered', '/details/lengthYears'],
      ]),
    );
    expect(await told({ ...details, effectiveOn: addDays(String(since), -1) })).toContainEqual([
      'effective-date-out-of-range',
      '/details/effectiveOn',
    ]);
    expect(await told({ enrolledOn: '1990-09-01' })).toContainEqual(['birth-after-enrolment', '/details/enrolledOn']);

    const wrong = await within('studyCorrection', details, studentId);
    const corrected = await dossierOf(school, studentId);
    expect(corrected.enrolment).toMatchObject({
      ...details,
      majorCode,
      className: null,
      state: 'active',
      expectedLeavingOn: monthsLater(String(expectedLeavingOn), 12 * later),
    });
    const registered = ({ terms }: Dossier) => terms.filter(({ how }) => how === 'registered');
    expect(registered(corrected)).toEqual(registered(before));
    const yesterday = addDays(system.time.today(), -1);
    const was = await filer.get<Dossier>(`/students/${studentId}/dossier?asOf=${yesterday}`);
    expect(was.body.enrolment).toEqual(before.enrolment);

    await approved(await undoing(school, studentId, wrong.id));
    const after = await dossierOf(school, studentId);
    expect(values(after)).toEqual(values(before));
    expect(registered(after)).toEqual(registered(before));
  });

  it('a correction of personal information: the former values hold again, and what was never stated is unstated again', async () => {
    const studentId = demo.student(school.id);
    const before = await dossierOf(school, studentId);
    const changes = { name: '误改之名', politicalStatus: '03' };
    const wrong = await within('infoCorrection', { changes, proofReceivedOn: system.time.today() }, studentId);
    expect(await dossierOf(school, studentId)).toMatchObject({ name: '误改之名' });
    await approved(await undoing(school, studentId, wrong.id));
    const after = await dossierOf(school, studentId);
    expect([after.name, after.facts]).toEqual([before.name, before.facts]);
  });

  it('the latest first: an earlier change waits until the later one is undone, and what was undone does not count', async () => {
    const studentId = demo.student(school.id);
    const filer = await as(system, demo.holder(school.id, 'schoolClerk'));
    const first = await within('repeatYear', {}, studentId);
    const second = await within('suspension', { ground: 'illness', until: UNTIL }, studentId);
    const body = async (requestId: string) => ({
      kind: 'reinstatement',
      studentId,
      details: { requestId, ground: 'enteredByMistake' },
      evidenceIds: [await filer.evidence()],
      reason: '误办',
    });
    expect(await filer.post('/change-requests', await body(first.id))).toMatchObject({ status: 409, body: { code: 'change-not-latest' } });
    const undone = await approved(await undoing(school, studentId, second.id));
    expect(await filer.post('/change-requests', await body(undone.id))).toMatchObject({ body: { code: 'nothing-to-undo' } });
    await approved(await undoing(school, studentId, first.id));
    expect(await filer.post('/change-requests', await body(first.id))).toMatchObject({ body: { code: 'change-not-latest' } });
    await within('repeatYear', {}, studentId); // at most one is allowed: the undone one is none
  });
});
