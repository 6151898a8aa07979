import { Body, Controller, HttpCode, Ip, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Public } from '../platform/access/may-call.js';
import { PerMinute } from '../platform/access/rate-limit.js';
import { OF_AN_ADDRESS } from './verification-limits.js';
import { VerificationQuestion, VerificationView } from './verifications.dto.js';
import { Verifications } from './verifications.service.js';

@ApiTags('verifications')
@Public()
@Controller('verifications')
export class VerificationsController {
  constructor(private readonly verifications: Verifications) {}

  /**
   * Verifies what a student says: by a code 核验码 and the name, or by certificate, document and name, all exact. Whatever is wrong, the
   * answer without a match is one and the same.
   */
  @PerMinute('verifications', OF_AN_ADDRESS)
  @Post()
  @HttpCode(200)
  verify(@Body() asked: VerificationQuestion, @Ip() address: string): Promise<VerificationView> {
    return this.verifications.verify(asked, address);
  }
}
