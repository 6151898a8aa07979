import type { WorkflowHandle } from '@temporalio/client';
import { addDays } from '../../src/domain/working-days.js';
import { calendarOf } from '../fixtures/calendar.js';
import { acrossCities, acrossCounties, acrossProvinces, Demonstration, withinACounty } from '../fixtures/demonstration.js';
import { LeavingClass } from '../fixtures/graduations.js';
import { Dispute } from '../fixtures/disputes.js';
import { freshNumber, inTheClear } from '../fixtures/registrations.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { workflowOf } from '../fixtures/process.js';
import { OrderTold } from '../fixtures/orders.js';
import { Story, until } from '../fixtures/story.js';
import { changeWorkflowId } from '../../src/organisation-changes/start-change.js';
import { Rehearsal } from '../organisation-changes/rehearsal.js';
import { historyAsJson } from './histories.js';
import { startSystem, type Engine, type System } from '../fixtures/system.js';
import { UNTIL } from '../fixtures/dates.js';

/** The texts that people write in the tales: none of them may ever reach Temporal. */
export const TEXTS = {
  opinion: '经核实同意办理',
  reason: '随父母迁居外地',
  note: '户口簿已补交',
  refused: '名额已满不予接收',
  amended: '诸葛青岚',
  corrected: '欧阳远舟',
  findings: '实地检查发现该生未到校',
};

/** Tells a tale to its end; whose workflow's history is kept. */
type Tale = (system: System, demo: Demonstration) => Promise<Story | WorkflowHandle>;

const approve = async (story: Story): Promise<Story> => {
  const { state, hold } = await story.approveAll();
  if (state !== 'approved') throw new Error(`the tale ended ${state} ${JSON.stringify(hold)}`);
  return story;
};
const decided = async (story: Story, verdict: string, opinion: string): Promise<void> => {
  const { status, body } = await story.decide(verdict, { opinion });
  if (status !== 200) throw new Error(`refused: ${JSON.stringify(body)}`);
};
const ended = async (story: Story): Promise<Story> => {
  await until(
    () => story.show(),
    ({ state }) => state !== 'open',
    'the end',
  );
  return story;
};
const reason = { reason: TEXTS.reason };

const withAReturn: Tale = async (system, demo) => {
  const story = await Story.transfer(system, demo, acrossProvinces(demo), reason);
  await decided(story, 'return', TEXTS.opinion);
  await story.task();
  const evidenceIds = [await story.filer.evidence()];
  await story.filer.post(`/change-requests/${story.id}/supplement`, { evidenceIds, note: TEXTS.note });
  await decided(story, 'approve', TEXTS.opinion);
  return approve(story);
};

/** Approved for a later day, and effected on it (A20). */
const awaited: Tale = async (system, demo) => {
  await staySignedIn(system);
  const effectiveOn = addDays(system.time.today(), 2);
  const story = await filedWithin('suspension', { ground: 'illness', until: UNTIL, effectiveOn })(system, demo);
  const { hold } = await story.approveAll();
  if (hold?.kind !== 'awaitingEffect') throw new Error(`the tale waits for its day, not ${JSON.stringify(hold)}`);
  await system.time.passTo(effectiveOn, 1);
  return ended(story);
};

/** A class leaves on a later day; a row is returned with a reason (Art 18). */
const leaving =
  (inWorkingDays: number): Tale =>
  async (system, demo) => {
    await staySignedIn(system);
    const [school] = withinACounty(demo);
    const leaves = await LeavingClass.of(system, demo, school, { inWorkingDays });
    const { id, story } = await leaves.submitted({ outcome: 'completed' });
    const [first] = await leaves.members(id);
    await story.decide('approve', {
      opinion: TEXTS.opinion,
      data: { rows: [{ row: first?.row, verdict: 'return', reason: TEXTS.refused }] },
    });
    if (inWorkingDays > 0) {
      const { hold } = await story.settled();
      if (hold?.kind !== 'awaitingEffect') throw new Error(`the tale waits for its day, not ${JSON.stringify(hold)}`);
      await system.time.passTo(leaves.leavingOn, 1);
    }
    return ended(story);
  };

const rejected: Tale = async (system, demo) => {
  const story = await Story.transfer(system, demo, acrossCounties(demo), reason);
  await decided(story, 'approve', TEXTS.opinion);
  await decided(story, 'reject', TEXTS.refused);
  return ended(story);
};

