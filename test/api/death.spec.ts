import { NOTHING_SEEN, type Seen } from '../../activities/reading.js';
import type { Activities } from '../../activities/index.js';
import { as, type Answer } from '../fixtures/client.js';
import { Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner } from '../fixtures/owner.js';
import { activitiesOf } from '../fixtures/process.js';
import { Story, until, type Detail } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { UNTIL } from '../fixtures/dates.js';

const SUSPENSION = { kind: 'suspension', details: { ground: 'illness', until: UNTIL } };
const schoolOf = (demo: Demonstration) => demo.schools()[0] as DemoOrganisation;
const suspension = (system: System, demo: Demonstration, studentId: string) =>
  Story.within(system, demo, schoolOf(demo), { ...SUSPENSION, studentId });
const death = (system: System, demo: Demonstration, studentId: string) =>
  Story.within(system, demo, schoolOf(demo), { kind: 'death', studentId, details: { diedOn: '2026-11-20' } });
async function filing(
  system: System,
  demo: Demonstration,
  studentId: string,
  kind: object,
): Promise<Answer<{ id: string; code?: string }>> {
  const filer = await as(system, demo.holder(schoolOf(demo).id, 'schoolClerk'));
  return filer.post('/change-requests', { studentId, evidenceIds: [await filer.evidence()], reason: '按规定办理', ...kind });
}
const DEATH = { kind: 'death', details: { diedOn: '2026-11-20' } };
const stateOf = async (story: Story) => (await story.filer.get<{ state: string }>(`/students/${story.studentId}`)).body.state;
const ended = (story: Story): Promise<Detail> =>
  until(
    () => story.show(),
    ({ state }) => state !== 'open',
    'the end',
  );

describe('a death filed beside another open request (A16)', () => {
  let system: System;
  let demo: Demonstration;
  beforeAll(async () => {
    system = await startSystem({ engine: 'time-skipping' });
    demo = await Demonstration.of(system);
  });
  afterAll(() => system.stop());

  it('holds the other, and supersedes it when it takes effect', async () => {
    const other = await suspension(system, demo, demo.student(schoolOf(demo).id));
    const task = await other.task('school');
    const reviewer = await other.reviewer(task);
    const died = await death(system, demo, other.studentId);
    expect(await other.show()).toMatchObject({ state: 'open', hold: { kind: 'paused', cause: 'death' }, currentTasks: [] });
    const late = await reviewer.post(`/tasks/${task.id}/decision`, { verdict: 'approve', opinion: '', version: task.version });
    expect([late.status, late.body.code]).toEqual([409, 'request-held']);
    expect(await died.approveAll()).toMatchObject({ state: 'approved' });
    expect(await ended(other)).toMatchObject({ state: 'superseded', hold: null });
    expect(await stateOf(other)).toBe('deceased');
  });

  it('is told to the authorities above when it was no natural one, as provinces quote the parent measures', async () => {
    const school = schoolOf(demo);
    const told = async (unnatural: boolean) => {
      const story = await Story.within(system, demo, school, { kind: 'death', details: { diedOn: '2026-11-20', unnatural } });
      const { state, notices } = await story.approveAll();
      expect(state).toBe('approved');
      return notices.map(({ fromSchool, toProvince }) => [fromSchool.id, toProvince.id]);
    };
    const above = ['city', 'province'].map((level) => [school.id, demo.at(school, level)]);
    expect((await told(true)).sort()).toEqual(above.sort());
    expect(await told(false)).toEqual([]);
  });

  it('lets the other go on when it is rejected', async () => {
    const other = await suspension(system, demo, demo.student(schoolOf(demo).id));
    await other.task('school');
    const died = await death(system, demo, other.studentId);
    expect((await died.decide('reject', { opinion: '死亡证明有误' })).status).toBe(200);
    expect((await ended(died)).state).toBe('rejected');
    await until(
      () => other.show(),
      ({ hold, currentTasks }) => hold === null && currentTasks[0]?.visit === 2,
      'the other to go on',
    );
    expect(await other.approveAll()).toMatchObject({ state: 'approved' });
    expect(await stateOf(other)).toBe('suspended');
  });

  it('lets the other go on when it is recalled; the other may be recalled while it is held', async () => {
    const [one, two] = [
      await suspension(system, demo, demo.student(schoolOf(demo).id)),
      await suspension(system, demo, demo.student(schoolOf(demo).id)),
    ];
    const [first, second] = [await death(system, demo, one.studentId), await death(system, demo, two.studentId)];
    await first.filer.post(`/change-requests/${first.id}/recall`, { reason: '误报' });
    expect((await ended(first)).state).toBe('recalled');
    await until(
      () => one.show(),
      ({ hold }) => hold === null,
      'the other to go on',
    );
    expect((await two.filer.post(`/change-requests/${two.id}/recall`, { reason: '已去世' })).status).toBe(200);
    expect((await ended(two)).state).toBe('recalled');
    expect(await second.approveAll()).toMatchObject({ state: 'approved' });
  });

  it('is filed once, and nothing else is filed beside it', async () => {
    const { studentId } = await death(system, demo, demo.student(schoolOf(demo).id));
    for (const kind of [DEATH, SUSPENSION]) expect((await filing(system, demo, studentId, kind)).body.code).toBe('change-already-open');
  });
});

