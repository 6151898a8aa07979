import { Module } from '@nestjs/common';
import { CasesModule } from '../cases/cases.module.js';
import { AccessModule } from '../platform/access/access.module.js';
import { HealthController } from './health.controller.js';
import { Metrics } from './metrics.service.js';

/** The health of the process, and its metrics for operators. */
@Module({
  imports: [AccessModule, CasesModule],
  controllers: [HealthController],
  providers: [Metrics],
})
export class HealthModule {}