const recalled: Tale = async (system, demo) => {
  const story = await Story.transfer(system, demo, acrossCounties(demo), reason);
  await story.task();
  await story.filer.post(`/change-requests/${story.id}/recall`, reason);
  return ended(story);
};

/** Under a policy by which both authorities decide at the same time (A1). */
const parallel: Tale = async (system, demo) => {
  await asOwner(
    system,
    `insert into policy select id, version + 1, organisation_id, date '2020-01-01', jsonb_set(content,
      '{kinds,transfer,parallelAuthorities}', 'true')
     from policy where version = 1 and organisation_id is not null on conflict do nothing`,
  );
  const story = await Story.transfer(system, demo, acrossCities(demo), reason);
  await decided(story, 'approve', TEXTS.opinion);
  await decided(story, 'approve', TEXTS.opinion);
  await until(
    () => story.show(),
    ({ currentTasks }) => currentTasks.length === 2,
    'both authorities at once',
  );
  return approve(story);
};

const crossTrack: Tale = async (system, demo) => {
  const [ordinary] = demo.schools('ordinary');
  const vocational = demo.schools().find(({ parentId }) => parentId === ordinary?.parentId);
  if (!ordinary || !vocational) throw new Error('the demonstration has no such pair');
  return approve(await Story.crossTrack(system, demo, [vocational, ordinary], reason));
};

/** A change within a school, of a student in the state that it starts from. */
const filedWithin =
  (kind: string, details: object) =>
  (system: System, demo: Demonstration): Promise<Story> => {
    const [school] = demo.schools();
    if (!school) throw new Error('the demonstration has no school');
    const studentId = demo.student(school.id, kind === 'resumption' ? 'suspended' : 'active');
    return Story.within(system, demo, school, { kind, studentId, details, ...reason });
  };
const approvedWithin =
  (kind: string, details: object) =>
  async (system: System, demo: Demonstration): Promise<Story> =>
    approve(await filedWithin(kind, details)(system, demo));

const undone: Tale = async (system, demo) => {
  const { id, studentId, source } = await approvedWithin('withdrawal', { ground: 'ownApplication' })(system, demo);
  const details = { requestId: id, ground: 'enteredByMistake' };
  return approve(await Story.within(system, demo, source, { kind: 'reinstatement', studentId, details, ...reason }));
};

/** A suspension that a death holds and supersedes (A16). */
const superseded: Tale = async (system, demo) => {
  const other = await filedWithin('suspension', { ground: 'illness', until: UNTIL })(system, demo);
  await other.task();
  const { source, studentId } = other;
  await approve(await Story.within(system, demo, source, { kind: 'death', studentId, details: { diedOn: '2026-10-01' }, ...reason }));
  return ended(other);
};

const escalatedTwice: Tale = async (system, demo) => {
  await staySignedIn(system);
  const story = await Story.transfer(system, demo, withinACounty(demo), reason);
  const { dueDate } = await story.task();
  await system.time.passTo((await calendarOf(system)).after(dueDate, 6));
  const climbs = (detail: { timeline: { kind: string }[] }) => detail.timeline.filter(({ kind }) => kind === 'escalated').length;
  await until(
    () => story.show(),
    (detail) => climbs(detail) === 2,
    'two escalations',
  );
  return approve(story);
};

/** A school with an open case merges into another: the history of the job. */
const merger: Tale = async (system, demo) => {
  const [successor, merged] = withinACounty(demo);
  await (await Story.transfer(system, demo, [merged, successor], reason)).task();
  const rehearsal = await Rehearsal.started(system, demo, merged, successor);
  await system.time.pass(24 * 3_600_000);
  await rehearsal.untilItIs(({ progress: { dossiers } }) => dossiers.moved > 0 && dossiers.left === 0, 'the dossiers to have moved');
  await system.time.pass(3 * 60_000);
  await rehearsal.untilItIs(({ state }) => state === 'done', 'the end of the merger');
  return system.client.workflow.getHandle(changeWorkflowId({ kind: 'merger', changeId: rehearsal.id }));
};

