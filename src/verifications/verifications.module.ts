import { Module } from '@nestjs/common';
import { AccessModule } from '../platform/access/access.module.js';
import { CHALLENGE, noChallenge } from './challenge.js';
import { VerificationCodesController } from './verification-codes.controller.js';
import { VerificationCodes } from './verification-codes.service.js';
import { VerificationLimits } from './verification-limits.js';
import { VerificationsController } from './verifications.controller.js';
import { VerifyPageController } from './verify-page.controller.js';
import { Verifications } from './verifications.service.js';

/** 核验: what anybody verifies of what a student says, and the codes that students give for it. */
@Module({
  imports: [AccessModule],
  controllers: [VerificationCodesController, VerificationsController, VerifyPageController],
  providers: [Verifications, VerificationLimits, VerificationCodes, { provide: CHALLENGE, useValue: noChallenge }],
})
export class VerificationsModule {}
