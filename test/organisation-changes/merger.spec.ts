import type { Activities } from '../../activities/index.js';
import { addDays } from '../../src/domain/working-days.js';
import { changeWorkflowId, startUnfinished } from '../../src/organisation-changes/start-change.js';
import { appointed } from '../fixtures/appointed.js';
import { as } from '../fixtures/client.js';
import { openClass } from '../fixtures/classes.js';
import { acrossCounties, Demonstration, withinACounty, type DemoOrganisation } from '../fixtures/demonstration.js';
import { inLanes } from '../fixtures/lanes.js';
import { staySignedIn } from '../fixtures/owner.js';
import { activitiesOf } from '../fixtures/process.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { approvedByWhoMay, ledgerProblems, openTasksOf, Rehearsal, rows } from './rehearsal.js';

/** Cases at every step when the school merges: kind, from, to, how many, how many steps approved before, and whether then returned. */
type Line = readonly [
  kind: 'transfer' | 'suspension',
  from: 'merged' | 'other',
  to: string,
  n: number,
  approved: number,
  returned?: boolean,
];
const LINES: readonly Line[] = [
  ['suspension', 'merged', '', 8, 0],
  ['suspension', 'merged', '', 8, 1],
  ['suspension', 'merged', '', 3, 0, true],
  ['transfer', 'merged', 'other', 7, 0],
  ['transfer', 'merged', 'other', 5, 1],
  ['transfer', 'merged', 'other', 4, 2],
  ['transfer', 'merged', 'other', 2, 0, true],
  ['transfer', 'other', 'merged', 6, 0],
  ['transfer', 'other', 'merged', 6, 1],
  ['transfer', 'other', 'merged', 3, 2],
  ['transfer', 'merged', 'successor', 2, 1],
];
const CASES = LINES.reduce((sum, [, , , n]) => sum + n, 0);

