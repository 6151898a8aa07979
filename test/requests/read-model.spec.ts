import { deadlineOf } from '../../src/domain/case/agenda.js';
import { holdOf, openTasks } from '../../src/domain/case/case.js';
import { isProcessing } from '../../src/domain/case/next.js';
import { calendarFor } from '../../src/domain/working-days.js';
import { CalendarStore } from '../../src/calendar/calendar.store.js';
import { inScope } from '../../src/platform/database/in-scope.js';
import { asAct, readCase } from '../../src/cases/cases.store.js';
import { findDiffering, expectedOf } from '../../src/cases/drift.js';
import { historyOf, stepsView } from '../../src/cases/rows.js';
import { as } from '../fixtures/client.js';
import { acrossCounties, Demonstration, withinACounty } from '../fixtures/demonstration.js';
import { Story } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';

interface TaskColumns {
  id: string;
  holder: string;
  office: string;
  version: number;
  assignee: string | null;
  claimant: string | null;
  delegate: string | null;
  workingDays: number;
  escalated: string[];
  due: string;
}

describe('the read model (invariant 9)', () => {
  let system: System;
  let demo: Demonstration;
  beforeAll(async () => {
    system = await startSystem();
    demo = await Demonstration.of(system);
  });
  afterAll(() => system?.stop());

  const ask = <T>(sql: string, id: string) => inScope(system.db, 'system', (tx) => tx.query<T[]>(sql, [id]));

  /** The request and its open tasks as they follow from the acts alone. */
  const fromTheActs = (id: string) =>
    inScope(system.db, 'system', async (tx) => {
      const loaded = await readCase(tx, id);
      if (!loaded) throw new Error('no such request');
      const { state, acts } = loaded;
      const calendars = await new CalendarStore().current(tx);
      const tasks = openTasks(state).map((task): TaskColumns => ({
        id: task.taskId,
        holder: task.holder,
        office: task.office,
        version: task.version,
        escalated: [...task.escalatedTo],
        assignee: task.assignee ?? null,
        claimant: task.claim?.by ?? null,
        delegate: task.delegation?.to ?? null,
        workingDays: task.workingDays,
        due: deadlineOf(calendarFor(calendars, task), task).dueDate,
      }));
      const kinds = new Set(acts.map(({ kind }) => kind));
      const last = { lastSeq: acts.at(-1)?.seq, lastProcessSeq: state.seen };
      const view = {
        state: state.closed ?? 'open',
        version: state.version,
        hold: holdOf(state),
        processing: isProcessing(state),
        objected: kinds.has('objected'),
        ...last,
      };
      return { request: { ...view, steps: JSON.parse(JSON.stringify(stepsView(state))) as unknown }, tasks };
    });

  const asStored = async (id: string) => {
    const [request] = await ask(
      `select state, version, hold, processing, objected, steps, last_seq as "lastSeq", last_process_seq as "lastProcessSeq"
        from change_request where id = $1`,
      id,
    );
    const tasks = await ask<TaskColumns>(
      `select id, holder_id as holder, office, version, assignee_id as assignee, claimant_id as claimant, delegate_id as delegate,
        working_days as "workingDays", escalated_to as escalated, to_char(due_date, 'YYYY-MM-DD') as due
       from task where request_id = $1 and state = 'open' order by id`,
      id,
    );
    return { request, tasks };
  };

  const rebuilds = async (story: Story) => {
    await story.settled();
    expect(await fromTheActs(story.id)).toEqual(await asStored(story.id));
    expect(await driftOf(story.id)).toEqual([]);
  };

  /** As the worker compares: every column that acts decide, of the ended tasks too. */
  const driftOf = (id: string) =>
    inScope(system.db, 'system', async (tx) => {
      const loaded = await readCase(tx, id);
      const history = historyOf((loaded?.acts ?? []).map(asAct));
      return findDiffering(tx, [expectedOf(id, history, await new CalendarStore().current(tx), true)]);
    });

  it('is what the acts alone say, after every move of a case', async () => {
    const story = await Story.transfer(system, demo, acrossCounties(demo));
    await rebuilds(story);
    const task = await story.task('sourceSchool');
    const reviewer = await story.reviewer(task);
    expect((await reviewer.post(`/tasks/${task.id}/claim`)).status).toBe(200);
    await rebuilds(story);
    const said = { objector: 'guardian', objection: '监护人未签字' };
    expect((await story.filer.post(`/change-requests/${story.id}/objections`, said)).status).toBe(200);
    await rebuilds(story);
    expect((await story.decide('return', { opinion: '缺材料' })).status).toBe(200);
    await rebuilds(story);
    const supplement = { evidenceIds: [await story.filer.evidence()], note: '已补齐' };
    expect((await story.filer.post(`/change-requests/${story.id}/supplement`, supplement)).status).toBe(200);
    await rebuilds(story);
    expect((await story.approveAll()).state).toBe('approved');
    await rebuilds(story);
  });

  it('is what the acts alone say after each move of an operator, a delegation, a retraction and a return to a step', async () => {
    const story = await Story.transfer(system, demo, acrossCounties(demo));
    const operator = await as(system, 'operator');
    const done = async (answer: Promise<{ status: number }>) => {
      expect((await answer).status).toBe(200);
      await rebuilds(story);
    };
    const { id: taskId, ...task } = await story.task('sourceSchool');
    const [one, other] = [await story.reviewer(task), await story.reviewer(task, 1)];
    const { body: colleague } = await other.get<{ id: string }>('/me');
    const asked = (what: string, body: object) => operator.post(`/change-requests/${story.id}/${what}`, { reason: '裁定', ...body });
    await done(asked('deadline', { taskId, workingDays: 4 }));
    await done(one.post(`/tasks/${taskId}/delegation`, { to: colleague.id, question: '请说明' }));
    await done(other.post(`/tasks/${taskId}/delegation/answer`, { answer: '是' }));
    await done(one.post(`/tasks/${taskId}/decision`, { verdict: 'approve', opinion: '', version: task.version }));
    await done(one.post(`/tasks/${taskId}/retraction`, { reason: '误点' }));
    await done(asked('pause', { cause: 'courtOrder' }));
    await done(asked('continuation', {}));
    await done(story.decide('approve'));
    const elsewhere = demo.schools().find(({ id }) => id !== story.source.id && id !== story.destination.id);
    await done(asked('reroute', { step: 'destinationSchool', to: elsewhere?.id }));
    await done(story.decide('approve'));
    const { version, ...third } = await story.task('sourceAuthority');
    const back = { verdict: 'return', opinion: '重办', version, to: 'sourceSchool', missing: ['印章'] };
    await done((await story.reviewer(third)).post(`/tasks/${third.id}/decision`, back));
    await done(asked('cancellation', {}));
  });

  it('is what the acts alone say of a rejected, a recalled and an escalated case', async () => {
    const [rejected, recalled, silent] = [
      await Story.transfer(system, demo, withinACounty(demo)),
      await Story.transfer(system, demo, withinACounty(demo)),
      await Story.transfer(system, demo, acrossCounties(demo)),
    ];
    await rejected.decide('reject', { opinion: '不符合条件' });
    await recalled.filer.post(`/change-requests/${recalled.id}/recall`, { reason: '家长改变主意' });
    await silent.task();
    await system.time.pass(25 * 24 * 3_600_000);
    for (const story of [rejected, recalled]) await rebuilds(story);
    const { tasks } = await fromTheActs(silent.id);
    expect(tasks[0]?.escalated).not.toHaveLength(0);
    expect((await asStored(silent.id)).tasks).toEqual(tasks);
    expect(await driftOf(silent.id)).toEqual([]);
  });

  it('shows the request to holders of its tasks and to whom they were escalated, as row-level security takes for granted', async () => {
    const [all] = await inScope(system.db, 'system', (tx) =>
      tx.query<{ tasks: number; escalated: number; unseen: number }[]>(
        `select count(*)::int as tasks, (count(*) filter (where t.escalated_to <> '{}'))::int as escalated,
           (count(*) filter (where not r.seen_by @> (array[t.holder_id] || t.escalated_to)))::int as unseen
         from task t join change_request r on r.id = t.request_id`,
      ),
    );
    expect(all?.unseen).toBe(0);
    expect(all?.tasks).toBeGreaterThan(8);
    expect(all?.escalated).toBeGreaterThan(0);
  });
});
