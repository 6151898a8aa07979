import { readCase } from '../../src/cases/cases.store.js';
import { reviewNextRows } from '../../src/intakes/effect.js';
import { inScope } from '../../src/platform/database/in-scope.js';
import { as, type ApiClient } from '../fixtures/client.js';
import { acrossProvinces, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { depsOf } from '../fixtures/graduations.js';
import { asOwner, staySignedIn } from '../fixtures/owner.js';
import { clerkAt, somebody } from '../fixtures/registrations.js';
import { until } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

/** A page of the effect and a half; the fixture makes no more different people. */
const ROWS = 330;

interface Shown {
  id: string;
  requestId: string;
  counts: Record<string, number>;
}

describe('an intake whose worker dies between the pages of its effect', () => {
  let system: System;
  let demo: Demonstration;
  let school: DemoOrganisation;
  let clerk: ApiClient;
  afterAll(() => system?.stop());

  async function approve(requestId: string, step: 'school' | 'authority'): Promise<void> {
    const [at, office] = step === 'school' ? [school.id, 'schoolReviewer'] : [school.parentId ?? '', 'authorityReviewer'];
    const reviewer = await as(system, demo.holder(at, office));
    const { body } = await until(
      () => clerk.get<{ currentTasks: { id: string; step: string; version: number }[] }>(`/change-requests/${requestId}`),
      (answer) => answer.body.currentTasks[0]?.step === step,
      `the task of the ${step}`,
    );
    const [task] = body.currentTasks;
    const decision = { verdict: 'approve', opinion: '同意', version: task?.version };
    expect((await reviewer.post(`/tasks/${task?.id}/decision`, decision)).status).toBe(200);
  }

  it('goes on with the next worker, and with a page that is made beside it: nobody is lost, nobody is registered twice', async () => {
    system = await startSystem({ engine: 'server', worker: false });
    await staySignedIn(system);
    demo = await Demonstration.of(system);
    [, school] = acrossProvinces(demo);
    clerk = await clerkAt(system, demo, school);
    const rows = Array.from({ length: ROWS }, () => somebody());
    const { body } = await clerk.post<{ intake: Shown; faulty: object[] }>('/intakes', { year: 2026, season: 'autumn', rows });
    expect([body.faulty, body.intake.counts.rows]).toEqual([[], ROWS]);
    const { id } = body.intake;
    await asOwner(
      system,
      `update student set authentication = 'confirmed' where id in (select student_id from registration where intake_id = $1)`,
      [id],
    );
    const first = await system.startWorker();
    const { requestId } = (await clerk.post<Shown>(`/intakes/${id}/submission`, { note: '请审核' })).body;
    for (const step of ['school', 'authority'] as const) await approve(requestId, step);
    const shown = async () => (await clerk.get<Shown>(`/intakes/${id}`)).body;
    await until(shown, ({ counts }) => (counts.registered ?? 0) > 0, 'the first page');
    await first.stop();
    const page = () =>
      inScope(system.db, 'process', async (tx) => {
        const loaded = await readCase(tx, requestId);
        return loaded && reviewNextRows(tx, depsOf(system), loaded);
      });
    await Promise.all([system.startWorker(), page(), page()]);
    const done = await until(shown, (intake) => intake.requestId === null, 'the end of the review');
    expect(done.counts).toMatchObject({ rows: ROWS, registered: ROWS });
    const [made] = await asOwner<{ acts: number; students: number; numbers: number }[]>(
      system,
      `select count(*)::int as acts, count(distinct a.stream_id)::int as students, count(distinct s.number_index)::int as numbers
       from act a join registration g on g.student_id = a.stream_id and g.intake_id = $1 join student s on s.id = g.student_id
       where a.kind = 'registered'`,
      [id],
    );
    expect(made).toEqual({ acts: ROWS, students: ROWS, numbers: ROWS });
  });
});
