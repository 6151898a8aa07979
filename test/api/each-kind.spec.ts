import { KINDS, isTransfer, type Kind } from '../../src/domain/procedure/procedure.js';
import { ByHand } from '../fixtures/by-hand.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner } from '../fixtures/owner.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { UNTIL } from '../fixtures/dates.js';

/** Carried out elsewhere, by tests of their own: they ask for an identity or a second school. */
const ELSEWHERE: readonly Kind[] = ['transfer', 'crossTrackTransfer', 'infoCorrection', 'registrationException'];
const WITHIN = KINDS.filter((kind) => !ELSEWHERE.includes(kind));
const DETAILS: Readonly<Partial<Record<Kind, object>>> = {
  changeMajor: { majorCode: '790302', ground: 'aptitude' },
  changeStudyMode: { studyMode: 'partTime' },
  suspension: { ground: 'illness', until: UNTIL },
  withdrawal: { ground: 'ownApplication' },
  studyCorrection: { majorDirection: '移动应用开发' },
  deregistration: { cause: 'lapsed' },
  death: { diedOn: '2026-11-01' },
};
const STATE: Readonly<Partial<Record<Kind, string>>> = {
  suspension: 'suspended',
  withdrawal: 'withdrawn',
  deregistration: 'deregistered',
  death: 'deceased',
};

const SWITCHED_ON = {
  withdrawal: { rules: ['minorNeedsGuardian'] },
};

