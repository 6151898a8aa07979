import { aRegister, type ARegister } from '../fixtures/a-register.js';
import { askingRegister } from '../fixtures/asking-registers.js';
import { as } from '../fixtures/client.js';
import { acrossProvinces, Demonstration, type DemoOrganisation } from '../fixtures/demonstration.js';
import { asOwner } from '../fixtures/owner.js';
import { clerkAt, knownToTheService, somebody } from '../fixtures/registrations.js';
import { until } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

type Shown = { state: string; findings: string[]; registers: object[] };

describe('an intake, where registers of other schools are set up (R-08, R-10)', () => {
  let system: System;
  let demo: Demonstration;
  let here: DemoOrganisation;
  let register: ARegister;
  const said = new Map<string, object>();
  beforeAll(async () => {
    system = await startSystem({ engine: 'server' });
    demo = await Demonstration.of(system);
    [, here] = acrossProvinces(demo);
    register = await aRegister((question) => said.get(String(question.documentNumber)) ?? { result: 'none' });
  });
  afterAll(async () => {
    await system?.stop();
    register?.close();
  });

  /** The open task of a step is approved. */
  async function approve(requestId: string, at: string, office: 'schoolReviewer' | 'authorityReviewer') {
    const reviewer = await as(system, demo.holder(at, office));
    type Task = { id: string; requestId: string; version: number };
    const { body } = await until(
      () => reviewer.get<{ items: Task[] }>('/tasks?state=open&kind=intake'),
      (answer) => answer.body.items.some((task) => task.requestId === requestId),
      `the task of ${office}`,
    );
    const task = body.items.find((one) => one.requestId === requestId);
    const decided = await reviewer.post(`/tasks/${task?.id}/decision`, { verdict: 'approve', opinion: '同意', version: task?.version });
    expect(decided.status).toBe(200);
  }

  it('waits for their answers, registers whom none holds, and asks again about those on roll', async () => {
    const ask = await askingRegister(system, register);
    const clerk = await clerkAt(system, demo, here);
    const shown = async (id: string) => (await clerk.get<Shown>(`/registrations/${id}`)).body;
    const [plain, elsewhere] = [somebody(), somebody()] as [Record<string, unknown>, Record<string, unknown>];
    for (const one of [plain, elsewhere]) await knownToTheService(system, one);
    const { number } = elsewhere.document as { number: string };
    said.set(number, { result: 'held', holding: 'inStudy' });
    register.down = true;
    const opened = await clerk.post<{ intake: { id: string }; entered: { id: string }[] }>('/intakes', {
      year: 2026,
      season: 'autumn',
      rows: [plain, elsewhere],
    });
    const [first = '', second = ''] = opened.body.entered.map(({ id }) => id);
    const intake = opened.body.intake.id;
    await system.checkIdentities();
    const { requestId } = (await clerk.post<{ requestId: string }>(`/intakes/${intake}/submission`, { note: '请审核' })).body;
    await approve(requestId, here.id, 'schoolReviewer');
    await approve(requestId, here.parentId ?? '', 'authorityReviewer');
    await until(
      async () => (await clerk.get<{ items: { cause: string | null }[] }>(`/intakes/${intake}/rows`)).body.items,
      (rows) => rows.every(({ cause }) => cause === 'register-unanswered'),
      'the cause of each row',
    );
    await ask();
    expect((await shown(first)).state).toBe('pending');
    register.down = false;
    await system.time.pass(3_600_000);
    await ask();
    expect(await shown(first)).toMatchObject({ state: 'registered', registers: [{ register: 'seniorHigh', answer: 'none' }] });
    expect(await shown(second)).toMatchObject({ state: 'held', findings: ['otherRegister'] });
    said.delete(number);
    await system.time.pass(6 * 3_600_000 + 1000);
    await ask();
    expect(await shown(second)).toMatchObject({ state: 'registered', findings: [] });
    // On roll: a later round finds that another register holds the person too. That is a doubt of the school, and ends nothing.
    said.set(number, { result: 'held', holding: 'suspended' });
    await asOwner(system, `update other_register set round_began_at = now() - interval '31 days'`);
    const before = register.asked.length;
    await ask();
    const [{ n }] = (await asOwner(system, `select count(*)::int as n from enrolment where state in ('active', 'suspended')`)) as [
      { n: number },
    ];
    expect(register.asked.length - before).toBe(n);
    expect(await shown(second)).toMatchObject({ state: 'registered', registers: [{ answer: 'held', holding: 'suspended' }] });
    const reviewer = await as(system, demo.holder(here.id, 'schoolReviewer'));
    expect(await reviewer.get(`/data-checks/doubts?schoolId=${here.id}&rule=otherRegister`)).toMatchObject({
      body: { items: [{ rule: 'otherRegister', seen: { registers: { seniorHigh: 'suspended' } } }] },
    });
    await ask();
    expect(register.asked.length - before).toBe(n); // the round has ended
  });
});
