import { CalendarStore } from '../../src/calendar/calendar.store.js';
import { inScope } from '../../src/platform/database/in-scope.js';
import { FieldCipher } from '../../src/platform/database/field-cipher.js';
import { logOf } from '../../src/platform/log.js';
import { asAct, lockCase, readCase, record, type CaseDeps } from '../../src/cases/cases.store.js';
import { DIFFERING, expectedOf } from '../../src/cases/drift.js';
import { ReadModelChecker, type Checked } from '../../src/cases/read-model-check.js';
import { historyOf } from '../../src/cases/rows.js';
import { ByHand } from '../fixtures/by-hand.js';
import { as } from '../fixtures/client.js';
import { Demonstration } from '../fixtures/demonstration.js';
import { asOwner } from '../fixtures/owner.js';
import { Story, until } from '../fixtures/story.js';
import { startSystem, type System } from '../fixtures/system.js';
import { UNTIL } from '../fixtures/dates.js';

const ROUND = 60_000;
const NOBODY = '00000000-0000-7000-8000-000000000001';

describe('the comparison of the read model with the acts (invariant 9)', () => {
  let system: System;
  let demo: Demonstration;
  let deps: CaseDeps;
  let stories: Story[];
  const logs: string[] = [];
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    demo = await Demonstration.of(system);
    deps = { clock: system.time, cipher: new FieldCipher(system.config.fieldKey, system.config.indexKey), calendar: new CalendarStore() };
    stories = [await halfWay(), await halfWay(), await halfWay()];
  });
  afterAll(() => system?.stop());

  /** A suspension that the school has approved and the authority not yet. */
  async function halfWay(): Promise<Story> {
    const school = demo.schools()[0]!;
    const story = await Story.within(system, demo, school, { kind: 'suspension', details: { ground: 'illness', until: UNTIL } });
    const byHand = new ByHand(system);
    await byHand.settle(story.id);
    await story.decide('approve');
    await byHand.settle(story.id);
    return story;
  }

  const checker = (size?: number) => {
    const log = logOf('test', 'info', { write: (line: string) => void logs.push(line) });
    return new ReadModelChecker({ ...deps, db: system.db, log }, size);
  };
  const untouched = (compared: number): Checked => ({ compared, doubted: 0, differed: 0 });
  /** A whole round, from the first request to the last. */
  async function round(): Promise<Checked> {
    await asOwner(system, `update read_model_check set after_id = null, began_at = '-infinity'`);
    return checker().pass();
  }
  const rows = () =>
    asOwner<{ request: unknown; tasks: unknown }[]>(
      system,
      `select to_jsonb(r) - 'seen_by' as request, (select array_agg(s order by s) from unnest(r.seen_by) s) as seen,
         (select jsonb_agg(t order by t.id) from task t where t.request_id = r.id) as tasks from change_request r order by r.id`,
    );
  const incidents = async () =>
    (await (await as(system, 'operator')).get<{ items: { requestId: string; found: string; runId: string }[] }>('/operations/incidents'))
      .body.items;

  it('finds no fault with what the product wrote', async () => {
    expect(await round()).toEqual(untouched(3));
    expect(await incidents()).toEqual([]);
  });

  const OPEN = `request_id = $1 and state = 'open'`;
  const DECIDED = `request_id = $1 and state = 'decided'`;
  it.each([
    ['request.state', `update change_request set state = 'approved', closed_at = now() where id = $1`],
    ['request.hold', `update change_request set hold = '{"kind":"paused"}' where id = $1`],
    ['request.processing', 'update change_request set processing = not processing where id = $1'],
    ['request.version', 'update change_request set version = version + 1 where id = $1'],
    ['request.steps', `update change_request set steps = '[]' where id = $1`],
    ['request.objected', 'update change_request set objected = true where id = $1'],
    ['request.evidence_ids', `update change_request set evidence_ids = '{}' where id = $1`],
    ['request.last_seq', 'update change_request set last_seq = 1 where id = $1'],
    ['request.last_process_seq', 'update change_request set last_process_seq = 1 where id = $1'],
    ['task.holder_id', `update task set holder_id = (select id from organisation where level = 'national') where ${OPEN}`],
    ['task.assignee_id', `update task set assignee_id = (select id from person order by id limit 1) where ${OPEN}`],
    ['task.escalated_to', `update task set escalated_to = array[holder_id] where ${OPEN}`],
    ['task.working_days', `update task set working_days = 90 where ${OPEN}`],
    ['task.budget', `update task set budget = '{"least":3,"limits":[{"workingDays":10,"used":[]}]}' where ${OPEN}`],
    ['task.due_date', `update task set due_date = due_date + 30 where ${OPEN}`],
    ['task.due_at', `update task set due_at = due_at + interval '1 hour' where ${OPEN}`],
    ['task.state', `update task set state = 'open' where ${DECIDED}`],
    ['task.verdict', `update task set verdict = 'reject' where ${DECIDED}`],
    ['task.decided_by', `update task set decided_by = null where ${DECIDED}`],
    ['task missing', `delete from task where ${OPEN}`],
  ])('notices and mends what somebody changed by hand: %s', async (what, sql) => {
    const [story] = stories;
    const before = await rows();
    await asOwner(system, sql, [story!.id]);
    expect(await rows()).not.toEqual(before);
    logs.length = 0;
    expect(await round()).toEqual({ compared: 3, doubted: 1, differed: 1 });
    expect(await rows()).toEqual(before);
    expect((await incidents())[0]).toMatchObject({
      requestId: story!.id,
      found: 'readModelDiffers',
      runId: expect.stringMatching(/^act \d+, /),
    });
    const [line] = logs.map((one) => JSON.parse(one) as { request: string; what: string[] });
    expect(line).toMatchObject({ request: expect.stringMatching(/^\d{4}-\d{7}$/), what: expect.arrayContaining([what]) });
    expect(await round()).toEqual(untouched(3));
  });

  it('shows the request again to who must see it, and hides it from nobody', async () => {
    const [, story] = stories;
    const operator = await as(system, 'operator');
    const other = demo.schools().find(({ parentId }) => parentId !== story!.source.parentId)!;
    const rerouted = await operator.post(`/change-requests/${story!.id}/reroute`, {
      step: 'authority',
      to: other.parentId,
      reason: '改派',
    });
    expect(rerouted).toMatchObject({ status: 200 });
    await asOwner(system, 'update change_request set seen_by = array_remove(seen_by, $2::uuid) where id = $1', [story!.id, other.parentId]);
    expect(await round()).toMatchObject({ differed: 1 });
    expect(await seenBy(story!.id)).toContain(other.parentId);
    expect(await round()).toEqual(untouched(3));
  });
  const seenBy = async (id: string) =>
    (await asOwner<{ ids: string[] }[]>(system, 'select seen_by as ids from change_request where id = $1', [id]))[0]?.ids;

  it('takes a task that no act has opened out of every inbox', async () => {
    const [story] = stories;
    await asOwner(
      system,
      `insert into task select (jsonb_populate_record(t, jsonb_build_object('id', $2::text, 'step', 'invented'))).* from task t
        where ${OPEN}`,
      [story!.id, NOBODY],
    );
    expect(await round()).toMatchObject({ differed: 1 });
    expect(await asOwner(system, 'select state from task where id = $1', [NOBODY])).toEqual([{ state: 'void' }]);
    expect(await round()).toEqual(untouched(3));
    await asOwner(system, 'delete from task where id = $1', [NOBODY]);
  });

  it('reports acts that are gone and leaves the row, by which the audit misses them, as it is', async () => {
    const [, , story] = stories;
    await asOwner(system, 'update change_request set last_seq = last_seq + 1 where id = $1', [story!.id]);
    const before = await rows();
    logs.length = 0;
    expect(await round()).toMatchObject({ differed: 1 });
    expect(await rows()).toEqual(before);
    expect(logs.join()).toContain('audit:verify');
    expect((await incidents()).filter(({ requestId }) => requestId === story!.id)).toMatchObject([
      { runId: expect.stringMatching(/^act \d+$/) },
    ]);
    await asOwner(system, 'update change_request set last_seq = last_seq - 1 where id = $1', [story!.id]);
  });

  it('does not report a row that is being decided: what was read in halves is only doubted', async () => {
    const story = await halfWay();
    let free = (): void => undefined;
    const told = new Promise<void>((resolve) => (free = resolve));
    let holds = (): void => undefined;
    const held = new Promise<void>((resolve) => (holds = resolve));
    // A transaction that moves a case, and whose tasks nobody can read until it ends.
    const moving = inScope(system.db, 'system', async (tx) => {
      const loaded = await lockCase(tx, story.id);
      await tx.query('lock table task in access exclusive mode');
      await record(tx, deps, loaded!, { kind: 'recalled' }, { texts: { reason: '家长改变主意' } });
      holds();
      await told;
    });
    await held;
    const looking = round();
    const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
      and query like '%expected_task%'`;
    // prettier-ignore
    await until(() => asOwner<unknown[]>(system, waiting), (found) => found.length > 0, 'the first look to wait for the tasks');
    free();
    await moving;
    expect(await looking).toEqual({ compared: 4, doubted: 1, differed: 0 });
    expect((await incidents()).filter(({ requestId }) => requestId === story.id)).toEqual([]);
  });

  it('judges no deadline while an amendment is moving them, and every one afterwards', async () => {
    const [story] = stories;
    await asOwner(system, `update task set due_date = due_date + 1 where ${OPEN}`, [story!.id]);
    const phase = (to: string) =>
      asOwner(system, `update deadline_move set phase = '${to}' where id = (select id from deadline_move order by id limit 1)`);
    await asOwner(
      system,
      `insert into deadline_move (id, phase, approved_at, telling) select id, 'tasks', now(), false from calendar_version order by id
        limit 1
       on conflict (id) do update set phase = 'tasks'`,
    );
    expect(await round()).toMatchObject({ doubted: 0, differed: 0 });
    await phase('done');
    expect(await round()).toMatchObject({ doubted: 1, differed: 1 });
  });

  it('comes round: a page a pass, each request once in a round, and rests until the next', async () => {
    await asOwner(system, `update read_model_check set after_id = null, began_at = '-infinity', checked = 0`);
    const pages = checker(3);
    expect(await pages.pass()).toEqual(untouched(3));
    expect(await pages.pass()).toEqual(untouched(1));
    expect(await pages.pass()).toEqual(untouched(0));
    await system.time.pass(ROUND + 1000);
    expect(await checker(3).pass()).toEqual(untouched(3)); // another process goes on from the same place
    expect(await pages.pass()).toEqual(untouched(1));
    expect(await asOwner(system, 'select checked::int from read_model_check')).toEqual([{ checked: 8 }]);
    const metrics = await (await fetch(`${system.url}/metrics`)).text();
    expect(metrics).toMatch(/^xueji_read_model_compared 8$/m);
    expect(metrics).toMatch(/^xueji_process_incidents\{found="readModelDiffers"\} \d\d$/m);
  });

  it('reads the rows of its page by their keys alone, however many others there are', async () => {
    const plan = await inScope(system.db, 'process', async (tx) => {
      const calendars = await deps.calendar.current(tx);
      const acts = ((await readCase(tx, stories[0]!.id))?.acts ?? []).map(asAct);
      const expected = expectedOf(stories[0]!.id, historyOf(acts), calendars, true);
      return tx.query<Record<string, string>[]>(`explain (costs off) ${DIFFERING}`, [JSON.stringify([expected])]);
    });
    const lines = plan.map((row) => row['QUERY PLAN'] ?? '');
    const scans = lines.flatMap((line, n) => (/Scan .*on (change_request|task)\b/.test(line) ? [lines.slice(n, n + 2).join()] : []));
    expect(scans.length).toBeGreaterThanOrEqual(3);
    for (const scan of scans) expect(scan).toMatch(/Index Scan using .* Index Cond: \((id|request_id) = /);
  });

  it('tells no personal value to the log', () => {
    expect(logs.length).toBeGreaterThan(0);
    expect(logs.join()).not.toMatch(/家长改变主意|masked_name|\*\*/);
  });
});