describe('each kind of change within a school, without Temporal', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let clerk: ApiClient;
  let process: ByHand;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false });
    demo = await Demonstration.of(system);
    school = demo.schools()[0] as DemoOrganisation;
    clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
    process = new ByHand(system);
  });
  afterAll(() => system.stop());

  /** Decides step after step, as a province may have added some; `rejectedAt` one of them ends it. */
  const carriedOut = async (story: Story, rejectedAt?: string) => {
    for (;;) {
      const state = await process.settle(story.id);
      const [task] = (await story.show()).currentTasks;
      if (state.closed || !task) return state;
      const { status, body } = await story.decide(task.step === rejectedAt ? 'reject' : 'approve', { step: task.step, opinion: '经审核' });
      expect([status, body.code]).toEqual([200, undefined]);
    }
  };
  /** A request of a student in the state that the kind starts from; what a reinstatement undoes is carried out first. */
  const filed = async (kind: Kind): Promise<Story> => {
    if (kind !== 'reinstatement') {
      const studentId = demo.student(school.id, kind === 'resumption' ? 'suspended' : 'active');
      return Story.within(system, demo, school, { kind, studentId, details: DETAILS[kind] ?? {} });
    }
    const { id, studentId } = await filed('withdrawal').then(async (left) => (await carriedOut(left), left));
    return Story.within(system, demo, school, { kind, studentId, details: { requestId: id, ground: 'enteredByMistake' } });
  };
  const stateOf = async ({ studentId }: Story) => (await clerk.get<{ state: string }>(`/students/${studentId}`)).body.state;

  it.each(WITHIN)('%s takes effect when the school and then the authority approve (R-19)', async (kind) => {
    const story = await filed(kind);
    const state = await carriedOut(story);
    expect([state.closed, await stateOf(story)]).toEqual(['approved', STATE[kind] ?? 'active']);
  });

  it.each(WITHIN)('%s leaves the student as before when the authority rejects it', async (kind) => {
    const story = await filed(kind);
    const before = await stateOf(story);
    const state = await carriedOut(story, 'authority');
    expect([state.closed, await stateOf(story)]).toEqual(['rejected', before]);
  });

  it.each(KINDS.filter((kind) => !isTransfer(kind)))('%s is refused without evidence, by precheck and filing alike', async (kind) => {
    const personal = { changes: { ethnicGroup: '01' }, proofReceivedOn: '2026-11-20' };
    const details = { ...(kind === 'infoCorrection' ? personal : (DETAILS[kind] ?? {})) };
    const more = {
      registrationException: { registrationId: school.id, action: 'corroborate', ground: 'studiesHere' },
      reinstatement: { requestId: school.id, ground: 'court' },
    } as Record<string, object>;
    const body = { kind, studentId: demo.student(school.id), details: { ...details, ...more[kind] }, evidenceIds: [] };
    const told = await clerk.post<{ allowed: boolean; blockers: { code: string; owner: string; remedy: string }[] }>(
      '/change-requests/precheck',
      body,
    );
    expect(told.body.allowed).toBe(false);
    expect(told.body.blockers.find(({ code }) => code === 'evidence-missing')).toMatchObject({
      owner: 'filer',
      remedy: expect.stringMatching(/.+/),
    });
    expect((await clerk.post('/change-requests', { ...body, reason: '按规定办理' })).status).toBeGreaterThanOrEqual(409);
  });

  it.each([
    ['changeMajor', { majorCode: '计算机', ground: 'aptitude' }, 'invalid-input', '/details/majorCode'],
    ['changeMajor', { majorCode: '999999', ground: 'aptitude' }, 'major-not-in-catalogue', '/details/majorCode'],
    ['changeMajor', { ...DETAILS.changeMajor, grade: '2099' }, 'grade-out-of-reach', '/details/grade'],
    ['repeatYear', { grade: '2099' }, 'grade-out-of-reach', '/details/grade'],
  ] as const)('a %s into %j is refused by precheck and filing alike', async (kind, details, code, pointer) => {
    const body = { kind, studentId: demo.student(school.id), details, evidenceIds: [await clerk.evidence()] };
    const told = await clerk.post('/change-requests/precheck', body);
    const filed = await clerk.post('/change-requests', { ...body, reason: '按规定办理' });
    expect(filed).toMatchObject({ status: 422, body: { code, errors: [{ pointer }] } });
    if (code === 'invalid-input') expect(told.body).toMatchObject({ code, errors: [{ pointer }] });
    else expect(told.body).toMatchObject({ allowed: false, blockers: [{ code, pointer }] });
  });

  describe('under a policy with its rules switched on', () => {
    beforeAll(() =>
      asOwner(
        system,
        `insert into policy (id, version, organisation_id, effective_from, content, whole)
         select id, version + 1, organisation_id, date '2020-01-01', content, whole || jsonb_build_object('kinds', $2::jsonb)
         from policy where organisation_id = (select province_id from organisation where id = $1) order by version desc limit 1`,
        [school.id, JSON.stringify(SWITCHED_ON)],
      ),
    );

    it.each([['withdrawal', DETAILS.withdrawal, 'minorNeedsGuardian', 'guardian-must-apply']] as const)(
      '%s is held to it, and the kind names the rule',
      async (kind, details, rule, code) => {
        const first = `select student_id as id from enrolment e where school_id = $1 and state = 'active' and grade = '2026'
        and not exists (select 1 from change_request r where r.student_id = e.student_id) order by 1 limit 1`;
        const [minor] = await asOwner<{ id: string }[]>(system, first, [school.id]);
        const application = { by: 'guardian', on: '2026-11-20' };
        const body = { kind, studentId: minor?.id, details, application, evidenceIds: [await clerk.evidence()] };
        const { body: told } = await clerk.post<{ blockers: { code: string }[] }>('/change-requests/precheck', body);
        expect(told.blockers.map((one) => one.code)).toEqual([code]);
        const { body: shown } = await clerk.get<Record<'preconditions' | 'always', { rule: string; code: string }[]>>(
          `/change-kinds/${kind}`,
        );
        expect(shown.preconditions).toMatchObject([{ rule, code }]);
        expect(shown.always).toEqual(
          expect.arrayContaining([
            expect.objectContaining({ rule: 'noOpenRequest', code: 'change-already-open', remedy: expect.stringMatching(/./) }),
          ]),
        );
        const together = { ...body, application: { ...application, by: 'studentAndGuardian' } };
        if (kind === 'withdrawal') expect((await clerk.post('/change-requests/precheck', together)).body).toMatchObject({ allowed: true });
      },
    );

    it('a resumption is not placed in an earlier year of intake', async () => {
      const story = await filed('resumption');
      await process.settle(story.id);
      const early = await story.decide('approve', { step: 'school', data: { grade: '2020' } });
      expect([early.status, early.body.code]).toEqual([422, 'grade-earlier']);
      expect((await story.decide('approve', { step: 'school' })).status).toBe(200);
    });
  });
});
