import { Body, Controller, Get, HttpCode, Post, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { ForOffices, JudgedFor, ReadersOf } from '../platform/access/may-call.js';
import { PerDay } from '../platform/access/rate-limit.js';
import { Id } from '../platform/http/id.js';
import { JobView } from '../jobs/jobs.dto.js';
import { StartsJob } from '../jobs/starts-job.js';
import { ClassCertificates } from './class-certificates.service.js';
import {
  CertificateBatch,
  CertificateClassOfKind,
  CertificatePage,
  CertificateQuery,
  CertificateSignature,
  CertificateView,
  HandOverCertificate,
  IssueCertificates,
  VoidCertificate,
} from './certificates.dto.js';
import { Certificates } from './certificates.service.js';
import { Prints } from './prints.service.js';

const PDF = 'application/pdf';

@ApiTags('certificates')
@ApiBearerAuth()
@Controller('certificates')
export class CertificatesController {
  constructor(
    private readonly certificates: Certificates,
    private readonly prints: Prints,
    private readonly ofClass: ClassCertificates,
  ) {}

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

  /**
   * 整班颁发: issues a certificate to each of a grade or class who has a right to one and none yet, as a job. Who lacks something is among its
   * faults with everything that is missing.
   */
  @ForOffices('schoolClerk')
  @Post('issuances')
  @StartsJob()
  issueToClass(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Body() body: CertificateClassOfKind): Promise<JobView> {
    return this.ofClass.issue(caller, keyed, body);
  }

  /**
   * 整班下载: prints the certificates of a grade or class of the own school into one ZIP, 1,000 at most, as a job. The archive is its file.
   * It stands in the record of reads of each student, and is limited a day.
   */
  @ForOffices('schoolClerk', 'schoolReviewer')
  @PerDay('exports')
  @Post('archives')
  @StartsJob()
  archive(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Body() body: CertificateClassOfKind): Promise<JobView> {
    return this.ofClass.archive(caller, keyed, body);
  }

  /** Shows a certificate: what became of it, and when it was handed over. */
  @ReadersOf('contents')
  @Get(':id')
  show(@CallerNow() caller: Caller, @Id() id: string): Promise<CertificateView> {
    return this.certificates.show(caller, id);
  }

  /** Downloads it as PDF, made of what it said when it was issued: the same bytes each time. It is a read of the student, on record. */
  @ReadersOf('contents')
  @Get(':id/pdf')
  @ApiOkResponse({ content: { [PDF]: { schema: { type: 'string', format: 'binary' } } } })
  async pdf(@CallerNow() caller: Caller, @Id() id: string): Promise<StreamableFile> {
    const { number, pdf } = await this.prints.pdf(caller, id);
    return new StreamableFile(pdf, { type: PDF, length: pdf.length, disposition: `attachment; filename="${number}.pdf"` });
  }

  /** 电子签名: a detached signature over the bytes of the PDF, and the public key that checks it. */
  @ReadersOf('contents')
  @Get(':id/signature')
  signature(@CallerNow() caller: Caller, @Id() id: string): Promise<CertificateSignature> {
    return this.prints.signature(caller, id);
  }

  /**
   * 作废: the school's clerk, or of an attestation the authority's reviewer, voids a misprint before it is handed over, with a reason. Then
   * a right one may be issued.
   */
  @JudgedFor('schoolClerk', 'authorityReviewer')
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

  /** 发放: the same persons record the day on which it was handed over. From then on it is neither voided nor issued again (Art 21). */
  @JudgedFor('schoolClerk', 'authorityReviewer')
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
