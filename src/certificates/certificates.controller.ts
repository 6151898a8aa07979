import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { ForOffices, JudgedFor, ReadersOf } from '../platform/access/may-call.js';
import { Id } from '../platform/http/id.js';
import {
  CertificateBatch,
  CertificatePage,
  CertificateQuery,
  CertificateView,
  HandOverCertificate,
  IssueCertificates,
  VoidCertificate,
} from './certificates.dto.js';
import { Certificates } from './certificates.service.js';

@ApiTags('certificates')
@ApiBearerAuth()
@Controller('certificates')
export class CertificatesController {
  constructor(private readonly certificates: Certificates) {}

  /**
   * 颁发证书: the school's clerk issues graduation or completion certificates to students or to a grade or class, 200 at most. Each has a
   * result of its own, with everything that stands against it.
   */
  @ForOffices('schoolClerk')
  @Post()
  @HttpCode(200)
  issue(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Body() body: IssueCertificates): Promise<CertificateBatch> {
    return this.certificates.issue(caller, keyed, body);
  }

  /** Lists the certificates of the caller's school, or of the schools below the caller's authority, the latest first. */
  @ReadersOf('contents')
  @Get()
  list(@CallerNow() caller: Caller, @Query() query: CertificateQuery): Promise<CertificatePage> {
    return this.certificates.list(caller, query);
  }

  @ReadersOf('contents')
  @Get(':id')
  show(@CallerNow() caller: Caller, @Id() id: string): Promise<CertificateView> {
    return this.certificates.show(caller, id);
  }

  /** 作废: the school's clerk voids a misprint before it is handed over, with a reason. Then a right one may be issued. */
  @JudgedFor('schoolClerk')
  @Post(':id/voiding')
  @HttpCode(200)
  void(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Body() body: VoidCertificate,
  ): Promise<CertificateView> {
    return this.certificates.void(caller, keyed, id, body);
  }

  /** 发放: the school's clerk records the day on which it was handed over. From then on it is neither voided nor issued again (Art 21). */
  @JudgedFor('schoolClerk')
  @Post(':id/handing-over')
  @HttpCode(200)
  handOver(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Body() body: HandOverCertificate,
  ): Promise<CertificateView> {
    return this.certificates.handOver(caller, keyed, id, body);
  }
}
