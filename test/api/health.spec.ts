import { as } from '../fixtures/client.js';
import { acrossCounties, Demonstration } from '../fixtures/demonstration.js';
import { startSystem, type Engine, type System } from '../fixtures/system.js';

describe('the service', () => {
  let system: System;
  const started = async (engine: Engine) => (system = await startSystem({ engine, worker: false }));
  afterEach(() => system?.stop());
  const answer = async (path: string) => {
    const response = await fetch(`${system.url}${path}`);
    return { status: response.status, body: (await response.json()) as object };
  };

  it('is live and ready while PostgreSQL and Temporal answer', async () => {
    await started('server');
    expect(await answer('/health/live')).toEqual({ status: 200, body: { status: 'up' } });
    expect(await answer('/health/ready')).toEqual({ status: 200, body: { status: 'up', database: 'up', temporal: 'up' } });
  });

  it('is degraded, not down, without Temporal: filings are still taken', async () => {
    await started('none');
    expect(await answer('/health/live')).toMatchObject({ status: 200 });
    expect(await answer('/health/ready')).toEqual({ status: 200, body: { status: 'degraded', database: 'up', temporal: 'down' } });
    const demo = await Demonstration.of(system);
    const [source, destination] = acrossCounties(demo);
    const clerk = await as(system, demo.holder(source.id, 'schoolClerk'));
    const filed = await clerk.post('/change-requests', {
      ...{ kind: 'transfer', studentId: demo.student(source.id), evidenceIds: [], reason: '家庭迁居' },
      details: { destinationSchoolId: destination.id },
    });
    expect(filed).toMatchObject({ status: 201, body: { state: 'open', processing: true } });
    const metrics = await (await fetch(`${system.url}/metrics`)).text();
    expect(metrics).toMatch(/^xueji_requests\{kind="transfer",state="open"\} 1$/m);
    expect(metrics).toMatch(/^xueji_ledger_lag_requests 1$/m);
  });

  it('shows operators its metrics by name, and no personal value', async () => {
    await started('none');
    const response = await fetch(`${system.url}/metrics`);
    expect(response.headers.get('content-type')).toContain('text/plain');
    const names = [...(await response.text()).matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        ...['xueji_http_seconds', 'xueji_decision_seconds', 'xueji_requests', 'xueji_open_tasks', 'xueji_ledger_lag_requests'],
        ...['xueji_wakes_waiting', 'xueji_wakes_dropped', 'process_cpu_seconds_total', 'nodejs_eventloop_lag_seconds'],
      ]),
    );
  });
});
