import { Module } from '@nestjs/common';
import { CasesModule } from '../../cases/cases.module.js';
import { AccessModule } from '../../platform/access/access.module.js';
import { ChangeFormsController } from './forms.controller.js';
import { ChangeForms } from './forms.service.js';
import { PaperChecks } from './paper-checks.service.js';

/** What of a change is on paper 异动审批表、转学证明: printed, and checked against the paper dossier (Art 3). */
@Module({
  imports: [AccessModule, CasesModule],
  controllers: [ChangeFormsController],
  providers: [ChangeForms, PaperChecks],
})
export class ChangeFormsModule {}
