import { applyDecorators, Body, Controller, Get, HttpCode, Post, Query, StreamableFile, UploadedFile } from '@nestjs/common';
import { ApiBearerAuth, ApiExtraModels, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { ForOffices, ForServices } from '../platform/access/may-call.js';
import { Quotas } from '../platform/access/quotas.js';
import { PerDay, PerMinute } from '../platform/access/rate-limit.js';
import { keyedWith, uploadedSheet } from '../platform/access/uploaded-sheet.js';
import { jsonPart } from '../platform/http/json-part.js';
import { SheetForm } from '../platform/http/sheet-form.js';
import { FILE_TYPES } from '../sheets/table.js';
import { CheckedRoster, EnteredRoster, RosterOptions, RosterTemplateQuery } from './rosters.dto.js';
import { Rosters } from './rosters.service.js';

const MOST_BYTES = 10 * 1024 * 1024;
const SHEETS = { address: 60, person: 20, organisation: 60 };
const BINARY = { type: 'string', format: 'binary' } as const;

const Sheet = (): MethodDecorator => applyDecorators(HttpCode(200), PerMinute('rosters', SHEETS), SheetForm(RosterOptions, MOST_BYTES));

type Upload = Express.Multer.File | undefined;

@ApiTags('intakes')
@ApiBearerAuth()
@ApiExtraModels(RosterOptions)
@Controller('intakes')
export class RostersController {
  constructor(
    private readonly rosters: Rosters,
    private readonly quotas: Quotas,
  ) {}

  /** 名册模板: downloads an empty Excel sheet to fill in, with words to choose from. A star marks what is required. */
  @ForOffices('schoolClerk')
  @Get('roster-template')
  @ApiOkResponse({ content: { [FILE_TYPES.xlsx]: { schema: BINARY } } })
  async template(@CallerNow() caller: Caller, @Query() { schoolId }: RosterTemplateQuery): Promise<StreamableFile> {
    return workbook(await this.rosters.template(caller, schoolId), 'roster');
  }

  /** Checks a roster, and enters nothing: all faults of every row, by row, column and heading. */
  @ForOffices('schoolClerk')
  @PerDay('uploadedBytes')
  @ForServices('rosters')
  @Post('roster/check')
  @Sheet()
  async check(@CallerNow() caller: Caller, @UploadedFile() file: Upload, @Body('options') options: unknown): Promise<CheckedRoster> {
    return this.rosters.check(caller, await uploadedSheet(this.quotas, caller, file), optionsOf(options));
  }

  /** Downloads the same roster with its faults marked: a note on each wrong cell, and a last column with all that is wrong. */
  @ForOffices('schoolClerk')
  @PerDay('uploadedBytes')
  @ForServices('rosters')
  @Post('roster/marked')
  @Sheet()
  @ApiOkResponse({ content: { [FILE_TYPES.xlsx]: { schema: BINARY } } })
  async marked(@CallerNow() caller: Caller, @UploadedFile() file: Upload, @Body('options') options: unknown): Promise<StreamableFile> {
    return workbook(await this.rosters.marked(caller, await uploadedSheet(this.quotas, caller, file), optionsOf(options)), 'roster-marked');
  }

  /** 上传新生名册: enters the clean rows of a roster into a new intake, and tells the faults of the others. */
  @ForOffices('schoolClerk')
  @PerDay('uploadedBytes')
  @ForServices('rosters')
  @Post('roster')
  @Sheet()
  async enter(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @UploadedFile() file: Upload,
    @Body('options') options: unknown,
  ): Promise<EnteredRoster> {
    const content = await uploadedSheet(this.quotas, caller, file);
    return this.rosters.enter(caller, keyedWith(keyed, content), content, optionsOf(options));
  }
}

const optionsOf = (options: unknown): RosterOptions => jsonPart(RosterOptions, options, '/options');

const workbook = (content: Buffer, name: string): StreamableFile =>
  new StreamableFile(content, { type: FILE_TYPES.xlsx, disposition: `attachment; filename="${name}.xlsx"` });
