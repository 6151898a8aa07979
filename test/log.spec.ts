import { inScope } from '../src/platform/database/in-scope.js';
import { logOf, nestLog, shownFailure } from '../src/platform/log.js';
import { periodically } from '../src/platform/periodic.js';
import { sdkLog } from '../src/platform/temporal/sdk-log.js';
import { startSystem, type System } from './fixtures/system.js';

describe('what a log says of a failure', () => {
  let lines: string[];
  const log = () => logOf('test', 'info', { write: (line: string) => void lines.push(line) });
  beforeEach(() => (lines = []));
  const last = () => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown>;

  describe('of the database', () => {
    let system: System;
    beforeAll(async () => {
      system = await startSystem({ engine: 'none' });
    });
    afterAll(() => system?.stop());

    it('is its name, its SQLSTATE, its constraint and where it happened, and nothing of the row that it quotes', async () => {
      const entered = '古丽娜尔·买买提 33010620090102304X';
      const twice = () =>
        inScope(system.db, 'system', (tx) =>
          tx.query(
            `insert into policy (id, version, organisation_id, effective_from, content) values ($1, 1, null, '2020-01-01', '{}'), ($1, 1,
              null, '2020-01-01', '{}')`,
            [entered],
          ),
        );
      await expect(twice()).rejects.toMatchObject({ detail: expect.stringContaining(entered) });
      const loop = periodically(60_000, log(), 'the work', twice);
      while (lines.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      await loop.stop();
      expect(last()).toMatchObject({
        level: 50,
        msg: 'the work failed',
        err: { failure: 'error', code: '23505', constraint: 'policy_pkey' },
      });
      expect((last().err as { frames: string[] }).frames.join()).toContain('in-scope');
      expect(lines.join()).not.toContain('买买提');
      expect(lines.join()).not.toContain('33010620090102304X');
    });
  });

  it('leaves out its words wherever they stand: message, stack, causes, fields of its own', () => {
    const secret = '张三\n    at 1990-01-02';
    const error = Object.assign(new Error(`cannot read ${secret}`, { cause: new TypeError(secret) }), { code: secret, detail: secret });
    const shown = shownFailure(error);
    expect(JSON.stringify(shown)).not.toMatch(/张三|1990/);
    expect(shown).toMatchObject({ failure: 'Error', cause: { failure: 'TypeError' } });
    expect(shown.frames[0]).toContain('log.spec');
    expect(shownFailure('张三')).toEqual({ failure: 'string', frames: [] });
  });

  it('ends at a cause that is its own cause', () => {
    const error = new Error('a');
    error.cause = error;
    expect(JSON.stringify(shownFailure(error)).length).toBeLessThan(20_000);
  });

  it('names the run that a warning of the Temporal SDK is about, and none of its payloads', () => {
    const meta = { workflowId: 'transfer/2026-0000118', runId: 'r', attempt: 3, activityType: 'openTask', namespace: 'default' };
    sdkLog(log()).warn('Activity failed', { ...meta, input: ['张三'], error: new RangeError('张三') });
    const { namespace: _, ...kept } = meta;
    expect(last()).toMatchObject({ ...kept, msg: 'Activity failed', err: { failure: 'RangeError' } });
    expect(lines.join()).not.toContain('张三');
    expect(last().level).toBe(40);
    sdkLog(log()).error('Workflow failed', {});
    expect([last().level, lines.at(-1)?.match(/"level"/g)]).toEqual([50, ['"level"']]);
    lines.length = 1;
    sdkLog(log()).info('not worth a line');
    expect(lines).toHaveLength(1);
  });

  it('keeps of what an activity logs the request, the cause, the SQLSTATE, the constraint and where it happened', () => {
    const below = Object.assign(new Error('张三'), { code: '23505', constraint: 'student_number_key', detail: '张三' });
    const failure = shownFailure(Object.assign(new Error('张三'), { driverError: below }));
    sdkLog(log()).error('a change cannot take effect', { requestId: 'r', failure, rows: ['张三'] });
    const cause = { failure: 'Error', code: '23505', constraint: 'student_number_key', frames: expect.any(Array) };
    expect(last()).toMatchObject({ level: 50, requestId: 'r', err: { failure: 'Error', cause } });
    expect((last().err as { frames: string[] }).frames[0]).toContain('log.spec');
    sdkLog(log()).error('forged', { failure: { failure: '张三' } });
    expect(lines.join()).not.toContain('张三');
  });

  it('has the lines of Nest as lines of its own, at their level', () => {
    nestLog(log()).error('cannot resolve', 'a stack', 'Injector');
    expect(last()).toMatchObject({ level: 50, msg: 'cannot resolve', context: 'Injector' });
    nestLog(log()).warn('old', 'Router');
    expect(last()).toMatchObject({ level: 40, msg: 'old', context: 'Router' });
  });
});
