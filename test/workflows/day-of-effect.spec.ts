import { addDays, dateOf, instantOf } from '../../src/domain/working-days.js';
import { as, type ApiClient } from '../fixtures/client.js';
import {
  acrossCities,
  acrossCounties,
  acrossProvinces,
  Demonstration,
  withinACounty,
  type DemoOrganisation,
} from '../fixtures/demonstration.js';
import { UNTIL } from '../fixtures/dates.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { stageOf, standing } from '../fixtures/process.js';
import { Story, until, type Detail } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { Telling } from '../fixtures/telling.js';

interface Stands {
  state: string;
  schoolId: string;
  enrolments: { state: string; validFrom: string; validTo: string | null; school: { id: string } }[];
}
const reason = { reason: '按规定办理' };

describe('a change takes effect on its day (A20)', () => {
  let system: System;
  let demo: Demonstration;
  let day: string;
  const waiting: Record<string, Story> = {};
  const again: Record<string, Story> = {};
  const withdrawn: { row: object }[] = [];
  beforeAll(async () => {
    system = await startSystem({ engine: 'time-skipping' });
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    day = addDays(system.time.today(), 3);
  });
  afterAll(() => system?.stop());

  const clerkAt = (school: DemoOrganisation) => as(system, demo.holder(school.id, 'schoolClerk'));
  const dossier = async (client: ApiClient, { studentId }: Story, query = '') => {
    const { status, body } = await client.get<Stands>(`/students/${studentId}/dossier${query}`);
    return { status, ...body };
  };
  const effectedAt = ({ timeline }: Detail) => {
    const found = timeline.find(({ kind }) => kind === 'effected') as { at: string; effectiveOn: string } | undefined;
    return found && { at: Date.parse(found.at), on: found.effectiveOn };
  };
  const suspension = (school: DemoOrganisation, details = {}) =>
    Story.within(system, demo, school, { kind: 'suspension', details: { ground: 'illness', until: UNTIL, effectiveOn: day, ...details } });
  const waits = { state: 'open', processing: false, hold: { kind: 'awaitingEffect', cause: 'not-yet-in-force' }, currentTasks: [] };

  it('waits for it after the last approval, visibly, and the student stands until then where he stood', async () => {
    const [source, destination] = acrossProvinces(demo);
    const story = await Story.transfer(system, demo, [source, destination], {
      details: { destinationSchoolId: destination.id, effectiveOn: day },
    });
    expect(await story.approveAll()).toMatchObject({ ...waits, hold: { ...waits.hold, until: day } });
    waiting.transfer = story;
    expect(await dossier(story.filer, story)).toMatchObject({ state: 'active', schoolId: source.id });
    expect((await dossier(await clerkAt(destination), story)).status).toBe(404);
    await until(
      () => stageOf(story),
      (stage) => stage?.join() === 'awaitingEffect',
      'the stage that says so',
    );
    const { items } = (await story.filer.get<{ items: { id: string }[] }>('/change-requests?hold=awaitingEffect')).body;
    expect(items.map(({ id }) => id)).toContain(story.id);
  });

  it('bars other changes meanwhile, as every open request does', async () => {
    const { filer, studentId } = waiting.transfer as Story;
    const other = { kind: 'suspension', studentId, details: { ground: 'illness', until: UNTIL }, evidenceIds: [await filer.evidence()] };
    expect(await filer.post('/change-requests', { ...other, ...reason })).toMatchObject({
      status: 409,
      body: { code: 'change-already-open' },
    });
  });

  it('waits as well for the first day that the destination school names, and for the day of a suspension or a withdrawal', async () => {
    const placed = await Story.transfer(system, demo, acrossCounties(demo));
    await placed.decide('approve', { step: 'sourceSchool' });
    await placed.decide('approve', { step: 'destinationSchool', data: { firstDay: day } });
    expect(await placed.approveAll()).toMatchObject({ ...waits, hold: { until: day } });
    const [school] = withinACounty(demo);
    const suspended = await suspension(school);
    expect(await suspended.approveAll()).toMatchObject(waits);
    const withdrawn = await Story.within(system, demo, school, {
      kind: 'withdrawal',
      details: { ground: 'ownApplication', effectiveOn: day },
    });
    expect(await withdrawn.approveAll()).toMatchObject(waits);
    for (const story of [placed, suspended, withdrawn]) expect(await dossier(story.filer, story)).toMatchObject({ state: 'active' });
    Object.assign(waiting, { placed, suspended, withdrawn });
  });

  it('of the past takes effect at once, and on the very day that was named', async () => {
    const [school] = withinACounty(demo);
    const on = addDays(system.time.today(), -20);
    const story = await suspension(school, { effectiveOn: on });
    const detail = await story.approveAll();
    expect([detail.state, effectedAt(detail)?.on]).toEqual(['approved', on]);
    expect(await dossier(story.filer, story, `?asOf=${on}`)).toMatchObject({ state: 'suspended' });
    expect(await dossier(story.filer, story, `?asOf=${addDays(on, -1)}`)).toMatchObject({ state: 'active' });
  });

  it('is not moved to another day by what was on record already: who died before a later change died on that day', async () => {
    const [school] = withinACounty(demo);
    const diedOn = addDays(system.time.today(), -20);
    const story = await suspension(school, { effectiveOn: addDays(diedOn, 10) });
    await story.approveAll();
    const { studentId } = story;
    const died = await Story.within(system, demo, school, { kind: 'death', studentId, details: { diedOn } });
    expect(effectedAt(await died.approveAll())?.on).toBe(diedOn);
    for (const asOf of [diedOn, addDays(diedOn, 10), addDays(diedOn, 15)])
      expect(await dossier(died.filer, died, `?asOf=${asOf}`)).toMatchObject({ state: 'deceased' });
    expect(await dossier(died.filer, died, `?asOf=${addDays(diedOn, -1)}`)).toMatchObject({ state: 'active' });
  });

  it('may be taken back until then by its filer or an operator, with a reason, and all who had decided are told', async () => {
    const telling = new Telling(system);
    const [school] = withinACounty(demo);
    const [recalled, cancelled] = [await suspension(school), await suspension(school)];
    const authority = await as(system, demo.holder(school.parentId ?? '', 'authorityReviewer'));
    const reviewer = await as(system, demo.holder(school.id, 'schoolReviewer'));
    for (const story of [recalled, cancelled]) expect(await story.approveAll()).toMatchObject(waits);
    expect(await recalled.filer.post(`/change-requests/${recalled.id}/recall`, reason)).toMatchObject({ status: 200 });
    const operator = await as(system, 'operator');
    expect(await operator.post(`/change-requests/${cancelled.id}/cancellation`, reason)).toMatchObject({ status: 200 });
    await until(
      () => Promise.all([recalled.show(), cancelled.show()]),
      (shown) => shown.map(({ state }) => state).join() === 'recalled,cancelled',
      'both to have ended',
    );
    await telling.now();
    for (const story of [recalled, cancelled]) {
      const told = async (client: ApiClient) => (await telling.of(client, story)).map(({ kind }) => kind);
      expect(await told(authority)).toContain('scheduledTakenBack');
      expect(await told(reviewer)).toContain('scheduledTakenBack');
      expect(await told(story.filer)).toContain('requestScheduled');
      expect(await dossier(story.filer, story)).toMatchObject({ state: 'active' });
      expect((await standing(story)).acts.filter(({ kind }) => kind === 'effected')).toEqual([]);
    }
  });

  it('is superseded by a death that takes effect meanwhile', async () => {
    const [school] = withinACounty(demo);
    const story = await suspension(school);
    await story.approveAll();
    const { studentId } = story;
    const died = await Story.within(system, demo, school, { kind: 'death', studentId, details: { diedOn: system.time.today() } });
    expect(await story.show()).toMatchObject({ state: 'open', hold: { kind: 'paused', cause: 'death' } });
    expect(await died.approveAll()).toMatchObject({ state: 'approved' });
    await until(
      () => story.show(),
      ({ state }) => state === 'superseded',
      'the death to have superseded it',
    );
  });

  it('is judged again on its day by what its filing asked, of how things stand then', async () => {
    const [school] = withinACounty(demo);
    const major = { majorCode: '790302', ground: 'aptitude' };
    const changed = await Story.within(system, demo, school, { kind: 'changeMajor', details: { ...major, effectiveOn: day } });
    expect(await changed.approveAll()).toMatchObject(waits);
    const moved = await Story.transfer(system, demo, acrossCities(demo), {
      details: { destinationSchoolId: acrossCities(demo)[1].id, effectiveOn: day },
    });
    expect(await moved.approveAll()).toMatchObject(waits);
    Object.assign(again, { changed, moved });
    const [{ majorCode } = { majorCode: '' }] = await asOwner<{ majorCode: string }[]>(
      system,
      `select major_code as "majorCode" from enrolment where student_id = $1 and state = 'active'`,
      [moved.studentId],
    );
    for (const [schoolId, code] of [
      [school.id, '790302'],
      [moved.destination.id, majorCode],
    ])
      withdrawn.push(
        ...(await asOwner<{ row: object }[]>(
          system,
          'select to_jsonb(m) as row from school_major m where school_id = $1 and major_code = $2',
          [schoolId, code],
        )),
      );
    expect(withdrawn.length).toBeGreaterThan(1);
    await asOwner(system, 'delete from school_major where (school_id, major_code) in (($1, $2), ($3, $4))', [
      school.id,
      '790302',
      moved.destination.id,
      majorCode,
    ]);
  });

  it('begins at midnight in Shanghai and not before, and is judged again: a school that has closed since takes nobody', async () => {
    const { transfer, suspended } = waiting as { transfer: Story; suspended: Story };
    const [{ at } = { at: new Date(0) }] = await asOwner<{ at: Date }[]>(
      system,
      'select next_wake_at as at from process_cursor where request_id = $1',
      [transfer.id],
    );
    expect(at.getTime()).toBe(instantOf(day));
    const closing = await Story.transfer(system, demo, acrossCities(demo));
    await closing.decide('approve', { step: 'sourceSchool' });
    await closing.decide('approve', { step: 'destinationSchool', data: { firstDay: day } });
    await closing.approveAll();
    await asOwner(system, 'update organisation set closed_on = $2 where id = $1', [closing.destination.id, addDays(day, -1)]);
    await system.time.pass(instantOf(day) - system.time.now() - 5 * 60_000);
    expect(await transfer.show()).toMatchObject(waits);
    await system.time.pass(6 * 60_000);
    for (const story of Object.values(waiting)) {
      const detail = await until(
        () => story.show(),
        ({ state }) => state !== 'open',
        `the effect of ${story.id}`,
      );
      expect([detail.state, effectedAt(detail)?.on]).toEqual(['approved', day]);
      expect(dateOf(effectedAt(detail)?.at ?? 0)).toBe(day);
    }
    expect(await dossier(suspended.filer, suspended)).toMatchObject({ state: 'suspended' });
    const there = await clerkAt(transfer.destination);
    expect(await dossier(there, transfer)).toMatchObject({ state: 'active', schoolId: transfer.destination.id });
    expect(await dossier(there, transfer, `?asOf=${addDays(day, -1)}`)).toMatchObject({ state: 'active', schoolId: transfer.source.id });
    const parked = await until(
      () => closing.show(),
      ({ hold }) => hold?.kind === 'effectParked',
      'the closed school to be noticed',
    );
    expect(parked.hold).toMatchObject({ cause: 'destination-school-closed', message: '转入学校已撤销。' });
  });

  it('is not carried out where the school offers the major no longer, and is when it offers it again', async () => {
    for (const story of Object.values(again)) {
      const { hold } = await until(
        () => story.show(),
        (detail) => detail.hold?.kind === 'effectParked',
        'what does not hold to be noticed',
      );
      const words = { message: '本校未开设该专业。', remedy: expect.stringMatching('发起单位可以撤回申请，运维人员可以重试') };
      expect(hold).toMatchObject({ cause: 'major-not-offered', ...words });
    }
    await asOwner(system, 'update organisation set closed_on = null where id = $1', [again.moved?.destination.id]); // closed above
    await asOwner(system, 'insert into school_major select (jsonb_populate_record(null::school_major, m)).* from unnest($1::jsonb[]) m', [
      withdrawn.map(({ row }) => row),
    ]);
    await system.time.pass(11 * 60_000);
    for (const story of Object.values(again)) {
      const { state } = await until(
        () => story.show(),
        (detail) => detail.state !== 'open',
        'the effect',
      );
      expect(state).toBe('approved');
    }
  });
});
