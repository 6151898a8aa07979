import { Module } from '@nestjs/common';
import { CasesModule } from '../cases/cases.module.js';
import { AccessModule } from '../platform/access/access.module.js';
import { PoliciesModule } from '../policies/policies.module.js';
import { SchoolTermsController } from './school-terms.controller.js';
import { SchoolTerms } from './school-terms.service.js';
import { TermTables } from './term-tables.service.js';

/** 学期注册: the registration of a school's students for a term. */
@Module({
  imports: [AccessModule, CasesModule, PoliciesModule],
  controllers: [SchoolTermsController],
  providers: [SchoolTerms, TermTables],
  exports: [TermTables],
})
export class SchoolTermsModule {}
