import {
  acrossCities,
  acrossCounties,
  acrossProvinces,
  cityRunAndProvinceRun,
  Demonstration,
  withinACounty,
} from '../fixtures/demonstration.js';
import { inScope } from '../../src/platform/database/in-scope.js';
import { addDays } from '../../src/domain/working-days.js';
import { as, refused, type ApiClient } from '../fixtures/client.js';
import { linesOfPdf } from '../fixtures/pdf.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

describe('a transfer between vocational schools (R-16, R-17)', () => {
  let system: System;
  let demo: Demonstration;
  beforeAll(async () => {
    system = await startSystem();
    demo = await Demonstration.of(system);
  });
  afterAll(() => system?.stop());

  it('goes through both schools and the one authority of a county, which decides once in both capacities', async () => {
    const story = await Story.transfer(system, demo, withinACounty(demo));
    const detail = await story.approveAll();
    expect(detail).toMatchObject({ state: 'approved', notices: [] });
    expect(detail.timeline.filter(({ kind }) => kind === 'decided').map(({ step }) => step)).toEqual([
      'sourceSchool',
      'destinationSchool',
      'sourceAuthority',
    ]);
  });

  it.each([
    ['counties of a city', acrossCounties],
    ['cities of a province', acrossCities],
    ['a city-run and a province-run school', cityRunAndProvinceRun],
  ])('goes through both schools and both authorities across %s', async (_, pair) => {
    const story = await Story.transfer(system, demo, pair(demo));
    const detail = await story.approveAll();
    expect(detail.state).toBe('approved');
    expect(detail.timeline.filter(({ kind }) => kind === 'decided').map(({ step }) => step)).toEqual([
      'sourceSchool',
      'destinationSchool',
      'sourceAuthority',
      'destinationAuthority',
    ]);
  });

  it('has on record who applied and when, not in the future (A21)', async () => {
    const application = { by: 'guardian', on: system.time.today() };
    const story = await Story.transfer(system, demo, withinACounty(demo), { application });
    const filed = await inScope(system.db, 'system', (tx) => tx.query('select body from act where stream_id = $1 and seq = 1', [story.id]));
    expect(filed).toMatchObject([{ body: { application } }]);
    const body = { kind: 'transfer', studentId: demo.student(story.source.id), details: { destinationSchoolId: story.destination.id } };
    const evidenceIds = [await story.filer.evidence()];
    const late = { ...body, evidenceIds, application: { by: 'guardian', on: addDays(application.on, 1) } };
    const { body: told } = await story.filer.post('/change-requests/precheck', late);
    expect(told).toMatchObject({ allowed: false, blockers: [{ code: 'date-in-future', pointer: '/application/on' }] });
    const refused = await story.filer.post('/change-requests', { ...late, reason: '家庭迁居' });
    expect(refused).toMatchObject({ status: 422, body: { code: 'date-in-future', errors: [{ pointer: '/application/on' }] } });
  });

  it('moves the student with the number unchanged and records the notices to both provinces, which block nothing', async () => {
    const story = await Story.transfer(system, demo, acrossProvinces(demo));
    const before = (await story.filer.get(`/students/${story.studentId}`)).body;
    const detail = await story.approveAll();
    expect(detail.state).toBe('approved');
    expect(detail.notices).toHaveLength(4);
    const destination = await as(system, demo.holder(story.destination.id, 'schoolClerk'));
    const { body: after } = await destination.get(`/students/${story.studentId}/dossier`);
    expect(after).toMatchObject({ studentNumber: before.studentNumber, schoolId: story.destination.id, state: 'active' });
    expect(after.enrolments.map(({ state }: { state: string }) => state)).toEqual(['active', 'transferredOut']);
    expect(after.evidence.map(({ evidenceId }: { evidenceId: string }) => evidenceId)).toEqual(detail.evidenceIds);
    const { body: past } = await story.filer.get(`/students/${story.studentId}`);
    expect(past).toMatchObject({ schoolId: story.source.id, state: 'transferredOut' });
  });

  describe('on paper (Art 3, R-02)', () => {
    const paper = async (by: ApiClient, story: Story, what: 'form' | 'transfer-letter') => {
      const address = `${system.url}/api/v1/change-requests/${story.id}/${what}`;
      const answer = await fetch(address, { headers: { Authorization: `Bearer ${by.token}` } });
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/pdf']);
      return Buffer.from(await answer.arrayBuffer());
    };
    const saidIn = (pdf: Buffer) => linesOfPdf(pdf).flat().join('');

    it('has a form with a box for the seal of each who decides, and after the effect a letter for the new school', async () => {
      const story = await Story.transfer(system, demo, acrossCounties(demo));
      const before = saidIn(await paper(story.filer, story, 'form'));
      for (const part of ['学籍异动审批表', '（转学）', '转出学校核办', '转入方学籍主管部门核办', '办理中']) expect(before).toContain(part);
      expect(before.split('盖章')).toHaveLength(6); // four steps and the check of the paper dossier
      expect(await story.filer.get(`/change-requests/${story.id}/transfer-letter`)).toMatchObject(refused(409, 'transfer-not-in-effect'));
      expect(await story.filer.post(`/change-requests/${story.id}/paper-check`)).toMatchObject(refused(409, 'change-not-in-effect'));
      await story.approveAll();
      const form = await paper(story.filer, story, 'form');
      expect((await paper(story.filer, story, 'form')).equals(form)).toBe(true);
      expect(saidIn(form)).toContain('已通过');
      const letter = saidIn(await paper(story.filer, story, 'transfer-letter'));
      for (const part of ['转学证明', story.source.name, story.destination.name, '学籍号不变']) expect(letter).toContain(part);
      const [stranger] = demo.schools().filter(({ id }) => id !== story.source.id && id !== story.destination.id);
      const elsewhere = await as(system, demo.holder(stranger!.id, 'schoolClerk'));
      expect(await elsewhere.get(`/change-requests/${story.id}/form`)).toMatchObject(refused(404, 'not-found'));
    });

    it('is checked once by the school that keeps the paper dossier now, not before the effect, and the form says by whom', async () => {
      const story = await Story.transfer(system, demo, withinACounty(demo));
      await story.approveAll();
      const keeper = await as(system, demo.holder(story.destination.id, 'schoolClerk'));
      const check = (by: ApiClient, on?: string) => by.post(`/change-requests/${story.id}/paper-check`, { on });
      const today = system.time.today();
      expect(await check(story.filer)).toMatchObject(refused(403, 'not-your-office'));
      expect(await check(keeper, addDays(today, 1))).toMatchObject(refused(422, 'date-in-future'));
      expect(await check(keeper, addDays(today, -1))).toMatchObject(refused(422, 'invalid-input'));
      expect(await check(keeper)).toMatchObject({ status: 200, body: { state: 'approved' } });
      expect(await check(keeper)).toMatchObject(refused(409, 'paper-already-checked'));
      const { timeline } = await story.show();
      expect(timeline.at(-1)).toMatchObject({ kind: 'paperChecked', on: today, by: { office: 'schoolClerk' } });
      expect(saidIn(await paper(story.filer, story, 'form'))).toContain('已核对');
    });
  });

  it('takes a first day of the placement in the range of a day of effect: since the enrolment, a year back or ahead (A20)', async () => {
    const story = await Story.transfer(system, demo, acrossCounties(demo));
    const { enrolment } = (await story.filer.get(`/students/${story.studentId}`)).body;
    await story.decide('approve', { step: 'sourceSchool' });
    const today = system.time.today();
    for (const firstDay of ['1990-01-01', enrolment.validFrom as string, addDays(today, -366), addDays(today, 366)])
      expect(await story.decide('approve', { step: 'destinationSchool', data: { firstDay } })).toMatchObject({
        status: 422,
        body: { code: 'effective-date-out-of-range', errors: [{ pointer: '/data/firstDay' }] },
      });
    expect((await story.decide('approve', { step: 'destinationSchool', data: { firstDay: addDays(today, 1) } })).status).toBe(200);
  });

  it('waits for a first day in the future, and until then nobody moves the student on', async () => {
    const story = await Story.transfer(system, demo, acrossCounties(demo));
    const firstDay = addDays(system.time.today(), 30);
    await story.decide('approve', { step: 'sourceSchool' });
    await story.decide('approve', { step: 'destinationSchool', data: { firstDay } });
    expect(await story.approveAll()).toMatchObject({ state: 'open', hold: { kind: 'awaitingEffect', until: firstDay } });
    const { studentId, source, destination, filer } = story;
    expect((await filer.get(`/students/${studentId}`)).body).toMatchObject({ schoolId: source.id, state: 'active' });
    const there = await as(system, demo.holder(destination.id, 'schoolClerk'));
    const back = { kind: 'transfer', studentId, details: { destinationSchoolId: source.id }, reason: '回原校' };
    expect(await there.post('/change-requests', { ...back, evidenceIds: [await there.evidence()] })).toMatchObject({ status: 404 });
    expect(await filer.post(`/change-requests/${story.id}/recall`, { reason: '家长改变主意' })).toMatchObject({ status: 200 });
  });
});
