import { Module } from '@nestjs/common';
import { EvidenceModule } from '../../evidence/evidence.module.js';
import { AccessModule } from '../../platform/access/access.module.js';
import { RequestsModule } from '../requests.module.js';
import { BatchFilingController } from './batch-filing.controller.js';
import { BatchFiling } from './batch-filing.service.js';

/** Many requests at once: a list, or a sheet that was filled in. */
@Module({
  imports: [AccessModule, EvidenceModule, RequestsModule],
  controllers: [BatchFilingController],
  providers: [BatchFiling],
  exports: [BatchFiling],
})
export class BatchFilingModule {}
