import { Body, Controller, Get, HttpCode, Post, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../../platform/access/caller.js';
import { Keyed, type KeyedRequest } from '../../platform/access/idempotency.js';
import { JudgedFor, ReadersOf } from '../../platform/access/may-call.js';
import { Id } from '../../platform/http/id.js';
import { ChangeRequestView } from '../request-views.dto.js';
import { CheckPaper } from './forms.dto.js';
import { ChangeForms } from './forms.service.js';
import { PaperChecks } from './paper-checks.service.js';

const PDF = 'application/pdf';
const asPdf = (pdf: Buffer, name: string): StreamableFile =>
  new StreamableFile(pdf, { type: PDF, length: pdf.length, disposition: `attachment; filename="${name}.pdf"` });

@ApiTags('change requests')
@ApiBearerAuth()
@Controller('change-requests')
export class ChangeFormsController {
  constructor(
    private readonly forms: ChangeForms,
    private readonly checks: PaperChecks,
  ) {}

  /**
   * 异动审批表: downloads the form of the change with boxes for seals, for the parties of the case and who keeps the dossier (Art 3). What was
   * decided stands in it; until something is added it is the same bytes. A read of the dossier, on record.
   */
  @ReadersOf('contents')
  @Get(':id/form')
  @ApiOkResponse({ content: { [PDF]: { schema: { type: 'string', format: 'binary' } } } })
  async form(@CallerNow() caller: Caller, @Id() id: string): Promise<StreamableFile> {
    return asPdf(await this.forms.form(caller, id), 'change-form');
  }

  /** 转学证明: downloads the letter of a transfer that took effect, which the student takes to the new school. A read, on record. */
  @ReadersOf('contents')
  @Get(':id/transfer-letter')
  @ApiOkResponse({ content: { [PDF]: { schema: { type: 'string', format: 'binary' } } } })
  async letter(@CallerNow() caller: Caller, @Id() id: string): Promise<StreamableFile> {
    return asPdf(await this.forms.letter(caller, id), 'transfer-letter');
  }

  /**
   * 纸质档案核对: after the change took effect, the school that keeps the paper dossier records that it was held against the electronic one,
   * once. The authority does it for a closed school (Art 3).
   */
  @JudgedFor('schoolClerk', 'schoolReviewer', 'authorityReviewer')
  @Post(':id/paper-check')
  @HttpCode(200)
  check(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: CheckPaper): Promise<ChangeRequestView> {
    return this.checks.check(caller, keyed, id, body);
  }
}
