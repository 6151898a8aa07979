import { systemClock } from '../platform/clock.js';
import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { InjectDataSource } from '@nestjs/typeorm';
import { Client } from '@temporalio/client';
import type { Response } from 'express';
import type { DataSource } from 'typeorm';
import { Problem } from '../platform/http/problem.js';
import { CONFIG, type Config } from '../platform/config.js';
import { inScope } from '../platform/database/in-scope.js';
import { Metrics } from './metrics.service.js';
import { workersPolling } from './workers-polling.js';
import { Public } from '../platform/access/may-call.js';

/** At the root, for orchestrators and Prometheus. */
@ApiExcludeController()
@Public()
@Controller()
export class HealthController {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    private readonly temporal: Client,
    private readonly metrics: Metrics,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get('health/live')
  live() {
    return { status: 'up' };
  }

  /**
   * Ready while PostgreSQL answers. Without Temporal, or without a worker for a minute, it says `degraded`: decisions are taken, and only
   * what follows waits. In production it says whether uploads are looked through for malware.
   */
  @Get('health/ready')
  async ready(@Res({ passthrough: true }) response: Response) {
    const { namespace, taskQueue } = this.config.temporal;
    const [database, temporal, workers] = await Promise.all([
      up(inScope(this.db, 'system', (tx) => tx.query('select 1'))),
      up(this.temporal.connection.withDeadline(systemClock.now() + 1000, () => this.temporal.workflowService.getSystemInfo({}))),
      workersPolling(this.temporal, namespace, taskQueue),
    ]);
    if (!database) response.status(503);
    return {
      status: !database ? 'down' : temporal && workers ? 'up' : 'degraded',
      database: database ? 'up' : 'down',
      temporal: temporal ? 'up' : 'down',
      worker: workers === undefined ? 'unknown' : workers > 0 ? 'up' : 'down',
      // The demonstration's uploads are the visitor's own.
      ...(this.config.demo ? {} : { scanner: this.config.scanner ? 'configured' : 'none' }),
    };
  }

  @Get('metrics')
  @Header('Content-Type', 'text/plain; version=0.0.4')
  scrape(): Promise<string> {
    if (this.config.metricsPort) throw new Problem('not-found');
    return this.metrics.registry.metrics();
  }
}

async function up(asked: Promise<unknown>): Promise<boolean> {
  const timeout = new Promise<false>((resolve) => setTimeout(() => resolve(false), 2000).unref());
  return Promise.race([asked.then(() => true).catch(() => false), timeout]);
}
