import { Module } from '@nestjs/common';
import { AccessModule } from '../platform/access/access.module.js';
import { DraftsController } from './drafts.controller.js';
import { Drafts } from './drafts.service.js';
import { PhrasesController } from './phrases.controller.js';
import { PhraseLists } from './phrases.service.js';

/** What a person keeps for the own work: drafts of filings, and phrases of opinions. */
@Module({
  imports: [AccessModule],
  controllers: [DraftsController, PhrasesController],
  providers: [Drafts, PhraseLists],
})
export class DraftsModule {}
