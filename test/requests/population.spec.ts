import fc from 'fast-check';
import { foundByTheEnd, isOnRoll, stateAfter, type EnrolmentState } from '../../src/domain/dossier/dossier.js';
import { isTransfer, KINDS, type Kind } from '../../src/domain/procedure/procedure.js';
import { addDays } from '../../src/domain/working-days.js';
import { ByHand } from '../fixtures/by-hand.js';
import { as } from '../fixtures/client.js';
import { Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { freshNumber, register, somebody } from '../fixtures/registrations.js';
import { namedBy, type Detail } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { ALL_APPROVED, ALL_REJECTED, happening, type Happening, type Verdict } from './happenings.js';
import { sized } from '../fixtures/profile.js';

const DAY = 24 * 3_600_000;
interface OpenRequest {
  id: string;
  kind: Kind;
  filer: string;
  destination?: DemoOrganisation;
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
  /** As the change that ended the enrolment found it, and that change. */
  found: EnrolmentState;
  endedBy?: string;
  open: OpenRequest[];
  /** Provisional until a held registration is registered, and never another from then on. */
  number: string;
  readonly registrationId?: string;
  /** What the dossier said at a moment, to be asked again at the end. */
  readonly remembered: { path: string; school: DemoOrganisation; said: unknown }[];
}

describe('a small population, whatever is filed and decided in whatever order (invariants 1, 5)', () => {
  let system: System;
  let demo: Demonstration;
  let process: ByHand;
  let schools: DemoOrganisation[];
  let ordinary: DemoOrganisation;
  const reached = new Map<string, number>();
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false });
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    process = new ByHand(system);
    schools = demo.schools().slice(0, 2);
    ordinary = demo.schools('ordinary')[0] as DemoOrganisation;
  });
  afterAll(() => system.stop());

  const clerkOf = (school: { id: string }) => as(system, demo.holder(school.id, 'schoolClerk'));
  const seen = async ({ id, school }: Modelled) => (await (await clerkOf(school)).get(`/students/${id}`)).body;
  const count = (what: string) => reached.set(what, (reached.get(what) ?? 0) + 1);

  async function population(): Promise<Modelled[]> {
    const [first, second] = schools as [DemoOrganisation, DemoOrganisation];
    const members: [DemoOrganisation, { id: string; state: EnrolmentState; registrationId?: string }][] = [
      [first, { id: demo.student(first.id), state: 'active' }],
      [second, { id: demo.student(second.id), state: 'active' }],
      [ordinary, { id: demo.student(ordinary.id), state: 'active' }],
      [second, { ...(await registered(second, unknownToTheService())), state: 'heldDuplicate' }],
      [first, { ...(await registered(first, somebody())), state: 'pending' }],
    ];
    return Promise.all(
      members.map(async ([school, { state, ...member }]) => {
        const { body } = await (await clerkOf(school)).get<{ studentNumber: string }>(`/students/${member.id}`);
        return { ...member, school, state, found: state, open: [], number: body.studentNumber, remembered: [] };
      }),
    );
  }

  let born = 0;
  /** Whom the population service does not know and no record is like: each on a day of their own. */
  function unknownToTheService(): Record<string, unknown> {
    born += 1;
    const birthDate = addDays('2009-01-01', born);
    return somebody({ birthDate, document: { type: 'residentId', number: freshNumber(birthDate, 999) } });
  }

  async function registered(school: DemoOrganisation, person: Record<string, unknown>): Promise<{ id: string; registrationId: string }> {
    const { body } = await register(system, demo, school, person);
    return { id: body.studentId, registrationId: body.id };
  }

  /** Where the student may go: to the other vocational school, or to the other track. */
  function destinationOf(kind: Kind, { school }: Modelled, variant: number): DemoOrganisation | undefined {
    if (!isTransfer(kind)) return undefined;
    if (kind === 'crossTrackTransfer') return school.id === ordinary.id ? schools[variant % 2] : ordinary;
    return schools.find(({ id }) => id !== school.id);
  }

  async function detailsOf(kind: Kind, student: Modelled, variant: number, destination?: DemoOrganisation): Promise<object> {
    const { enrolment } = (await seen(student)) as { enrolment: { majorCode: string | null; studyMode: string } };
    const majors = ['710201', '710205', '730701'].filter((code) => code !== enrolment.majorCode);
    const details: Partial<Record<Kind, object>> = {
      transfer: { destinationSchoolId: destination?.id },
      crossTrackTransfer: { student: kind === 'crossTrackTransfer' && (await namedBy(await clerkOf(student.school), student.id)) },
      changeMajor: { majorCode: majors[variant % 2], ground: 'aptitude' },
      changeStudyMode: { studyMode: enrolment.studyMode === 'partTime' ? 'fullTime' : 'partTime' },
      suspension: { ground: 'other', until: addDays(system.time.today(), 300) },
      withdrawal: { ground: 'absence' },
      deregistration: { cause: 'lapsed' },
      death: { diedOn: '2026-10-01' },
      infoCorrection: { changes: anotherValue(variant), proofReceivedOn: system.time.today() },
      studyCorrection: { majorDirection: anotherDirection() },
      registrationException: { registrationId: student.registrationId ?? student.id, action: 'corroborate', ground: 'studiesHere' },
      reinstatement: { requestId: student.endedBy ?? student.id, ground: 'enteredByMistake' },
    };
    return details[kind] ?? {};
  }

  let directions = 0;
  const anotherDirection = (): string => `方向${(directions += 1)}`;

  let values = 0;
  /** A value that nobody has had, of the identity and of what is not. */
  function anotherValue(variant: number): object {
    values += 1;
    return { [['name', 'formerName'][variant % 2] as string]: `甲${String.fromCharCode(0x4e00 + values)}` };
  }

  async function files(student: Modelled, { files: kind, variant, surely }: Extract<Happening, { files: Kind }>): Promise<void> {
    const destination = destinationOf(kind, student, variant);
    const filer = kind === 'crossTrackTransfer' && destination ? destination : student.school;
    const clerk = await clerkOf(filer);
    const details = await detailsOf(kind, student, variant, destination);
    const whom = kind === 'crossTrackTransfer' ? {} : { studentId: student.id };
    const body = { kind, ...whom, details, evidenceIds: [await clerk.evidence(), await clerk.evidence()], reason: '按规定办理' };
    const { status, body: answer } = await clerk.post<{ id: string; code?: string }>('/change-requests', body);
    if (surely) expect([kind, student.state, answer.code]).toEqual([kind, student.state, undefined]);
    const blocked = student.open.some((one) => bars(one.kind, kind));
    const legal = stateAfter(kind, student.state) !== undefined;
    if (status === 201) {
      expect({ kind, state: student.state, legal, blocked }).toEqual({ kind, state: student.state, legal: true, blocked: false });
      student.open.push({ id: answer.id, kind, filer: filer.id, destination });
      if (kind === 'death' && student.open.some((one) => one.kind !== 'death' && one.kind !== 'infoCorrection')) count('held');
      // The population service answers before anybody decides.
      if (kind === 'infoCorrection') await system.checkIdentities();
      await process.settle(answer.id);
    } else if (legal && !blocked) expect(['illegal-transition', 'change-already-open', undefined]).not.toContain(answer.code);
  }

  /** A death is filed beside all but another; an information change runs beside all but another (A16). */
  const bars = (open: Kind, filed: Kind): boolean =>
    filed === 'death' || filed === 'infoCorrection' ? open === filed : open !== 'infoCorrection';

  async function decides(student: Modelled, verdict: Verdict, death: boolean): Promise<void> {
    const request = student.open.find((one) => (one.kind === 'death') === death) ?? student.open[0];
    if (!request) return;
    const filer = await clerkOf({ id: request.filer });
    const { body } = await filer.get<Detail>(`/change-requests/${request.id}`);
    const [task] = body.currentTasks;
    if (!task) return void expect(body.hold?.kind).toBe('paused');
    const office = demo.organisations.get(task.holder.id)?.level === 'school' ? 'schoolReviewer' : 'authorityReviewer';
    const reviewer = await as(system, demo.holder(task.holder.id, office));
    // Whoever comes from an ordinary school has no major yet.
    const places = verdict === 'approve' && task.step === 'destinationSchool' && request.kind === 'crossTrackTransfer';
    const data = places && request.destination?.type !== ordinary.type ? { majorCode: '710201' } : undefined;
    const decision = { verdict, opinion: '经审核', version: task.version, data };
    expect((await reviewer.post(`/tasks/${task.id}/decision`, decision)).status).toBe(200);
    await goesOn(student);
  }

  /** Every holder says the same until the request is over. */
  async function conclude(student: Modelled, verdict: Verdict): Promise<void> {
    const request = student.open.at(-1);
    for (let steps = 0; request && student.open.includes(request) && steps < 8; steps += 1)
      await decides(student, verdict, request.kind === 'death');
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
        if (closed === 'approved') await tookEffect(student, request);
      }
  }

  async function tookEffect(student: Modelled, { kind, id, destination }: OpenRequest): Promise<void> {
    const { state } = student;
    if (destination) {
      student.school = destination;
      count(`${kind} to ${destination.type === ordinary.type ? 'ordinary' : 'vocational'}`);
    } else student.state = stateAfter(kind, state, student.found) as EnrolmentState;
    if (kind === 'registrationException' && state === 'heldDuplicate') await isNumbered(student);
    if (['withdrawn', 'deregistered', 'deceased'].includes(student.state) && kind !== 'infoCorrection')
      [student.endedBy, student.found] = [id, state];
  }

  /** The number is formal once the service has confirmed the identity, and no claim makes up for that. */
  async function isNumbered(student: Modelled): Promise<void> {
    const { studentNumber } = (await seen(student)) as { studentNumber: string };
    const [one] = await asOwner<{ authentication: string }[]>(system, 'select authentication from student where id = $1', [student.id]);
    expect([student.number, studentNumber.startsWith('L')]).toEqual([expect.stringMatching(/^L/), one?.authentication === 'pending']);
    student.number = studentNumber;
  }

  async function happens(members: readonly Modelled[], what: Happening): Promise<void> {
    if ('days' in what) return system.time.pass(what.days * DAY);
    const student = members[what.who] as Modelled;
    if ('files' in what) await files(student, what);
    else if ('decides' in what) await decides(student, what.decides, what.death);
    else if ('concluded' in what) await conclude(student, what.concluded);
    else await recalls(student);
    const { state, schoolId, studentNumber } = (await seen(student)) as Record<string, string>;
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
    student.remembered.push({ path, school: student.school, said: await saidAt(path, student.school) });
  }

  async function saidAt(path: string, school: DemoOrganisation): Promise<object> {
    const { body } = await (
      await clerkOf(school)
    ).get<{ enrolments: object[]; facts: object[]; name: string; studentNumber: string }>(path);
    return { enrolments: body.enrolments, facts: body.facts, name: body.name };
  }

  async function heldThroughout(student: Modelled): Promise<void> {
    const ask = <T>(sql: string) => asOwner<T[]>(system, sql, [student.id]);
    const enrolments = await ask<{ id: string; state: EnrolmentState }>('select id, state from enrolment where student_id = $1');
    expect(enrolments.filter(({ state }) => isOnRoll(state)).length).toBe(isOnRoll(student.state) ? 1 : 0);
    const open = await ask<{ kind: string }>(`select kind from change_request where student_id = $1 and state = 'open'`);
    expect(open.map(({ kind }) => kind).sort()).toEqual(student.open.map(({ kind }) => kind).sort());
    for (const { id } of enrolments) {
      const versions = await asOwner<Version[]>(
        system,
        `select v.seq, v.state, r.kind, v.recorded_at as "recordedAt", row (v.state, v.enrolled_on,
          v.major_direction, v.grade, v.major_code, v.study_mode, v.since,
          v.expected_leaving_on)
           is not distinct from row (e.state, e.enrolled_on,
           e.major_direction, e.grade, e.major_code, e.study_mode, e.since, e.expected_leaving_on) as latest
         from enrolment_version v join enrolment e on e.id = v.enrolment_id left join change_request r on r.id = v.request_id
           where v.enrolment_id = $1 order by v.seq`,
        [id],
      );
      historyIsWhole(versions);
    }
    for (const { path, school, said } of student.remembered)
      if (school.id === student.school.id) expect(await saidAt(path, school)).toEqual(said);
  }

  it('has at most one held enrolment and open request a student, moves by legal transitions only, and keeps its history', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 20, maxLength: 45, size: 'max' }), async (happenings) => {
        const members = await population();
        for (const [i, what] of happenings.entries()) {
          await happens(members, what);
          if (i % 6 === 0) await remember(members[(i / 6) % members.length] as Modelled);
        }
        for (const student of members) await heldThroughout(student);
      }),
      { numRuns: sized(3, 8), examples: [[ALL_APPROVED], [ALL_REJECTED]], endOnFailure: true },
    );
    // The first two stories reach the approval and the rejection of every kind, or the sentence above would say little.
    const ends = KINDS.flatMap((kind) => [`${kind} approved`, `${kind} rejected`]);
    const wanted = [...ends, 'crossTrackTransfer to ordinary', 'crossTrackTransfer to vocational', 'held'];
    expect(wanted.filter((what) => !reached.has(what))).toEqual([]);
  });
});

/** Each version follows the one before it by a legal transition of the request that brought it, in order, and the last is what stands. */
function historyIsWhole(versions: readonly Version[]): void {
  expect(versions.map(({ seq }) => seq)).toEqual(versions.map((_, i) => i + 1));
  expect(versions.at(-1)?.latest).toBe(true);
  for (const [i, { state, kind, recordedAt }] of versions.entries()) {
    const before = versions[i - 1];
    if (!before) continue;
    expect(recordedAt.getTime()).toBeGreaterThanOrEqual(before.recordedAt.getTime());
    expect([kind, before.state, state]).toEqual([
      kind,
      before.state,
      kind && stateAfter(kind, before.state, foundByTheEnd(versions.slice(0, i))?.state),
    ]);
  }
}
