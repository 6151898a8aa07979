import { Body, Controller, Get, HttpCode, Post, Query, StreamableFile, UploadedFile } from '@nestjs/common';
import { ApiBearerAuth, ApiExtraModels, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { ForServices, JudgedFor, ReadersOf } from '../platform/access/may-call.js';
import { PerDay } from '../platform/access/rate-limit.js';
import { Quotas } from '../platform/access/quotas.js';
import { keyedWith, uploadedSheet } from '../platform/access/uploaded-sheet.js';
import { Id } from '../platform/http/id.js';
import { jsonPart } from '../platform/http/json-part.js';
import { SheetForm } from '../platform/http/sheet-form.js';
import { FILE_TYPES } from '../sheets/table.js';
import {
  AdmissionListDetail,
  AdmissionListInput,
  AdmissionListOptions,
  AdmissionListPage,
  AdmissionListQuery,
  AdmissionTemplateQuery,
  AdmittedPage,
  AdmittedQuery,
  WithdrawAdmissionList,
} from './admissions.dto.js';
import { Admissions, handsInSomewhere } from './admissions.service.js';

const MOST_BYTES = 5 * 1024 * 1024;

@ApiTags('registrations')
@ApiBearerAuth()
@ApiExtraModels(AdmissionListOptions)
@Controller('admission-lists')
export class AdmissionsController {
  constructor(
    private readonly admissions: Admissions,
    private readonly quotas: Quotas,
  ) {}

  /** 录取名册: the school, or an authority above it, hands in who was admitted. The same person twice is refused with both rows. */
  @JudgedFor('schoolClerk', 'authorityReviewer')
  @ForServices('rosters')
  @Post()
  handIn(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Body() body: AdmissionListInput): Promise<AdmissionListDetail> {
    return this.admissions.handIn(caller, keyed, body);
  }

  /** Hands in the same as the Excel sheet of `GET /admission-lists/template`, filled in. Faults name row, column and heading. */
  @JudgedFor('schoolClerk', 'authorityReviewer')
  @PerDay('uploadedBytes')
  @ForServices('rosters')
  @Post('sheet')
  @SheetForm(AdmissionListOptions, MOST_BYTES)
  async sheet(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @UploadedFile() file: Express.Multer.File | undefined,
    @Body('options') options: unknown,
  ): Promise<AdmissionListDetail> {
    handsInSomewhere(caller);
    const content = await uploadedSheet(this.quotas, caller, file);
    return this.admissions.handInSheet(caller, keyedWith(keyed, content), content, jsonPart(AdmissionListOptions, options, '/options'));
  }

  /** Lists the admission lists of the caller's schools and of those below, the latest first. */
  @ReadersOf('contents')
  @Get()
  list(@CallerNow() caller: Caller, @Query() query: AdmissionListQuery): Promise<AdmissionListPage> {
    return this.admissions.list(caller, query);
  }

  /** Downloads an empty Excel sheet to fill in, with the majors of the school to choose from. */
  @ReadersOf('contents')
  @Get('template')
  @ApiOkResponse({ content: { [FILE_TYPES.xlsx]: { schema: { type: 'string', format: 'binary' } } } })
  async template(@CallerNow() caller: Caller, @Query() { schoolId }: AdmissionTemplateQuery): Promise<StreamableFile> {
    const content = await this.admissions.template(caller, schoolId);
    return new StreamableFile(content, { type: FILE_TYPES.xlsx, disposition: 'attachment; filename="admissions.xlsx"' });
  }

  /** Shows by major what was planned, who was admitted, reported and is missing, and who came besides. */
  @ReadersOf('contents')
  @Get(':id')
  show(@CallerNow() caller: Caller, @Id() id: string): Promise<AdmissionListDetail> {
    return this.admissions.show(caller, id);
  }

  /** Names who was admitted, by whether they reported. On day 21 the `missing` are those whom nobody has registered (Art 6, R-05). */
  @ReadersOf('contents')
  @Get(':id/people')
  people(@CallerNow() caller: Caller, @Id() id: string, @Query() query: AdmittedQuery): Promise<AdmittedPage> {
    return this.admissions.people(caller, id, query);
  }

  /** Takes a mistaken list back; it stays on record and counts no more. */
  @JudgedFor('schoolClerk', 'authorityReviewer')
  @Post(':id/withdrawal')
  @HttpCode(200)
  withdraw(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Body() { reason }: WithdrawAdmissionList,
  ): Promise<AdmissionListDetail> {
    return this.admissions.withdraw(caller, keyed, id, reason);
  }
}
