import { applyDecorators, Body, Controller, Get, HttpCode, Post, Query, StreamableFile, UploadedFile } from '@nestjs/common';
import { ApiBearerAuth, ApiExtraModels, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { ForOffices, ForServices, JudgedFor, ReadersOf } from '../platform/access/may-call.js';
import { Quotas } from '../platform/access/quotas.js';
import { PerDay, PerMinute } from '../platform/access/rate-limit.js';
import { keyedWith, uploadedSheet } from '../platform/access/uploaded-sheet.js';
import { Id } from '../platform/http/id.js';
import { jsonPart } from '../platform/http/json-part.js';
import { SheetForm } from '../platform/http/sheet-form.js';
import { FILE_TYPES } from '../sheets/table.js';
import { ImportSheets } from './import-sheets.service.js';
import {
  CheckedImport,
  CheckedImportSheet,
  DecideImport,
  HandInImport,
  ImportOptions,
  ImportPage,
  ImportQuery,
  ImportRowPage,
  ImportRowQuery,
  ImportTemplateQuery,
  ImportView,
  ROW_MODELS,
} from './imports.dto.js';
import { Imports } from './imports.service.js';

const LISTS = { address: 240, person: 120, organisation: 300 };
const SHEETS = { address: 60, person: 20, organisation: 60 };
const MOST_BYTES = 10 * 1024 * 1024;
const BINARY = { type: 'string', format: 'binary' } as const;
const Sheet = (): MethodDecorator =>
  applyDecorators(HttpCode(200), PerMinute('importSheets', SHEETS), SheetForm(ImportOptions, MOST_BYTES));

type Upload = Express.Multer.File | undefined;

@ApiTags('imports')
@ApiBearerAuth()
@ApiExtraModels(...ROW_MODELS, ImportOptions)
@Controller('imports')
export class ImportsController {
  constructor(
    private readonly imports: Imports,
    private readonly sheets: ImportSheets,
    private readonly quotas: Quotas,
  ) {}

  /**
   * 导入: a reviewer of an authority hands in students, graduates, past changes or certificates from before this system, 500 in one call.
   * Clean rows wait for a second reviewer. The same rows again change nothing.
   */
  @ForOffices('authorityReviewer')
  @ForServices('imports')
  @Post()
  @HttpCode(200)
  @PerMinute('imports', LISTS)
  @PerDay('possibleDuplicates')
  handIn(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Body() { rows, firstRow, ...options }: HandInImport,
  ): Promise<CheckedImport> {
    return this.imports.handIn(
      caller,
      keyed,
      options,
      rows.map((says, i) => ({ row: firstRow + i, says })),
    );
  }

  /** 导入模板: downloads an empty Excel sheet of a kind, with words to choose from. A star marks what is required. */
  @ForOffices('authorityReviewer')
  @Get('template')
  @ApiOkResponse({ content: { [FILE_TYPES.xlsx]: { schema: BINARY } } })
  async template(@CallerNow() caller: Caller, @Query() { kind, authorityId }: ImportTemplateQuery): Promise<StreamableFile> {
    return workbook(await this.sheets.template(caller, kind, authorityId), kind);
  }

  /** Hands in the same as a sheet of 2,000 rows at most, or with `dryRun` checks it. Faults name row, column and heading. */
  @ForOffices('authorityReviewer')
  @PerDay('possibleDuplicates')
  @PerDay('uploadedBytes')
  @ForServices('imports')
  @Post('sheet')
  @Sheet()
  async sheet(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @UploadedFile() file: Upload,
    @Body('options') options: unknown,
  ): Promise<CheckedImportSheet> {
    const content = await uploadedSheet(this.quotas, caller, file);
    return this.sheets.handIn(caller, keyedWith(keyed, content), content, optionsOf(options));
  }

  /** Downloads the same sheet with its faults marked: a note on each wrong cell, and a last column with all that is wrong. */
  @ForOffices('authorityReviewer')
  @PerDay('possibleDuplicates')
  @PerDay('uploadedBytes')
  @ForServices('imports')
  @Post('sheet/marked')
  @Sheet()
  @ApiOkResponse({ content: { [FILE_TYPES.xlsx]: { schema: BINARY } } })
  async marked(@CallerNow() caller: Caller, @UploadedFile() file: Upload, @Body('options') options: unknown): Promise<StreamableFile> {
    const content = await uploadedSheet(this.quotas, caller, file);
    return workbook(await this.sheets.marked(caller, content, optionsOf(options)), 'marked');
  }

  /** Lists the imports of the caller's authority and of those below, the latest first. */
  @ReadersOf('contents')
  @Get()
  list(@CallerNow() caller: Caller, @Query() query: ImportQuery): Promise<ImportPage> {
    return this.imports.list(caller, query);
  }

  /** Shows an import: who handed it in, who signed it off, and how many rows stand where. */
  @ReadersOf('contents')
  @Get(':id')
  show(@CallerNow() caller: Caller, @Id() id: string): Promise<ImportView> {
    return this.imports.show(caller, id);
  }

  /** Lists the rows of an import, with why each is held or could not be applied. */
  @ReadersOf('contents')
  @Get(':id/rows')
  rows(@CallerNow() caller: Caller, @Id() id: string, @Query() query: ImportRowQuery): Promise<ImportRowPage> {
    return this.imports.rows(caller, id, query);
  }

  /** 审核: a second reviewer of the authority signs a list off, or rejects it. Then its rows go into the dossiers, page by page. */
  @JudgedFor('authorityReviewer')
  @Post(':id/decision')
  @HttpCode(200)
  decide(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: DecideImport): Promise<ImportView> {
    return this.imports.decide(caller, keyed, id, body);
  }
}

const optionsOf = (options: unknown): ImportOptions => jsonPart(ImportOptions, options, '/options');

const workbook = (content: Buffer, name: string): StreamableFile =>
  new StreamableFile(content, { type: FILE_TYPES.xlsx, disposition: `attachment; filename="import-${name}.xlsx"` });
