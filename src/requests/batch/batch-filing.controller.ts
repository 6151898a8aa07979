import { Body, Controller, Get, HttpCode, Param, Post, StreamableFile, UploadedFile } from '@nestjs/common';
import { ApiBearerAuth, ApiExtraModels, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../../platform/access/caller.js';
import { Keyed, type KeyedRequest } from '../../platform/access/idempotency.js';
import { Quotas } from '../../platform/access/quotas.js';
import { PerDay } from '../../platform/access/rate-limit.js';
import { keyedWith, uploadedSheet } from '../../platform/access/uploaded-sheet.js';
import { Problem } from '../../platform/http/problem.js';
import { Schemas } from '../../platform/http/schemas.js';
import { SheetForm } from '../../platform/http/sheet-form.js';
import { jsonPart } from '../../platform/http/json-part.js';
import type { Kind } from '../../domain/procedure/procedure.js';
import { PROCEDURES } from '../../domain/procedure/procedures.js';
import { BATCH_KINDS, BatchFilingInput, BatchFilingView, BatchRow, SheetOptions } from './batch-filing.dto.js';
import { BatchFiling } from './batch-filing.service.js';
import { DETAILS_INPUT } from '../details.js';
import { sheetRowsOf } from '../../sheets/sheet.js';
import { FILE_TYPES } from '../../sheets/table.js';
import { columnsOf } from './sheet-columns.js';
import { ForOffices, ForServices, SignedIn } from '../../platform/access/may-call.js';
import { FILERS_OFFICES } from '../../domain/offices.js';

const MOST_BYTES = 5 * 1024 * 1024;

/** Loaded when first asked for: the library of workbooks would weigh on every process. */
const templates = () => import('../../sheets/sheet-template.js');

@ApiTags('change requests')
@ApiBearerAuth()
@ApiExtraModels(SheetOptions, BatchRow)
@Controller()
export class BatchFilingController {
  constructor(
    private readonly batch: BatchFiling,
    private readonly schemas: Schemas,
    private readonly quotas: Quotas,
  ) {}

  /** 批量发起: files one kind for up to 500 students. Every row is checked before the first is filed, and has its result. */
  @ForOffices(...FILERS_OFFICES)
  @ForServices('filing')
  @Post('change-requests/batch')
  @HttpCode(200)
  file(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Body() body: BatchFilingInput): Promise<BatchFilingView> {
    return this.batch.file(caller, keyed, body);
  }

  /** Files the same from an Excel sheet of `GET /change-kinds/{kind}/sheet`. Rows are numbered as in the sheet. */
  @ForOffices(...FILERS_OFFICES)
  @PerDay('uploadedBytes')
  @ForServices('filing')
  @Post('change-requests/batch/sheet')
  @HttpCode(200)
  @SheetForm(SheetOptions, MOST_BYTES)
  async sheet(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @UploadedFile() file: Express.Multer.File | undefined,
    @Body('options') options: unknown,
  ): Promise<BatchFilingView> {
    const content = await uploadedSheet(this.quotas, caller, file);
    const parsed = jsonPart(SheetOptions, options, '/options');
    const items = await sheetRowsOf(content, this.columns(parsed.kind));
    return this.batch.file(caller, keyedWith(keyed, content), { ...parsed, items }, 2);
  }

  /** Downloads an empty Excel sheet to fill in for many students. Majors and classes are chosen from those of the caller's schools. */
  @SignedIn()
  @Get('change-kinds/:kind/sheet')
  @ApiOkResponse({ content: { [FILE_TYPES.xlsx]: { schema: { type: 'string', format: 'binary' } } } })
  async template(@CallerNow() caller: Caller, @Param('kind') kind: string): Promise<StreamableFile> {
    const known = BATCH_KINDS.find((one) => one === kind);
    if (!known) throw new Problem('not-found');
    const { zh, en } = PROCEDURES[known].title;
    const { templateOf } = await templates();
    const content = await templateOf(`${zh} ${en}`, await this.batch.withChoices(caller, this.columns(known)));
    return new StreamableFile(content, { type: FILE_TYPES.xlsx, disposition: `attachment; filename="${known}.xlsx"` });
  }

  private columns(kind: Kind) {
    return columnsOf(this.schemas.of(DETAILS_INPUT[kind]));
  }
}
