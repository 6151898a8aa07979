import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { CLOCK, type Clock } from '../platform/clock.js';
import { inScope } from '../platform/database/in-scope.js';
import { Wakes } from '../cases/wakes.js';

/**
 * What operators watch: requests and tasks by state, decision latency, ledger lag, wakes. The worker serves the Temporal SDK's own metrics.
 */
@Injectable()
export class Metrics {
  readonly registry = new Registry();
  private readonly http = new Histogram({
    name: 'xueji_http_seconds',
    help: 'Time to answer, by route',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers: [this.registry],
  });
  private readonly decisions = new Histogram({
    name: 'xueji_decision_seconds',
    help: 'Time until a decision is acknowledged',
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers: [this.registry],
  });

  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly wakes: Wakes,
  ) {
    collectDefaultMetrics({ register: this.registry });
    this.gauge('xueji_wakes_waiting', 'Wakes that wait in memory', () => this.wakes.size);
    this.gauge('xueji_wakes_dropped', 'Wakes dropped; the reconciler makes up for them', () => this.wakes.dropped);
    const requests = this.labelled('xueji_requests', 'Change requests by kind and state', ['kind', 'state']);
    const tasks = this.labelled('xueji_open_tasks', 'Open tasks', ['overdue']);
    const lag = this.labelled('xueji_ledger_lag_requests', 'Open requests whose process has not read their last act', []);
    requests.collectWith(this.count(`select kind, state, count(*)::int as n from change_request group by 1, 2`));
    tasks.collectWith(
      this.count(`select (due_at <= $1)::text as overdue, count(*)::int as n from task where state = 'open' group by 1`, () => [
        new Date(this.clock.now()),
      ]),
    );
    const held = this.labelled('xueji_held_requests', 'Open requests that do not move, by why and for how long', ['kind', 'cause', 'age']);
    held.collectWith(
      this.count(
        `select h.kind, h.cause, case when h.age < 3600 then 'under 1 h' when h.age < 86400 then 'under 1 d'
             when h.age < 604800 then 'under 7 d' else 'longer' end as age, count(*)::int as n
           from (select hold ->> 'kind' as kind, case when hold ->> 'kind' = 'awaitingSupplement' then 'returned' else hold ->> 'cause' end
               as cause, extract(epoch from $1::timestamptz) - (hold ->> 'since')::float8 / 1000 as age
             from change_request where hold is not null and state = 'open') h group by 1, 2, 3`,
        () => [new Date(this.clock.now())],
      ),
    );
    const incidents = this.labelled(
      'xueji_process_incidents',
      'Runs of a workflow that ended or were replaced from outside, and rows that differed from their acts',
      ['found'],
    );
    incidents.collectWith(this.count('select found, count(*)::int as n from process_incident group by 1'));
    const compared = this.labelled('xueji_read_model_compared', 'Requests compared with their acts so far, again in each round', []);
    compared.collectWith(this.count('select checked::float8 as n from read_model_check'));
    const removed = this.labelled('xueji_evidence_removed', 'Uploads never attached to a request and files without one, removed so far', [
      'what',
    ]);
    removed.collectWith(
      this.count(
        `select 'uploads' as what, uploads::float8 as n from evidence_removed union all select 'files', files::float8
          from evidence_removed`,
      ),
    );
    lag.collectWith(
      this.count(
        `select count(*)::int as n from change_request r left join process_cursor c on c.request_id = r.id where r.state = 'open'
          and coalesce(c.seq, 0) < r.last_process_seq`,
      ),
    );
  }

  observe(method: string, route: string, status: number, seconds: number): void {
    this.http.observe({ method, route, status: String(status) }, seconds);
    if (route.endsWith('/tasks/:id/decision') && status === 200) this.decisions.observe(seconds);
  }

  private gauge(name: string, help: string, value: () => number): void {
    new Gauge({ name, help, registers: [this.registry], collect() { this.set(value()); } }); // prettier-ignore
  }

  private labelled(name: string, help: string, labelNames: string[]): { collectWith: (rows: () => Promise<Counted[]>) => void } {
    let read: () => Promise<Counted[]> = () => Promise.resolve([]);
    new Gauge({
      name,
      help,
      labelNames,
      registers: [this.registry],
      async collect() {
        this.reset();
        for (const { n, ...labels } of await read()) this.set(labels, n);
      },
    });
    return { collectWith: (rows) => (read = rows) };
  }

  private count(sql: string, values: () => unknown[] = () => []): () => Promise<Counted[]> {
    return kept(this.clock, () => inScope(this.db, 'system', (tx) => tx.query<Counted[]>(sql, values())));
  }
}

/** Counting reads much and its answer need not be of this second: however many ask, it is done once in this time, by one connection. */
const COUNTED_EVERY = 45_000;

/** Caches a reading for a while. Concurrent callers wait for the same reading. A reading that fails leaves the last one. */
function kept(clock: Clock, read: () => Promise<Counted[]>): () => Promise<Counted[]> {
  let last: Counted[] | undefined;
  let readAt = 0;
  let reading: Promise<Counted[]> | undefined;
  const again = async (): Promise<Counted[]> => {
    try {
      last = await read();
    } catch (error) {
      if (!last) throw error;
    } finally {
      readAt = clock.now();
      reading = undefined;
    }
    return last;
  };
  return async () => (last && clock.now() < readAt + COUNTED_EVERY ? last : (reading ??= again()));
}

type Counted = { n: number } & Record<string, string | number>;