/** A school closes, and everybody who studied there leaves: the history of the job. */
const closure: Tale = async (system, demo) => {
  const merging = withinACounty(demo)[0].parentId;
  const closed = demo.schools().find(({ parentId }) => parentId !== merging);
  if (!closed) throw new Error('the demonstration has no such school');
  const rehearsal = await Rehearsal.started(system, demo, closed);
  await system.time.pass(24 * 3_600_000);
  await rehearsal.untilItIs(
    ({ state, progress: { dossiers } }) => state === 'running' && dossiers.left === 0,
    'the leavers’ dossiers to have moved',
  );
  await asOwner(
    system,
    `update enrolment set state = 'withdrawn', since = $2::date, valid_to = $2::date, suspended_until = null where school_id = $1
       and state in ('active','suspended','pending','heldDuplicate')`,
    [closed.id, system.time.today()],
  );
  await system.time.pass(26 * 3_600_000);
  await rehearsal.untilItIs(({ state }) => state === 'done', 'the end of the closure');
  return system.client.workflow.getHandle(changeWorkflowId({ kind: 'closure', changeId: rehearsal.id }));
};

/** Its document and its name put right: the new values are personal, and nobody disputes them. */
const amended: Tale = async (system, demo) => {
  const matter = await Dispute.between(system, demo, acrossProvinces(demo), { name: '同证异人' });
  const { birthDate, sex } = inTheClear(matter.studentA);
  const amendments = {
    name: TEXTS.amended,
    documentType: 'residentId',
    documentNumber: freshNumber(birthDate, sex === 'male' ? 997 : 996),
  };
  return approve(await matter.claim('B', { action: 'amend', ground: 'enteredWrongly', amendments }));
};

const ruled: Tale = async (system, demo) => {
  const matter = await Dispute.between(system, demo, acrossProvinces(demo));
  const ruling = await matter.bothApproved();
  await matter.rule(ruling, 'keepB', TEXTS.opinion);
  return ruling;
};

/** An order that a school answers by filing what was asked (A18). */
const answeredOrder: Tale = async (system, demo) => {
  const told = await OrderTold.placed(system, demo, { findings: TEXTS.findings });
  await told.file();
  return system.client.workflow.getHandle(`order/${(await told.show()).number}`);
};

export const TALES: Readonly<Record<Exclude<Engine, 'none'>, Readonly<Record<string, Tale>>>> = {
  server: {
    'approved-within-a-county': async (system, demo) => approve(await Story.transfer(system, demo, withinACounty(demo), reason)),
    'returned-across-provinces': withAReturn,
    rejected,
    recalled,
    'parallel-authorities': parallel,
    'cross-track': crossTrack,
    'registration-amended': amended,
    'duplicate-ruled-between-provinces': ruled,
    'repeat-year': approvedWithin('repeatYear', {}),
    'change-major': approvedWithin('changeMajor', { majorCode: '790302', ground: 'aptitude' }),
    'change-study-mode': approvedWithin('changeStudyMode', { studyMode: 'partTime' }),
    suspension: approvedWithin('suspension', { ground: 'illness', until: UNTIL }),
    resumption: approvedWithin('resumption', {}),
    deregistration: approvedWithin('deregistration', { cause: 'lapsed' }),
    withdrawal: approvedWithin('withdrawal', { ground: 'ownApplication' }),
    'info-correction': approvedWithin('infoCorrection', { changes: { name: TEXTS.corrected }, proofReceivedOn: '2026-11-20' }),
    'study-correction': approvedWithin('studyCorrection', { majorDirection: '移动应用开发' }),
    death: approvedWithin('death', { diedOn: '2026-10-01' }),
    order: answeredOrder,
    reinstatement: undone,
    'superseded-by-a-death': superseded,
    graduation: leaving(0),
    intake: async (system, demo) => approve(await Story.batch(system, demo, acrossCounties(demo)[0], 'intake')),
  },
  'time-skipping': { 'escalated-twice': escalatedTwice, 'awaited-day': awaited, 'graduation-on-its-day': leaving(2), merger, closure },
};

export interface Told {
  readonly name: string;
  readonly history: object;
  readonly workflowId: string;
}

/** Tells every tale on real engines; what the workflows' histories and the log then hold. */
export async function tellAll(): Promise<{ told: Told[]; logs: string[] }> {
  const told: Told[] = [];
  const logs: string[] = [];
  for (const engine of ['server', 'time-skipping'] as const) {
    const system = await startSystem({ engine });
    try {
      const demo = await Demonstration.of(system);
      for (const [name, tale] of Object.entries(TALES[engine])) {
        const ofWhat = await tale(system, demo);
        const handle = ofWhat instanceof Story ? await workflowOf(ofWhat) : ofWhat;
        await handle.result();
        told.push({ name, workflowId: handle.workflowId, history: historyAsJson(await handle.fetchHistory()) });
      }
      logs.push(...system.logs);
    } finally {
      await system.stop();
    }
  }
  return { told, logs };
}
