import { Body, Controller, Inject, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { dateOf } from '../domain/working-days.js';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { JudgedFor } from '../platform/access/may-call.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { Id } from '../platform/http/id.js';
import { Problem } from '../platform/http/problem.js';
import { IssueAttestation } from './attestations.dto.js';
import { CertificateView } from './certificates.dto.js';
import { Certificates } from './certificates.service.js';

@ApiTags('certificates')
@ApiBearerAuth()
@Controller('students/:id/attestations')
export class AttestationsController {
  constructor(
    private readonly certificates: Certificates,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /**
   * 学历证明书 of a graduate on a declaration of loss, by a reviewer of the authority that keeps the dossier now (Art 21). The school's
   * clerk issues 在读证明 to who is active, in Chinese or English, and 肄业证明 to who left early after a year or more.
   */
  @JudgedFor('schoolClerk', 'authorityReviewer')
  @Post()
  async issue(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Body() { kind, language, photographId, loss }: IssueAttestation,
  ): Promise<CertificateView> {
    if (kind === 'attestation' && !loss) throw new Problem('loss-not-declared');
    if (loss && loss.declaredOn > dateOf(this.clock.now()))
      throw new Problem('date-in-future', { errors: [{ pointer: '/loss/declaredOn', detail: FIELD_FAULTS.future }] });
    const inLanguage = kind === 'studying' ? language : 'zh';
    const asked = { kind, studentId: id, language: inLanguage, photographId, loss: kind === 'attestation' ? loss : undefined };
    return (await this.certificates.issueOne(caller, keyed, asked)).certificate;
  }
}
