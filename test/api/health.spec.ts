import { as } from '../fixtures/client.js';
import { acrossCounties, Demonstration } from '../fixtures/demonstration.js';
import { freePort } from '../../local/ports.js';
import { connected } from '../../src/platform/database/data-source.js';
import { GAUGES } from '../../src/health/gauges.js';
import { Machine } from '../faults/machine.js';
import { until } from '../fixtures/story.js';
import { startSystem, type Engine, type System } from '../fixtures/system.js';

describe('the service', () => {
  let system: System;
  const started = async (engine: Engine) => (system = await startSystem({ engine, worker: false }));
  afterEach(() => system?.stop());
  const answer = async (path: string) => {
    const response = await fetch(`${system.url}${path}`);
    return { status: response.status, body: (await response.json()) as { status?: string } };
  };

  it('is live and ready while PostgreSQL and Temporal answer and a worker works, and degraded without one', async () => {
    await started('server');
    expect(await answer('/health/live')).toEqual({ status: 200, body: { status: 'up' } });
    const degraded = { status: 'degraded', database: 'up', temporal: 'up', worker: 'down' };
    expect(await answer('/health/ready')).toEqual({ status: 200, body: degraded });
    expect(await (await fetch(`${system.url}/metrics`)).text()).toMatch(/^xueji_workers_polling 0$/m);
    await system.startWorker();
    const { body } = await until(
      () => answer('/health/ready'),
      ({ body: { status } }) => status === 'up',
      'a worker to be seen',
    );
    expect(body).toEqual({ status: 'up', database: 'up', temporal: 'up', worker: 'up' });
  });

  it.each([
    ['none', {}],
    ['configured', { SCANNER_URL: 'tcp://127.0.0.1:9' }],
  ])('says in production whether uploads are looked through for malware: %s', async (scanner, settings) => {
    system = await startSystem({ engine: 'none', worker: false, empty: true, settings });
    expect((await answer('/health/ready')).body).toMatchObject({ scanner });
  });

  it('keeps an idle connection longer than a proxy before it does, so that no request meets its closing', async () => {
    await started('none');
    const { headers } = await fetch(`${system.url}/health/live`);
    expect(headers.get('keep-alive')).toBe('timeout=75');
  });

  it('is degraded, not down, without Temporal: filings are still taken', async () => {
    await started('none');
    expect(await answer('/health/live')).toMatchObject({ status: 200 });
    expect(await answer('/health/ready')).toEqual({
      status: 200,
      body: { status: 'degraded', database: 'up', temporal: 'down', worker: 'unknown' },
    });
    const demo = await Demonstration.of(system);
    const [source, destination] = acrossCounties(demo);
    const clerk = await as(system, demo.holder(source.id, 'schoolClerk'));
    const filed = await clerk.post('/change-requests', {
      kind: 'transfer',
      studentId: demo.student(source.id),
      evidenceIds: [await clerk.evidence()],
      reason: '家庭迁居',
      details: { destinationSchoolId: destination.id },
    });
    expect(filed).toMatchObject({ status: 201, body: { state: 'open', processing: true } });
    const metrics = await (await fetch(`${system.url}/metrics`)).text();
    expect(metrics).toMatch(/^xueji_requests\{kind="transfer",state="open"\} 1$/m);
    expect(metrics).toMatch(/^xueji_ledger_lag_requests 1$/m);
    expect(metrics).toMatch(/^xueji_oldest_unprocessed_act_timestamp_seconds \d+/m);
    expect(metrics).toMatch(/^xueji_oldest_uncovered_act_timestamp_seconds \d+/m);
    expect(metrics).toMatch(/^xueji_backlog\{of="relay"\} [1-9]/m);
    expect(metrics).toMatch(/^xueji_pool_connections\{state="waiting"\} 0$/m);
    expect(metrics).not.toMatch(/^xueji_workers_polling \d/m);
  });

  it('counts requests for its metrics once in a while and by one connection, however many scrape', async () => {
    await started('none');
    const scrape = async () => (await fetch(`${system.url}/metrics`)).text();
    const owner = await connected({ type: 'postgres', url: system.databaseUrl, poolSize: 2 });
    const runner = owner.createQueryRunner();
    await runner.query('begin');
    await runner.query('lock table change_request in access exclusive mode');
    const scrapes = Promise.all(Array.from({ length: 10 }, scrape));
    const waiting = `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
      and query like '%from change_request group by%'`;
    const [counting] = await until(
      () => owner.query<{ n: number }[]>(waiting),
      ([row]) => (row?.n ?? 0) > 0,
      'the count to wait',
    );
    expect(counting?.n).toBe(1);
    await runner.query('rollback');
    await scrapes;
    const demo = await Demonstration.of(system);
    const [source, destination] = acrossCounties(demo);
    const clerk = await as(system, demo.holder(source.id, 'schoolClerk'));
    await clerk.post('/change-requests', {
      kind: 'transfer',
      studentId: demo.student(source.id),
      evidenceIds: [await clerk.evidence()],
      reason: '家庭迁居',
      details: { destinationSchoolId: destination.id },
    });
    expect(await scrape()).not.toMatch(/^xueji_requests\{/m);
    await system.time.pass(60_000);
    expect(await scrape()).toMatch(/^xueji_requests\{kind="transfer",state="open"\} 1$/m);
    await runner.release();
    await owner.destroy();
  });

  it('serves its metrics on a port of their own when it has one, and nowhere else', async () => {
    system = await startSystem({ engine: 'none', settings: { METRICS_PORT: '9' } });
    expect((await fetch(`${system.url}/metrics`)).status).toBe(404);
    const port = await freePort();
    const machine = await Machine.over(system.databaseUrl);
    try {
      const api = await machine.api({ METRICS_PORT: String(port) });
      expect((await fetch(`${api.url}/metrics`)).status).toBe(404);
      expect(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text()).toContain('xueji_http_seconds');
      expect((await fetch(`http://127.0.0.1:${port}/api/v1/me`)).status).toBe(404);
    } finally {
      await machine.stop();
    }
  });

  it('shows operators its metrics by name, and no personal value', async () => {
    await started('none');
    const response = await fetch(`${system.url}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain');
    const names = [...(await response.text()).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        'xueji_http_seconds',
        'xueji_decision_seconds',
        'xueji_requests',
        'xueji_open_tasks',
        'xueji_ledger_lag_requests',
        'xueji_wakes_waiting',
        ...GAUGES.map(({ name }) => name),
        'xueji_wakes_dropped',
        'process_cpu_seconds_total',
        'nodejs_eventloop_lag_seconds',
      ]),
    );
  });
});
