import { randomUUID } from 'node:crypto';
import { addDays } from '../../src/domain/working-days.js';
import { ByHand } from '../fixtures/by-hand.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { Demonstration, withinACounty, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner } from '../fixtures/owner.js';
import { unmasked } from '../fixtures/unmasked.js';
import { startSystem, type System } from '../fixtures/system.js';
import { UNTIL } from '../fixtures/dates.js';

interface Dossier {
  studentNumber: string;
  documentNumber: string;
  birthDate: string;
  mergedInto: string | null;
  mergedFrom: string[];
  evidence: { joinedAt: string }[];
}

describe('who sees what of a dossier', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let clerk: ApiClient;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none', worker: false });
    demo = await Demonstration.of(system);
    [school] = withinACounty(demo);
    clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
  });
  afterAll(() => system?.stop());

  const dossier = async (id: string, by = clerk, query = '') => (await by.get<Dossier>(`/students/${id}/dossier${query}`)).body;
  const above = (level: string) => as(system, demo.holder(demo.at(school, level) ?? '', 'authorityReviewer'));

  it('numbers and birth date are masked for everybody, so that none is had from what stands beside it (R-29)', async () => {
    const id = demo.student(school.id);
    const { documentNumber, studentNumber, birthDate } = await unmasked(clerk, id);
    expect([studentNumber, birthDate]).toEqual([`G${documentNumber}`, expect.stringMatching(/^\d{4}-\d\d-\d\d$/)]);
    const masked = {
      documentNumber: `${'*'.repeat(16)}${documentNumber.slice(-2)}`,
      studentNumber: `G${'*'.repeat(16)}${documentNumber.slice(-2)}`,
      birthDate: `${birthDate.slice(0, 4)}-**-**`,
    };
    const competent = await as(system, demo.holder(school.parentId ?? '', 'authorityReviewer'));
    for (const by of [clerk, competent, await above('province'), await above('national')]) {
      expect(await dossier(id, by)).toMatchObject(masked);
      const shown = JSON.stringify((await by.get(`/students/${id}`)).body);
      for (const whole of [documentNumber, birthDate, documentNumber.slice(0, 6), documentNumber.slice(-4)])
        expect(shown).not.toContain(whole);
    }
    const { body } = await (await above('province')).post<Dossier>('/students/lookup', { studentNumber });
    expect(body).toMatchObject(masked);
  });

  describe('values shown whole', () => {
    const ask = (by: ApiClient, id: string, reason = '核对毕业证书信息', key: string = randomUUID()) =>
      by.post(`/students/${id}/unmaskings`, { reason }, key);

    it('are for a reason, at the student’s school and its authority, and leave an act and a line for the supervisors', async () => {
      const id = demo.student(school.id);
      expect(await ask(clerk, id, '')).toMatchObject({ status: 422, body: { errors: [{ pointer: '/reason' }] } });
      const [elsewhere] = demo.schools().filter((one) => one.id !== school.id);
      for (const [by, status, code] of [
        [await above('province'), 403, 'not-your-office'],
        [await as(system, demo.holder(elsewhere?.id ?? '', 'schoolClerk')), 404, 'not-found'],
        [await as(system, demo.holder(school.parentId ?? '', 'orgAdmin')), 404, 'not-found'],
        [await as(system, 'operator'), 404, 'not-found'],
      ] as const)
        expect(await ask(by, id)).toMatchObject({ status, body: { code } });
      const { status, body } = await ask(clerk, id);
      expect([status, body.studentNumber]).toEqual([201, `G${body.documentNumber}`]);
      const acts = `select kind, office, body from act where stream_id = $1 and kind = 'unmasked'`;
      expect(await asOwner(system, acts, [id])).toEqual([{ kind: 'unmasked', office: 'schoolClerk', body: { unmaskingId: body.id } }]);
      const supervisor = await as(system, demo.holder(school.parentId ?? '', 'authoritySupervisor'));
      const { items } = (await supervisor.get<{ items: { id: string }[] }>('/supervision/unmaskings')).body;
      const line = { office: 'schoolClerk', organisation: { id: school.id }, student: { id }, reason: '核对毕业证书信息' };
      expect(items.find((one) => one.id === body.id)).toMatchObject(line);
      expect((await clerk.get('/supervision/unmaskings')).status).toBe(403);
    });

    it('are shown again to the same request for a few minutes, and counted once', async () => {
      const id = demo.student(school.id);
      const first = await ask(clerk, id, '核对毕业证书信息', 'once');
      expect((await ask(clerk, id, '核对毕业证书信息', 'once')).body).toEqual(first.body);
      const [kept] = await asOwner<{ n: number }[]>(system, 'select count(*)::int as n from unmasking where student_id = $1', [id]);
      expect(kept).toEqual({ n: 1 });
      await system.time.pass(11 * 60_000);
      expect(await ask(clerk, id, '核对毕业证书信息', 'once')).toMatchObject({ status: 409, body: { code: 'answer-not-kept' } });
    });
  });

  it.each(['suspended', 'withdrawn', 'graduated', 'completed'])(
    'a student who is %s studied until then, and the dossier says so for every day',
    async (state) => {
      const one = async () => {
        const id = demo.student(school.id, state);
        const { enrolment } = (await clerk.get<{ enrolment: { since: string; validFrom: string } }>(`/students/${id}`)).body;
        return { ...enrolment, id };
      };
      let { id, since, validFrom } = await one();
      // Who was suspended on the day of entry never studied.
      for (let tries = 0; since === validFrom && tries < 10; tries += 1) ({ id, since, validFrom } = await one());
      const stood = async (day: string) => (await clerk.get<{ state: string | null }>(`/students/${id}/dossier?asOf=${day}`)).body.state;
      expect(since > validFrom).toBe(true);
      expect(await Promise.all([addDays(validFrom, -1), validFrom, addDays(since, -1), since, addDays(since, 30)].map(stood))).toEqual([
        null,
        'active',
        'active',
        state,
        state,
      ]);
    },
  );

  it('evidence that joined later is unknown by what was on record before', async () => {
    const id = demo.student(school.id);
    const before = new Date(system.time.now() - 1000).toISOString();
    const filed = await clerk.post<{ id: string }>('/change-requests', {
      kind: 'suspension',
      studentId: id,
      reason: '因病',
      details: { ground: 'illness', until: UNTIL },
      evidenceIds: [await clerk.evidence()],
    });
    await asOwner(system, `insert into dossier_evidence select student_id, evidence_ids[1], id, $2 from change_request where id = $1`, [
      filed.body.id,
      new Date(system.time.now()),
    ]);
    expect((await dossier(id)).evidence).toMatchObject([{ name: '转学申请.pdf', size: expect.any(Number), type: 'application/pdf' }]);
    expect((await dossier(id, clerk, `?recordedBy=${encodeURIComponent(before)}`)).evidence).toEqual([]);
    const hourLater = new Date(system.time.now() + 3_600_000).toISOString();
    expect((await dossier(id, clerk, `?recordedBy=${encodeURIComponent(hourLater)}`)).evidence).toHaveLength(1);
  });

  it('a dossier that a ruling linked to another names it, and the other names it, where both are in sight', async () => {
    const [one, other, elsewhere] = [demo.student(school.id), demo.student(school.id), demo.student(demo.schools().at(-1)?.id ?? '')];
    await asOwner(system, 'update student set merged_into = $2 where id = $1', [one, other]);
    await asOwner(system, 'update student set merged_into = $2 where id = $1', [elsewhere, one]);
    expect(await dossier(one)).toMatchObject({ mergedInto: other, mergedFrom: [] });
    expect(await dossier(other)).toMatchObject({ mergedInto: null, mergedFrom: [one] });
    expect(await dossier(one, await above('national'))).toMatchObject({ mergedInto: other, mergedFrom: [elsewhere] });
  });

  it('a student with two enrolments in sight is listed once, the held one first, and on one page', async () => {
    const [left, back] = [demo.student(school.id), demo.student(school.id)];
    for (const id of [left, back]) {
      await asOwner(system, `update enrolment set state = 'withdrawn', valid_to = since, changed_at = now() where student_id = $1`, [id]);
      await asOwner(
        system,
        `insert into enrolment (id, student_id, school_id, state, major_code, grade, class_name, study_mode, length_years, enrolled_on,
          expected_leaving_on, valid_from, since, recorded_at, changed_at)
         select gen_random_uuid(), student_id, school_id, 'active', major_code, grade, class_name, study_mode, length_years, enrolled_on,
           expected_leaving_on, since, since, now(), now()
         from enrolment where student_id = $1`,
        [id],
      );
    }
    const listed: { id: string; state: string }[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
      const { body }: { body: { items: typeof listed; nextCursor: string | null } } = await clerk.get(`/students?limit=3${query}`);
      listed.push(...body.items);
      cursor = body.nextCursor;
    }
    expect(new Set(listed.map(({ id }) => id)).size).toBe(listed.length);
    for (const id of [left, back]) expect(listed.filter((one) => one.id === id)).toMatchObject([{ state: 'active' }]);
    const [{ n } = { n: 0 }] = await asOwner<{ n: number }[]>(
      system,
      `select count(distinct student_id)::int as n from enrolment where school_id = $1 and state <> 'transferredOut'`,
      [school.id],
    );
    expect(listed).toHaveLength(n);
  });

  it('a timeline finds its organisations by key', async () => {
    const filed = await clerk.post<{ id: string }>('/change-requests', {
      kind: 'suspension',
      studentId: demo.student(school.id),
      reason: '因病',
      details: { ground: 'illness', until: UNTIL },
      evidenceIds: [await clerk.evidence()],
    });
    await new ByHand(system).settle(filed.body.id);
    const { body } = await clerk.get<{ timeline: { kind: string; holder?: { id: string } }[] }>(`/change-requests/${filed.body.id}`);
    expect(body.timeline.find(({ kind }) => kind === 'opened')?.holder?.id).toBe(school.id);
  });
});
