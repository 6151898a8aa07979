import { as } from '../fixtures/client.js';
import { acrossCounties, Demonstration } from '../fixtures/demonstration.js';
import { workflowOf } from '../fixtures/process.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

describe('the case of a batch', () => {
  let system: System;
  let demo: Demonstration;
  beforeAll(async () => {
    system = await startSystem({ engine: 'server' });
    demo = await Demonstration.of(system);
  });
  afterAll(() => system?.stop());

  it('is decided by the school, then by its authority where policy asks, and says what it is about', async () => {
    const [school] = acrossCounties(demo);
    const story = await Story.batch(system, demo, school, 'graduation', ['authority']);
    const task = await story.task('school');
    const reviewer = await story.reviewer(task);
    const { body } = await reviewer.get(`/tasks/${task.id}`);
    expect([body.kind, body.maskedName, body.batch, body.dataSchema.properties.rows.type]).toEqual([
      'graduation', null, '2026 autumn-1', 'array',
    ]); // prettier-ignore
    const subject = (await reviewer.get(`/tasks/${task.id}/subject`)).body;
    expect([subject.sides, subject.batch]).toEqual([[], expect.objectContaining({ kind: 'graduation', rows: 0, returned: 0 })]);
    const described = await (await workflowOf(story)).describe();
    expect([described.type, await described.staticSummary()]).toEqual(['graduation', `毕业结业 ${school.name} 2026 autumn-1`]);
    expect((await story.decide('approve')).status).toBe(200);
    expect((await story.decide('approve', { step: 'authority' })).status).toBe(200);
    expect(await story.settled()).toMatchObject({ state: 'approved', hold: null }); // it has no row
  });

  it('takes no rows that are not its own, and rows of no case of a student', async () => {
    const [school] = acrossCounties(demo);
    const rows = [{ row: '9e3b8136-9634-504a-984e-f340fb23cf18', verdict: 'return', reason: '照片不清' }];
    const batch = await Story.batch(system, demo, school, 'graduation');
    const strange = await batch.decide('approve', { data: { rows } });
    expect([strange.status, strange.body.errors]).toEqual([422, [expect.objectContaining({ pointer: '/data/rows/0/row' })]]);
    const student = await Story.within(system, demo, school, { kind: 'repeatYear' });
    const stray = await student.decide('approve', { data: { rows } });
    expect([stray.status, stray.body.errors]).toEqual([422, [expect.objectContaining({ pointer: '/data/rows' })]]);
  });

  it('may be recalled by its school, which may then submit it again', async () => {
    const [school] = acrossCounties(demo);
    const story = await Story.batch(system, demo, school, 'intake');
    await story.task('school');
    const clerk = await as(system, demo.holder(school.id, 'schoolClerk'));
    expect((await clerk.post(`/change-requests/${story.id}/recall`, { reason: '名单有误' })).status).toBe(200);
    expect((await story.settled()).state).toBe('recalled');
  });
});
