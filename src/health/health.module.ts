import { Module } from '@nestjs/common';
import { CasesModule } from '../cases/cases.module.js';
import { AccessModule } from '../platform/access/access.module.js';
import { HealthController } from './health.controller.js';
import { Metrics } from './metrics.service.js';

/** Whether the process is alive and ready, and what operators measure of it. */
@Module({
  imports: [AccessModule, CasesModule],
  controllers: [HealthController],
  providers: [Metrics],
})
export class HealthModule {}