describe('a merger rehearsed with open cases at every step (A25)', () => {
  let system: System;
  let demo: Demonstration;
  let activities: Activities;
  let merged: DemoOrganisation;
  let successor: DemoOrganisation;
  let rehearsal: Rehearsal;
  const stories: { story: Story; line: Line }[] = [];
  let atTheSchool = 0;
  let day = '';

  beforeAll(async () => {
    system = await startSystem();
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    activities = activitiesOf(system);
    [successor, merged] = withinACounty(demo);
    const other = acrossCounties(demo).find(({ parentId }) => parentId !== merged.parentId) as DemoOrganisation;
    const schools: Readonly<Record<string, DemoOrganisation>> = { merged, successor, other };
    const lines = LINES.flatMap((line) => Array.from({ length: line[3] }, () => line));
    stories.push(...(await inLanes(8, lines, async (line) => ({ line, story: await at(line, schools) }))));
    day = addDays(system.time.today(), 1);
    const [count] = await rows<{ n: number }>(system, 'select count(*)::int as n from enrolment where school_id = $1', [merged.id]);
    atTheSchool = count?.n ?? 0;
    // Whoever starts the merger reviews at the school that ends, and gets nothing by it: the clerk and two reviewers pass on.
    await appointed(system, demo, merged.id, {
      username: demo.holder(merged.parentId ?? '', 'authoritySupervisor'),
      office: 'schoolReviewer',
    });
    await namesakes();
    rehearsal = await Rehearsal.started(system, demo, merged, successor);
  });
  afterAll(() => system?.stop());

  /** A class of the same name at both schools, with two students at the one that ends. */
  async function namesakes(): Promise<void> {
    const clerk = await as(system, demo.holder(merged.id, 'schoolClerk'));
    type Item = { id: string; grade: string; majorCode: string; state: string };
    const { items } = (await clerk.get<{ items: Item[] }>('/students?state=active&limit=200')).body;
    const { grade, majorCode } = items[0] as Item;
    const alike = items.filter((item) => item.grade === grade && item.majorCode === majorCode).slice(-2);
    const [id] = await Promise.all([merged, successor].map((one) => openClass(system, demo, one, { name: '同名班', grade, majorCode })));
    const placed = await clerk.post(`/schools/${merged.id}/classes/${id}/students`, { studentIds: alike.map((one) => one.id) });
    expect([placed.status, alike.length]).toEqual([200, 2]);
  }

  /** A case brought to where its line says. */
  async function at([kind, from, to, , approved, returned]: Line, schools: Readonly<Record<string, DemoOrganisation>>): Promise<Story> {
    const [source, destination] = [schools[from], schools[to]];
    if (!source) throw new Error('no such school');
    const story = destination
      ? await Story.transfer(system, demo, [source, destination])
      : await Story.within(system, demo, source, { kind, details: { ground: 'illness', until: addDays(system.time.today(), 200) } });
    for (let i = 0; i < approved; i += 1) expect((await story.decide('approve')).status).toBe(200);
    if (returned) expect((await story.decide('return', { opinion: '缺证明' })).status).toBe(200);
    await story.task();
    return story;
  }

  const ofLine = (fits: (line: Line) => boolean) => stories.filter(({ line }) => fits(line)).map(({ story }) => story);
  const fingerprint = () =>
    rows<{ name: string; md5: string }>(
      system,
      ['act', 'task', 'change_request', 'enrolment', 'student', 'office', 'organisation', 'organisation_change']
        .map((table) => `select '${table}' as name, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as md5 from ${table} t`)
        .join(' union all '),
    );
  const actsOf = (id: string) =>
    rows<{ kind: string; key: string | null }>(system, 'select kind, key from act where stream_id = $1 order by seq', [id]);

  it('has fifty cases and more open, and waits for its day', async () => {
    expect(CASES).toBeGreaterThanOrEqual(50);
    expect(await rehearsal.show()).toMatchObject({ state: 'planned', progress: { dossiers: { moved: 0, left: atTheSchool } } });
    const before = await fingerprint();
    for (const what of ['closeSchool', 'rerouteCases', 'rerouteOrders', 'moveDossiers', 'completeChange'] as const)
      await activities[what]({ changeId: rehearsal.id });
    expect(await fingerprint()).toEqual(before);
  });

  it('closes the school on its day once, though the activity runs twice at the same time and the job’s run was lost', async () => {
    const workflowId = changeWorkflowId({ kind: 'merger', changeId: rehearsal.id });
    await system.client.workflow.getHandle(workflowId).terminate('the test ends it');
    await system.time.passTo(day, 8);
    const ask = { changeId: rehearsal.id };
    await Promise.all([activities.closeSchool(ask), activities.closeSchool(ask)]);
    const once = await fingerprint();
    await activities.closeSchool(ask);
    expect(await fingerprint()).toEqual(once);
    const [school] = await rows(
      system,
      `select to_char(closed_on, 'YYYY-MM-DD') as "closedOn", successor_id as successor from organisation where id = $1`,
      [merged.id],
    );
    expect(school).toEqual({ closedOn: day, successor: successor.id });
    expect(await rehearsal.show()).toMatchObject({ state: 'running', progress: { officesMoved: 3 } });
  });

  it('tells a first batch, and dies', async () => {
    const ask = { changeId: rehearsal.id };
    const { told } = await activities.rerouteCases(ask);
    expect(told).toHaveLength(50);
    const { progress } = await rehearsal.show();
    expect(progress.cases.moved + progress.cases.left).toBe(CASES);
    expect(progress.cases.left).toBe(CASES - 50);
  });

  it('goes on where it stood in a new run, to the end, though batches run twice at once', async () => {
    await startUnfinished({ client: system.client, db: system.db, taskQueue: system.config.temporal.taskQueue });
    await Promise.all([activities.rerouteCases({ changeId: rehearsal.id }), activities.moveDossiers({ changeId: rehearsal.id })]);
    await rehearsal.untilItIs(({ progress: { cases, dossiers } }) => cases.left + dossiers.left === 0, 'everything to have moved');
    await system.time.pass(3 * 60_000);
    const { progress } = await rehearsal.untilItIs(({ state }) => state === 'done', 'the end of the merger');
    expect(progress).toEqual({
      cases: { moved: CASES, left: 0 },
      dossiers: { moved: atTheSchool, left: 0 },
      orders: { moved: 0, left: 0 },
      officesMoved: 3,
      studentsLeft: 0,
      waitingFor: [],
    });
    const before = await fingerprint();
    for (const what of ['closeSchool', 'rerouteCases', 'rerouteOrders', 'moveDossiers', 'completeChange'] as const)
      await activities[what]({ changeId: rehearsal.id });
    expect(await fingerprint()).toEqual(before);
  });

  it('has told every case once, and left no task with the merged school', async () => {
    for (const { story } of stories) {
      expect((await actsOf(story.id)).filter(({ kind }) => kind === 'rerouted')).toHaveLength(1);
      const { told, stored } = await openTasksOf(story);
      expect(stored).toEqual(told);
      expect(stored).toHaveLength(1);
    }
    expect(await rows(system, `select 1 from task where state = 'open' and holder_id = $1`, [merged.id])).toEqual([]);
    const [mine] = await rows<{ n: number }>(system, `select count(*)::int as n from task where state = 'open' and holder_id = $1`, [
      successor.id,
    ]);
    const atSchool = ofLine(
      ([kind, from, to, , approved]) => (from === 'merged' && approved === 0) || (kind === 'transfer' && to !== 'other' && approved === 1),
    );
    expect(mine?.n).toBe(atSchool.length);
  });

  it('has moved every dossier as the next version of the same enrolment, with the student’s act, and keeps the day before', async () => {
    expect(await rows(system, 'select 1 from enrolment where school_id = $1', [merged.id])).toEqual([]);
    const [told] = await rows<{ n: number }>(system, `select count(*)::int as n from act where stream = 'student' and kind = 'rehomed'`);
    expect(told?.n).toBe(atTheSchool);
    const clerk = await as(system, demo.holder(successor.id, 'schoolClerk'));
    const studentId = demo.student(merged.id);
    const schoolOn = async (asOf: string) => (await clerk.get(`/students/${studentId}/dossier?asOf=${asOf}`)).body.enrolments[0].school.id;
    expect([await schoolOn(addDays(day, -1)), await schoolOn(day)]).toEqual([merged.id, successor.id]);
    const left = demo.students.find(
      (one) => (one.schoolId === merged.id && one.state === 'withdrawn') || (one.schoolId === merged.id && one.state === 'graduated'),
    );
    if (!left) throw new Error('nobody has left the school');
    const leaver = (await clerk.get(`/students/${left.id}/dossier`)).body.enrolments[0];
    expect(leaver).toMatchObject({ school: { id: successor.id }, state: left.state });
    expect(leaver.validTo < day).toBe(true);
  });

  it('has made its classes classes of the successor, with what they had; one whose name is taken says where it comes from', async () => {
    const open = await rows<{ schoolId: string; name: string }>(
      system,
      'select school_id as "schoolId", name from school_class where school_id = any($1) and closed_on is null',
      [[merged.id, successor.id]],
    );
    expect(open.filter(({ schoolId }) => schoolId === merged.id)).toEqual([]);
    const former = await rows<{ name: string; next: string; same: boolean }>(
      system,
      `select c.name, n.name as next, (c.grade, c.major_code, c.head_teacher, c.size) is not distinct from
         (n.grade, n.major_code, n.head_teacher, n.size) and n.school_id = $2 and c.closed_on = $3::date as same
       from school_class c join school_class n on n.id = c.merged_into where c.school_id = $1`,
      [merged.id, successor.id, day],
    );
    expect(former.length).toBeGreaterThan(5);
    for (const { name, next, same } of former) expect([[name, `${name}（${merged.name}）`].includes(next), same]).toEqual([true, true]);
    expect(former.find(({ name }) => name === '同名班')?.next).toBe(`同名班（${merged.name}）`);
    expect(former.filter(({ name, next }) => name === next).length).toBeGreaterThan(5);
    const students = await rows<{ found: boolean; was: string | null; now: string | null }>(
      system,
      `select exists (select 1 from school_class c where c.school_id = e.school_id and c.name = e.class_name and c.grade = e.grade
           and c.major_code is not distinct from e.major_code and c.closed_on is null) as found, v.class_name as was, e.class_name as now
       from enrolment e join enrolment_version v on v.enrolment_id = e.id and v.seq = 1
       where e.school_id = $1 and e.state in ('active','suspended') and e.class_name is not null`,
      [successor.id],
    );
    expect(students.filter(({ found }) => !found)).toEqual([]);
    expect(students.filter(({ now }) => now === `同名班（${merged.name}）`)).toHaveLength(2);
  });

  it('gives the filer’s moves to the successor’s clerks, old and new', async () => {
    const [clerk, newcomer] = await Promise.all([successor, merged].map(({ id }) => as(system, demo.holder(id, 'schoolClerk'))));
    if (!clerk || !newcomer) throw new Error('no clerks');
    const returned = ofLine((line) => line[5] === true);
    for (const [i, story] of returned.entries()) {
      const by = i % 2 === 0 ? clerk : newcomer;
      const { status } = await by.post(`/change-requests/${story.id}/supplement`, { evidenceIds: [await by.evidence()], note: '已补交' });
      expect(status).toBe(200);
    }
    const [first] = ofLine(([kind, , , , approved]) => kind === 'suspension' && approved === 1);
    if (!first) throw new Error('no suspension');
    expect((await newcomer.post(`/change-requests/${first.id}/urge`)).status).toBe(200);
    expect((await clerk.post(`/change-requests/${first.id}/recall`, { reason: '学生已康复' })).status).toBe(200);
  });

  it('lets every case end as it should: nothing lost, nothing opened twice', async () => {
    const ends: Record<string, number> = {};
    for (const { story } of stories) {
      const { state, hold } = await approvedByWhoMay(story);
      expect(hold).toBeNull();
      ends[state] = (ends[state] ?? 0) + 1;
      const opened = (await actsOf(story.id)).filter(({ kind }) => kind === 'opened');
      expect(new Set(opened.map(({ key }) => key)).size).toBe(opened.length);
    }
    expect(ends).toEqual({ approved: CASES - 1, recalled: 1 });
    const schoolOf = async ({ studentId }: Story) =>
      (
        await rows<{ id: string }>(
          system,
          `select school_id as id from enrolment where student_id = $1 and state in ('active','suspended')`,
          [studentId],
        )
      ).map(({ id }) => id);
    for (const { story, line } of stories) {
      const [kind, from, to] = line;
      const expected =
        kind === 'transfer' && to === 'other' ? story.destination.id : from === 'other' || from === 'merged' ? successor.id : '';
      expect(await schoolOf(story)).toEqual([expected]);
    }
    expect(await rows(system, 'select 1 from enrolment where school_id = $1', [merged.id])).toEqual([]);
  });

  it('leaves the ledger sound', async () => {
    expect(await ledgerProblems(system)).toEqual([]);
  });
});
