import fc from 'fast-check';
import { isHeld, stateAfter, type EnrolmentState } from '../../src/domain/dossier.js';
import type { Kind } from '../../src/domain/procedure.js';
import { ByHand } from '../fixtures/by-hand.js';
import { as } from '../fixtures/client.js';
import { Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import type { Detail } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

const DAY = 24 * 3_600_000;
const KINDS = [
  ...(['transfer', 'repeatYear', 'changeMajor', 'changeStudyMode', 'suspension', 'resumption'] as const),
  ...(['withdrawal', 'deregistration', 'death', 'reinstatement'] as const),
];
/** What happens: somebody files for a student, the next holder decides, the filer recalls, days pass. */
const happening = fc.oneof(
  { weight: 6, arbitrary: fc.record({ who: fc.nat(2), files: fc.constantFrom<Kind>(...KINDS), variant: fc.nat(3) }) },
  {
    weight: 12,
    arbitrary: fc.record({
      who: fc.nat(2),
      decides: fc.constantFrom('approve', 'approve', 'approve', 'approve', 'approve', 'reject'),
      death: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ who: fc.nat(2), recalls: fc.constant(true) }) },
  { weight: 2, arbitrary: fc.record({ days: fc.integer({ min: 1, max: 30 }) }) },
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

interface OpenRequest {
  id: string;
  kind: Kind;
  filer: string;
}
interface Version {
  seq: number;
  state: EnrolmentState;
  kind: Kind | null;
  recordedAt: Date;
  latest: boolean;
}

/** One student as the model knows it; the database must agree. */
interface Modelled {
  readonly id: string;
  school: DemoOrganisation;
  state: EnrolmentState;
  endedBy?: string;
  open: OpenRequest[];
  readonly number: string;
  /** What the dossier said at a moment, to be asked again at the end. */
  readonly remembered: { path: string; school: DemoOrganisation; said: unknown }[];
}

describe('a small population, whatever is filed and decided in whatever order (invariants 1, 5)', () => {
  let system: System;
  let demo: Demonstration;
  let process: ByHand;
  let schools: DemoOrganisation[];
  const reached = new Map<string, number>();
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false });
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    process = new ByHand(system);
    schools = demo.schools().slice(0, 2);
  });
  afterAll(() => system.stop());

  const clerkOf = (school: { id: string }) => as(system, demo.holder(school.id, 'schoolClerk'));
  const seen = async ({ id, school }: Modelled) => (await (await clerkOf(school)).get(`/students/${id}`)).body;
  const count = (what: string) => reached.set(what, (reached.get(what) ?? 0) + 1);
  const detailsOf = (kind: Kind, student: Modelled, variant: number): object => {
    const other = schools.find(({ id }) => id !== student.school.id)?.id;
    const details: Partial<Record<Kind, object>> = {
      transfer: { destinationSchoolId: other },
      changeMajor: { majorCode: ['710201', '710205', '730701', '740201'][variant], ground: 'aptitude' },
      changeStudyMode: { studyMode: variant % 2 ? 'partTime' : 'fullTime' },
      suspension: { ground: 'military', until: '2029-06-30' },
      withdrawal: { ground: 'ownApplication' },
      deregistration: { cause: 'lapsed' },
      death: { diedOn: '2026-10-01' },
      reinstatement: { requestId: student.endedBy ?? student.id, ground: 'enteredByMistake' },
    };
    return details[kind] ?? {};
  };

  async function files(student: Modelled, kind: Kind, variant: number): Promise<void> {
    const clerk = await clerkOf(student.school);
    const evidenceIds = [await clerk.evidence()];
    const body = { kind, studentId: student.id, details: detailsOf(kind, student, variant), evidenceIds, reason: '按规定办理' };
    const { status, body: answer } = await clerk.post<{ id: string; code?: string }>('/change-requests', body);
    const blocked = student.open.some((one) => one.kind === 'death' || kind !== 'death');
    const legal = stateAfter(kind, student.state) !== undefined;
    if (status === 201) {
      expect({ kind, state: student.state, legal, blocked }).toEqual({ kind, state: student.state, legal: true, blocked: false });
      student.open.push({ id: answer.id, kind, filer: student.school.id });
      if (kind === 'death' && student.open.length > 1) count('held');
      await process.settle(answer.id);
    } else if (legal && !blocked) expect(['illegal-transition', 'change-already-open', undefined]).not.toContain(answer.code);
  }

  async function decides(student: Modelled, verdict: string, death: boolean): Promise<void> {
    const request = student.open.find((one) => (one.kind === 'death') === death) ?? student.open[0];
    if (!request) return;
    const filer = await clerkOf({ id: request.filer });
    const { body } = await filer.get<Detail>(`/change-requests/${request.id}`);
    const [task] = body.currentTasks;
    if (!task) return void expect(body.hold?.kind).toBe('paused');
    const office = demo.organisations.get(task.holder.id)?.level === 'school' ? 'schoolReviewer' : 'authorityReviewer';
    const reviewer = await as(system, demo.holder(task.holder.id, office));
    const decision = { verdict, opinion: '经审核', version: task.version };
    expect((await reviewer.post(`/tasks/${task.id}/decision`, decision)).status).toBe(200);
    await goesOn(student);
  }

  async function recalls(student: Modelled): Promise<void> {
    const request = student.open[0];
    if (!request) return;
    const filer = await clerkOf({ id: request.filer });
    expect((await filer.post(`/change-requests/${request.id}/recall`, { reason: '撤回' })).status).toBe(200);
    await goesOn(student);
  }

  /** The processes of the student's requests run until they rest; the model learns what ended and what took effect. */
  async function goesOn(student: Modelled): Promise<void> {
    for (let turn = 0; turn < 2; turn += 1)
      // once for who was decided, once more for those whom that moved
      for (const request of [...student.open].reverse()) {
        const { closed } = await process.settle(request.id);
        if (!closed) continue;
        count(`${request.kind} ${closed}`);
        student.open = student.open.filter((one) => one !== request);
        if (closed === 'approved') tookEffect(student, request);
      }
  }

  function tookEffect(student: Modelled, { kind, id }: OpenRequest): void {
    if (kind === 'transfer') student.school = schools.find((school) => school.id !== student.school.id) as DemoOrganisation;
    else if (kind === 'reinstatement') student.state = 'active';
    else student.state = stateAfter(kind, student.state) as EnrolmentState;
    if (!isHeld(student.state)) student.endedBy = id;
  }

  async function happens(population: readonly Modelled[], what: Happening): Promise<void> {
    if ('days' in what) return system.time.pass(what.days * DAY);
    const student = population[what.who] as Modelled;
    if ('files' in what) await files(student, what.files, what.variant);
    else if ('decides' in what) await decides(student, what.decides, what.death);
    else await recalls(student);
    const { state, schoolId, studentNumber } = (await seen(student)) as Record<string, string>;
    // A reinstated student stands as the undone change found it.
    if (student.state === 'active' && state === 'suspended') student.state = state;
    expect({ state, schoolId, studentNumber }).toEqual({
      state: student.state,
      schoolId: student.school.id,
      studentNumber: student.number,
    });
  }

  /** The dossier as it stands, to be asked for again at the end by the same day and the same moment of record. */
  async function remember(student: Modelled): Promise<void> {
    await system.time.pass(1000);
    const recordedBy = new Date(system.time.now() - 500).toISOString();
    const path = `/students/${student.id}/dossier?asOf=${system.time.today()}&recordedBy=${encodeURIComponent(recordedBy)}`;
    const { body } = await (await clerkOf(student.school)).get<{ enrolments: object[] }>(path);
    student.remembered.push({ path, school: student.school, said: body.enrolments });
  }

  async function heldThroughout(student: Modelled): Promise<void> {
    const ask = <T>(sql: string) => asOwner<T[]>(system, sql, [student.id]);
    const enrolments = await ask<{ id: string; state: EnrolmentState }>('select id, state from enrolment where student_id = $1');
    expect(enrolments.filter(({ state }) => isHeld(state)).length).toBe(isHeld(student.state) ? 1 : 0);
    const open = await ask<{ kind: string }>(`select kind from change_request where student_id = $1 and state = 'open'`);
    expect(open.map(({ kind }) => kind).sort()).toEqual(student.open.map(({ kind }) => kind).sort());
    for (const { id } of enrolments) {
      const versions = await asOwner<Version[]>(
        system,
        `select v.seq, v.state, r.kind, v.recorded_at as "recordedAt", row (v.state, v.grade, v.major_code, v.study_mode, v.since, v.expected_leaving_on)
           is not distinct from row (e.state, e.grade, e.major_code, e.study_mode, e.since, e.expected_leaving_on) as latest
         from enrolment_version v join enrolment e on e.id = v.enrolment_id left join change_request r on r.id = v.request_id where v.enrolment_id = $1 order by v.seq`,
        [id],
      );
      historyIsWhole(versions);
    }
    for (const { path, school, said } of student.remembered)
      if (school.id === student.school.id)
        expect((await (await clerkOf(school)).get<{ enrolments: object[] }>(path)).body.enrolments).toEqual(said);
  }

  it('has at most one held enrolment and one open request a student, moves by legal transitions only, and keeps its whole history', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 20, maxLength: 45, size: 'max' }), async (happenings) => {
        const population: Modelled[] = [];
        for (let i = 0; i < 3; i += 1) {
          const school = schools[i % 2] as DemoOrganisation;
          const id = demo.student(school.id);
          const { body } = await (await clerkOf(school)).get<{ studentNumber: string }>(`/students/${id}`);
          population.push({ id, school, state: 'active', open: [], number: body.studentNumber, remembered: [] });
        }
        for (const [i, what] of happenings.entries()) {
          await happens(population, what);
          if (i % 8 === 0) await remember(population[i % 3] as Modelled);
        }
        for (const student of population) await heldThroughout(student);
      }),
      { numRuns: 8, endOnFailure: true },
    );
    // The stories reach effects and refusals of many kinds, or the sentence above would say little.
    expect([...reached.keys()].filter((what) => what.endsWith(' approved')).length).toBeGreaterThanOrEqual(4);
  }, 240_000);
});

/** Each version follows the one before it by a legal transition of the request that brought it, in order, and the last is what stands. */
function historyIsWhole(versions: readonly Version[]): void {
  expect(versions.map(({ seq }) => seq)).toEqual(versions.map((_, i) => i + 1));
  expect(versions.at(-1)?.latest).toBe(true);
  for (const [i, { state, kind, recordedAt }] of versions.entries()) {
    const before = versions[i - 1];
    if (!before) continue;
    expect(recordedAt.getTime()).toBeGreaterThanOrEqual(before.recordedAt.getTime());
    const legal = kind === 'reinstatement' ? ['active', 'suspended'] : [kind && stateAfter(kind, before.state)];
    expect(legal).toContain(state);
  }
}
