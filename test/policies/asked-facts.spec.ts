import type { OptionalRule } from '../../src/domain/policy/policy.js';
import { addDays } from '../../src/domain/working-days.js';
import { ByHand } from '../fixtures/by-hand.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { Demonstration, withinACounty, type DemoOrganisation } from '../fixtures/demonstration.js';
import { ProvinceOffice } from '../fixtures/packs.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { TermAt } from '../fixtures/terms.js';

describe('rules that a province switches on, asked of what is on record', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let destination: DemoOrganisation;
  let office: ProvinceOffice;
  let clerk: ApiClient;
  let process: ByHand;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false });
    demo = await Demonstration.of(system);
    [school, destination] = withinACounty(demo);
    office = await ProvinceOffice.over(system, demo, school);
    clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
    process = new ByHand(system);
  });
  afterAll(() => system?.stop());

  const RULES: Readonly<Record<string, { rules: readonly OptionalRule[] }>> = {
    transfer: { rules: ['noOpenIrregularity', 'similarMajor', 'sameLengthAndEntry'] },
    suspension: { rules: ['withinSuspendedTotal'] },
    repeatYear: { rules: ['withinRepeatShare'] },
  };
  let activated: Promise<string> | undefined;
  /** One version a day is in force: all of it with the first who asks. */
  const switchedOn = () => (activated ??= office.activated({ kinds: RULES, limits: { suspendedMonths: 12, repeatSharePercent: share() } }));
  /** About two students of the school. */
  const share = () => Math.ceil((100 * 2) / countOf(school.id));
  const told = async (kind: string, studentId: string, details: object = {}): Promise<string[]> => {
    const body = { kind, studentId, details, evidenceIds: [await clerk.evidence()] };
    const answer = await clerk.post<{ blockers: { code: string; pointer?: string }[] }>('/change-requests/precheck', body);
    return answer.body.blockers.map(({ code }) => code);
  };
  const approved = async (story: Story) => {
    for (;;) {
      const state = await process.settle(story.id);
      if (state.closed) return expect(state.closed).toBe('approved');
      expect((await story.decide('approve')).status).toBe(200);
    }
  };

  it('no transfer while an irregularity about the student has no outcome (A18), which a preview shows for those filed before', async () => {
    const studentId = demo.student(school.id);
    const transfer = () => told('transfer', studentId, { destinationSchoolId: destination.id });
    const supervisor = await as(system, demo.holder(school.parentId ?? '', 'authoritySupervisor'));
    const entry = { organisationId: school.id, studentId, category: 'falseRegistration', findings: '材料存疑' };
    const { status, body } = await supervisor.post('/irregularities', entry);
    expect(status).toBe(201);
    const before = await Story.within(system, demo, school, {
      kind: 'transfer',
      studentId,
      details: { destinationSchoolId: destination.id },
    });
    const pack = { kinds: { transfer: { rules: ['noOpenIrregularity' as const] } } };
    const { body: preview } = await office.drafter.post(`${await office.drafted(pack)}/preview`);
    expect(preview.cases.find(({ requestId }: { requestId: string }) => requestId === before.id)).toMatchObject({
      differs: true,
      would: { blockers: [{ code: 'irregularity-open' }] },
    });
    expect((await clerk.post(`/change-requests/${before.id}/recall`, { reason: '暂不转学' })).status).toBe(200);
    await process.settle(before.id);

    await switchedOn();
    expect(await transfer()).toEqual(['irregularity-open']);
    expect(await told('transfer', demo.student(school.id), { destinationSchoolId: destination.id })).toEqual([]);
    await supervisor.post(`/irregularities/${body.id}/outcome`, { outcome: 'unfounded', note: '查无实据' });
    expect(await transfer()).toEqual([]);
  });

  it('all suspensions of a student together are no longer than the limit, but for service in the army', async () => {
    const today = system.time.today();
    const studentId = await studying(school.id, addDays(today, -330));
    const within = (details: object, kind = 'suspension') => Story.within(system, demo, school, { kind, studentId, details });
    await withoutTerms(studentId);
    await approved(await within({ ground: 'illness', effectiveOn: addDays(today, -300), until: addDays(today, 20) }));
    await approved(await within({}, 'resumption'));
    await switchedOn();
    const until = (days: number, ground = 'illness') => told('suspension', studentId, { ground, until: addDays(today, days) });
    expect([await until(60), await until(70)]).toEqual([[], ['suspended-too-long']]);
    expect(await until(400, 'military')).toEqual([]);
    expect(await told('suspension', demo.student(school.id), { ground: 'illness', until: addDays(today, 70) })).toEqual([]);
  });

  it('what was undone counts no more: neither as a suspension, nor its days, nor in a preview (A19)', async () => {
    const today = system.time.today();
    const studentId = await studying(school.id, addDays(today, -330));
    await withoutTerms(studentId);
    const within = (kind: string, details: object) => Story.within(system, demo, school, { kind, studentId, details });
    const wrong = await within('suspension', { ground: 'illness', effectiveOn: addDays(today, -300), until: addDays(today, 20) });
    await approved(wrong);
    // From today on: until yesterday it stands on record.
    const undoing = { requestId: wrong.id, ground: 'enteredByMistake', effectiveOn: today };
    await approved(await within('reinstatement', undoing));
    await switchedOn();
    expect(await told('suspension', studentId, { ground: 'illness', until: addDays(today, 300) })).toEqual([]);
    const again = await within('suspension', { ground: 'illness', until: addDays(today, 300) });
    const pack = { kinds: { suspension: RULES.suspension }, limits: { suspensions: 1, suspendedMonths: 12 } };
    const { body: preview } = await office.drafter.post(`${await office.drafted(pack)}/preview`);
    const shown = preview.cases.find(({ requestId }: { requestId: string }) => requestId === again.id);
    expect(shown.would.blockers).toEqual([]);
    await approved(again);
    expect(await told('suspension', studentId, { ground: 'illness', until: addDays(today, 300) })).toContain('illegal-transition');
  });

  it('no more students of a school repeat a year in one year than the share, however many are filed at once', async () => {
    await switchedOn();
    const most = Math.floor((share() * countOf(school.id)) / 100);
    // One that was undone takes nobody's share (A19).
    const studentId = demo.student(school.id);
    const wrong = await Story.within(system, demo, school, { kind: 'repeatYear', studentId, details: {} });
    await approved(wrong);
    const undoing = { requestId: wrong.id, ground: 'enteredByMistake' };
    await approved(await Story.within(system, demo, school, { kind: 'reinstatement', studentId, details: undoing }));
    const common = { evidenceIds: [await clerk.evidence()], reason: '学业未完成' };
    const items = Array.from({ length: most + 2 }, () => ({ studentId: demo.student(school.id) }));
    const batch = async (more: object) => (await clerk.post('/change-requests/batch', { kind: 'repeatYear', common, items, ...more })).body;
    const expected = (status: string) => [...Array<string>(most).fill(status), 'refused', 'refused'];
    const statuses = ({ items: all }: { items: { status: string }[] }) => all.map(({ status }) => status);
    expect(statuses(await batch({ dryRun: true, mode: 'valid' }))).toEqual(expected('ready'));
    expect(statuses(await batch({ mode: 'valid' }))).toEqual(expected('filed'));
    expect(await told('repeatYear', demo.student(school.id))).toEqual(['repeat-share-used-up']);
    expect(await told('repeatYear', demo.student(school.id), { grade: '2020' })).toEqual(['grade-not-later', 'repeat-share-used-up']);
  });

  it('a destination school places who comes in a major of the same category', async () => {
    await switchedOn();
    const story = await Story.transfer(system, demo, [school, destination]);
    const { body } = await clerk.get(`/students/${story.studentId}`);
    const category = String(body.enrolment.majorCode).slice(0, 2);
    await process.settle(story.id);
    expect((await story.decide('approve', { step: 'sourceSchool' })).status).toBe(200);
    await process.settle(story.id);
    const [far, near] = [category === '71' ? '730701' : '710201', body.enrolment.majorCode];
    expect(await story.decide('approve', { step: 'destinationSchool', data: { majorCode: far } })).toMatchObject({
      status: 422,
      body: { code: 'major-not-similar', errors: [{ pointer: '/data/majorCode' }] },
    });
    expect((await story.decide('approve', { step: 'destinationSchool', data: { majorCode: near } })).status).toBe(200);
  });

  it('a destination school places who comes in an offer of the same length and entry conditions', async () => {
    await switchedOn();
    const story = await Story.transfer(system, demo, [school, destination]);
    const { majorCode, grade, studyMode } = (await clerk.get(`/students/${story.studentId}`)).body.enrolment;
    const there = await as(system, demo.holder(destination.id, 'schoolClerk'));
    type Filed = { majorCode: string; studyMode: string; lengthYears: number; entry: string };
    const offered = await there.get<Filed[]>(`/organisations/${destination.id}/majors?intake=${grade}`);
    const listed = offered.body.map((one) => ({
      majorCode: one.majorCode,
      studyMode: one.studyMode,
      lengthYears: one.lengthYears,
      entry: one.entry,
    }));
    const { body: catalogue } = await there.get<{ items: { code: string }[] }>('/code-sets/majors');
    const spare = catalogue.items
      .map(({ code }) => code)
      .find((code) => code.slice(0, 2) === majorCode.slice(0, 2) && !listed.some((one) => one.majorCode === code));
    const files = async (lengthYears: number, entry: string) => {
      const majors = [...listed, { majorCode: spare, studyMode, lengthYears, entry }];
      expect((await there.post(`/organisations/${destination.id}/majors`, { intake: grade, majors })).status).toBe(200);
    };
    const placed = () => story.decide('approve', { step: 'destinationSchool', data: { majorCode: spare } });
    await process.settle(story.id);
    expect((await story.decide('approve', { step: 'sourceSchool' })).status).toBe(200);
    await process.settle(story.id);
    const differs = { status: 422, body: { code: 'length-or-entry-differs', errors: [{ pointer: '/data/majorCode' }] } };
    await files(3, 'seniorMiddle');
    expect(await placed()).toMatchObject(differs);
    await files(4, 'juniorMiddle');
    expect(await placed()).toMatchObject(differs);
    await files(3, 'juniorMiddle');
    expect((await placed()).status).toBe(200);
  });

  /** Held students of a school. */
  const countOf = (schoolId: string): number =>
    demo.students.filter((one) => one.schoolId === schoolId && ['active', 'suspended'].includes(one.state)).length;

  /** A suspension covers no registered term (A20). */
  async function withoutTerms(studentId: string): Promise<void> {
    const reviewer = await as(system, demo.holder(school.parentId ?? '', 'authorityReviewer'));
    const { terms } = (await clerk.get<{ terms: { term: string; how: string }[] }>(`/students/${studentId}/dossier`)).body;
    for (const { term } of terms.filter(({ how }) => how === 'registered'))
      await new TermAt(reviewer, school.id, term).retract([studentId]);
  }

  /** A student who has studied at the school since before a day. */
  async function studying(schoolId: string, since: string): Promise<string> {
    for (;;) {
      const id = demo.student(schoolId);
      const { body } = await clerk.get(`/students/${id}`);
      if (body.enrolment.validFrom < since) return id;
    }
  }
});
