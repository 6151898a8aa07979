import { NOTHING_SEEN } from '../../activities/reading.js';
import type { Activities } from '../../activities/index.js';
import { anotherCard, SaidIdentity, withCard } from '../fixtures/correction.js';
import { Demonstration, withinACounty } from '../fixtures/demonstration.js';
import { takes } from '../fixtures/held.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { activitiesOf } from '../fixtures/process.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

const FINGERPRINT = ['act', 'act_text', 'change_request', 'enrolment', 'enrolment_version', 'student', 'student_fact']
  .map((table) => `select '${table}' as name, md5(coalesce(string_agg(t::text, '|' order by t::text), '')) as md5 from ${table} t`)
  .join(' union all ');

describe('a correction, carried out twice and at the same time', () => {
  let system: System;
  let demo: Demonstration;
  let activities: Activities;
  const identity = new SaidIdentity();
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false, identity });
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    activities = activitiesOf(system);
  });
  beforeEach(() => void (identity.answer = 'matched'));
  afterAll(() => system?.stop());

  const fingerprint = () => asOwner<{ name: string; md5: string }[]>(system, FINGERPRINT);
  const kinds = async ({ id }: Story) =>
    (await asOwner<{ kind: string }[]>(system, 'select kind from act where stream_id = $1 order by seq', [id])).map(({ kind }) => kind);
  const ask = async ({ id }: Story) => ({
    requestId: id,
    seen: (await activities.readActs({ requestId: id, seen: NOTHING_SEEN })).seen,
  });

  async function approved(changes: object, studentId?: string): Promise<Story> {
    const [school] = withinACounty(demo);
    const details = { changes, proofReceivedOn: system.time.today() };
    const story = await Story.within(system, demo, school, {
      kind: 'infoCorrection',
      studentId: studentId ?? withCard(demo, school).id,
      details,
    });
    await decided(story);
    return story;
  }

  async function decided(story: Story): Promise<void> {
    for (const step of ['school', 'authority']) {
      await activities.openTask({ ...(await ask(story)), step, visit: 1, supplement: false });
      expect((await story.decide('approve', { step })).status).toBe(200);
    }
  }

  /** Twice at once, again as it was asked, and again as it is asked now: the first changes what there is to change. */
  async function appliedOnce(story: Story): Promise<void> {
    const before = await ask(story);
    await Promise.all([activities.applyChange(before), activities.applyChange(before)]);
    const once = await fingerprint();
    expect((await kinds(story)).filter((kind) => kind === 'effected')).toHaveLength(1);
    await activities.applyChange(before);
    await activities.applyChange(await ask(story));
    expect(await fingerprint()).toEqual(once);
  }

  it('changes the student once', async () => {
    const story = await approved({ name: '重复一次', ethnicGroup: '30' });
    await system.checkIdentities();
    await appliedOnce(story);
    const facts = await asOwner<{ fact: string; n: number }[]>(
      system,
      `select fact, count(*)::int as n from student_fact where student_id = $1 and fact not like 'guardian%' group by fact order by fact`,
      [story.studentId],
    );
    expect(facts).toEqual([
      { fact: 'ethnicGroup', n: 2 },
      { fact: 'name', n: 2 },
    ]);
  });

  it('changes study data once, with one version of the enrolment (A11)', async () => {
    const [school] = withinACounty(demo);
    const details = { majorDirection: '移动应用开发' };
    const story = await Story.within(system, demo, school, { kind: 'studyCorrection', details });
    await decided(story);
    await appliedOnce(story);
    const versions = await asOwner<{ direction: string | null }[]>(
      system,
      `select v.major_direction as direction from enrolment_version v join enrolment e on e.id = v.enrolment_id
       where e.student_id = $1 order by v.seq`,
      [story.studentId],
    );
    expect(versions).toEqual([{ direction: null }, { direction: '移动应用开发' }]);
  });

  it('waits for the first answer of the population service without parking, then parks, once', async () => {
    const story = await approved({ name: '等待答复' });
    const early = await activities.applyChange(await ask(story));
    expect(early).toMatchObject({ acts: [], retryAfter: expect.any(Number) });
    await system.time.pass(61_000);
    await activities.applyChange(await ask(story));
    await activities.applyChange(await ask(story));
    expect((await kinds(story)).filter((kind) => kind === 'parked')).toEqual(['parked']);
    expect((await story.show()).hold).toMatchObject({ kind: 'effectParked', cause: 'identity-service-unavailable' });
  });

  it('is asked of the service by one worker, once, and an answer that says nothing new is no new act', async () => {
    identity.answer = 'unavailable';
    const story = await approved({ name: '核验一次' });
    identity.asked.length = 0;
    await Promise.all([system.checkIdentities(), system.checkIdentities()]);
    expect(identity.asked.filter(({ name }) => name === '核验一次')).toHaveLength(1);
    await system.time.pass(3_600_000);
    await system.checkIdentities();
    expect(identity.asked.filter(({ name }) => name === '核验一次')).toHaveLength(2);
    expect((await kinds(story)).filter((kind) => kind === 'identityChecked')).toHaveLength(1);
    await activities.applyChange(await ask(story));
    expect((await story.show()).hold).toMatchObject({ cause: 'identity-service-unavailable' });
  });

  it('parks with the cause when another takes the document between the look and the writing', async () => {
    const [school] = withinACounty(demo);
    const student = withCard(demo, school);
    const documentNumber = anotherCard(student);
    const story = await approved({ documentType: 'residentId', documentNumber }, student.id);
    await system.checkIdentities();
    const other = await takes(system, { documentType: 'residentId', documentNumber }, demo.student(school.id));
    const applying = activities.applyChange(await ask(story));
    await other.waitedFor();
    await other.commit();
    await applying;
    expect((await story.show()).hold).toMatchObject({ kind: 'effectParked', cause: 'document-in-use' });
    expect((await kinds(story)).filter((kind) => kind === 'parked')).toEqual(['parked']);
  });

  it('holds no lock while the service is slow: the case is decided meanwhile', async () => {
    const [school] = withinACounty(demo);
    const details = { changes: { name: '缓慢核验' }, proofReceivedOn: system.time.today() };
    const story = await Story.within(system, demo, school, { kind: 'infoCorrection', studentId: withCard(demo, school).id, details });
    let answer = (): void => undefined;
    const slow = new Promise<'matched'>((resolve) => (answer = () => resolve('matched')));
    identity.check = () => slow;
    const asking = system.checkIdentities();
    await activities.openTask({ ...(await ask(story)), step: 'school', visit: 1, supplement: false });
    expect((await story.decide('approve', { step: 'school' })).status).toBe(200);
    answer();
    await asking;
    expect(await kinds(story)).toEqual(['filed', 'opened', 'decided', 'identityChecked']);
  });
});
