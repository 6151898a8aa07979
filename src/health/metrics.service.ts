import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { Client } from '@temporalio/client';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { DataSource } from 'typeorm';
import { CLOCK, type Clock } from '../platform/clock.js';
import { poolOf } from '../platform/database/data-source.js';
import { inScope } from '../platform/database/in-scope.js';
import { CONFIG, type Config } from '../platform/config.js';
import { GAUGES } from './gauges.js';
import { workersPolling } from './workers-polling.js';
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
  private counting: Promise<unknown> = Promise.resolve();
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
    temporal: Client,
    @Inject(CONFIG) config: Config,
  ) {
    collectDefaultMetrics({ register: this.registry });
    this.gauge('xueji_wakes_waiting', 'Wakes that wait in memory', () => this.wakes.size);
    this.gauge('xueji_wakes_dropped', 'Wakes dropped; the reconciler makes up for them', () => this.wakes.dropped);
    for (const { name, help, labels, sql, now } of GAUGES)
      this.labelled(name, help, labels, this.count(sql, now && (() => [new Date(this.clock.now())])));
    const { namespace, taskQueue } = config.temporal;
    const polling = kept(this.clock, async () => {
      const n = await workersPolling(temporal, namespace, taskQueue);
      return n === undefined ? [] : [{ n }];
    });
    this.labelled('xueji_workers_polling', 'Workers that ask Temporal for work; absent while Temporal does not answer', [], polling);
    this.labelled('xueji_pool_connections', 'Connections to PostgreSQL, and who waits for one', ['state'], () =>
      Promise.resolve(Object.entries(poolOf(this.db)).map(([state, n]) => ({ state, n }))),
    );
  }

  observe(method: string, route: string, status: number, seconds: number): void {
    this.http.observe({ method, route, status: String(status) }, seconds);
    if (route.endsWith('/tasks/:id/decision') && status === 200) this.decisions.observe(seconds);
  }

  private gauge(name: string, help: string, value: () => number): void {
    new Gauge({ name, help, registers: [this.registry], collect() { this.set(value()); } }); // prettier-ignore
  }

  private labelled(name: string, help: string, labelNames: readonly string[], read: () => Promise<Counted[]>): void {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [this.registry],
      async collect() {
        const rows = await read();
        this.reset();
        // A reset leaves a 0 where there is no label; what was not counted is no series.
        if (rows.length === 0) this.remove({});
        for (const { n, ...labels } of rows) this.set(labels, n);
      },
    });
  }

  /** One after the other, so that a scrape takes one connection of the pool and not all. */
  private count(sql: string, values: () => unknown[] = () => []): () => Promise<Counted[]> {
    return kept(this.clock, () => {
      const counted = this.counting.then(() => inScope(this.db, 'system', (tx) => tx.query<Counted[]>(sql, values())));
      this.counting = counted.catch(() => undefined);
      return counted;
    });
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