describe('a death that races with another request', () => {
  let system: System;
  let demo: Demonstration;
  let activities: Activities;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false });
    demo = await Demonstration.of(system);
    activities = activitiesOf(system);
  });
  afterAll(() => system.stop());

  const seenOf = async (id: string): Promise<Seen> => (await activities.readActs({ requestId: id, seen: NOTHING_SEEN })).seen;
  const apply = async (id: string) => activities.applyChange({ requestId: id, seen: await seenOf(id) });
  const open = async (story: Story, step: string) =>
    activities.openTask({ requestId: story.id, seen: await seenOf(story.id), step, visit: 1, supplement: false });
  const newStudent = () => demo.student(schoolOf(demo).id);

  async function approvedBut(last: boolean): Promise<Story> {
    const story = await suspension(system, demo, newStudent());
    await open(story, 'school');
    expect((await story.decide('approve', { step: 'school' })).status).toBe(200);
    await open(story, 'authority');
    if (last) expect((await story.decide('approve', { step: 'authority' })).status).toBe(200);
    return story;
  }
  const kindsOf = async (id: string) =>
    (await asOwner<{ kind: string }[]>(system, 'select kind from act where stream_id = $1 order by seq', [id])).map(({ kind }) => kind);

  it('decides the last approval either before the hold or not at all', async () => {
    const stories = await Promise.all(Array.from({ length: 6 }, () => approvedBut(false)));
    const outcomes = await Promise.all(
      stories.map(async (story, i) => {
        const task = await story.task('authority');
        const reviewer = await story.reviewer(task);
        const decide = () => reviewer.post(`/tasks/${task.id}/decision`, { verdict: 'approve', opinion: '', version: task.version });
        const die = () => filing(system, demo, story.studentId, DEATH);
        const [one, other] = i % 2 === 0 ? await Promise.all([decide(), die()]) : (await Promise.all([die(), decide()])).reverse();
        return { id: story.id, decided: one?.status, died: other?.status };
      }),
    );
    for (const { id, decided, died } of outcomes) {
      expect([died, [200, 409].includes(decided ?? 0)]).toEqual([201, true]);
      const kinds = await kindsOf(id);
      expect(kinds.slice(decided === 200 ? -2 : -1)).toEqual(decided === 200 ? ['decided', 'held'] : ['held']);
    }
  });

  it('lets the effect of the other happen before the hold or not at all', async () => {
    const stories = await Promise.all(Array.from({ length: 6 }, () => approvedBut(true)));
    await Promise.all(stories.flatMap((story) => [apply(story.id), filing(system, demo, story.studentId, DEATH)]));
    for (const story of stories) {
      const effected = (await kindsOf(story.id)).includes('effected');
      expect((await kindsOf(story.id)).includes('held')).toBe(!effected);
      expect(await stateOf(story)).toBe(effected ? 'suspended' : 'active');
    }
  });

  it('takes effect once, whichever of both processes comes first', async () => {
    for (const first of ['the death', 'the other']) {
      const other = await approvedBut(true);
      const stale = await seenOf(other.id);
      const died = await death(system, demo, other.studentId);
      for (const step of ['school', 'authority']) {
        await open(died, step);
        expect((await died.decide('approve', { step })).status).toBe(200);
      }
      const both = [() => apply(died.id), () => activities.applyChange({ requestId: other.id, seen: stale })];
      for (const one of first === 'the death' ? both : both.reverse()) await one();
      expect((await kindsOf(other.id)).slice(-2)).toEqual(['held', 'superseded']);
      expect(await stateOf(other)).toBe('deceased');
    }
  });

  it('and a filing at the same time never stand beside each other unheld', async () => {
    const students = Array.from({ length: 8 }, newStudent);
    await Promise.all(students.flatMap((id) => [filing(system, demo, id, SUSPENSION), filing(system, demo, id, DEATH)]));
    const unheld = await asOwner<unknown[]>(
      system,
      `select 1 from change_request d join change_request o on o.student_id = d.student_id and o.id <> d.id
       where d.kind = 'death' and d.student_id = any($1) and o.hold is null`,
      [students],
    );
    expect(unheld).toEqual([]);
  });
});
