import { Module } from '@nestjs/common';
import { CasesModule } from '../cases/cases.module.js';
import { AccessModule } from '../platform/access/access.module.js';
import { FilingNoticesController } from './filing-notices.controller.js';
import { FilingNotices } from './filing-notices.service.js';

/** 备案: filing notices, which a province receives, queries and gets answered. */
@Module({
  imports: [AccessModule, CasesModule],
  controllers: [FilingNoticesController],
  providers: [FilingNotices],
})
export class FilingNoticesModule {}
