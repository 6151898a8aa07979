import { Module } from '@nestjs/common';
import { AccessModule } from '../platform/access/access.module.js';
import { CertificatesController } from './certificates.controller.js';
import { Certificates } from './certificates.service.js';

/** 学历证书: certificates of graduation and completion, and what attests a study. */
@Module({ imports: [AccessModule], controllers: [CertificatesController], providers: [Certificates] })
export class CertificatesModule {}
