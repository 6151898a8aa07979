import { Module } from '@nestjs/common';
import { EvidenceModule } from '../evidence/evidence.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { AccessModule } from '../platform/access/access.module.js';
import { ImportSheets } from './import-sheets.service.js';
import { ImportsController } from './imports.controller.js';
import { Imports } from './imports.service.js';

/** 导入: students, graduates, past changes and certificates from before this system. */
@Module({
  imports: [AccessModule, EvidenceModule, JobsModule],
  controllers: [ImportsController],
  providers: [Imports, ImportSheets],
})
export class ImportsModule {}
