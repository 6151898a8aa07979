import { Module } from '@nestjs/common';
import { AccessModule } from '../platform/access/access.module.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { ClassCertificates } from './class-certificates.service.js';
import { AttestationsController } from './attestations.controller.js';
import { CertificatesController } from './certificates.controller.js';
import { Certificates } from './certificates.service.js';
import { RecordCardsController } from './record-cards.controller.js';
import { RecordCards } from './record-cards.service.js';
import { Prints } from './prints.service.js';

/** 学历证书: certificates of graduation and completion, and what attests a study. */
@Module({
  imports: [AccessModule, JobsModule],
  controllers: [CertificatesController, AttestationsController, RecordCardsController],
  providers: [Certificates, Prints, ClassCertificates, RecordCards],
  exports: [Prints],
})
export class CertificatesModule {}
