import { Body, Controller, HttpCode, Post, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { ForServices, JudgedFor } from '../platform/access/may-call.js';
import { PerDay } from '../platform/access/rate-limit.js';
import { FILE_TYPES } from '../sheets/table.js';
import { StudentExport } from './exports.dto.js';
import { Exports } from './exports.service.js';

@ApiTags('students')
@ApiBearerAuth()
@Controller('students/exports')
export class ExportsController {
  constructor(private readonly exports: Exports) {}

  /**
   * Downloads the list of the own school as an Excel workbook, for a reason. It is an act in the ledger, stands in the record of reads of
   * each student, and is limited a day. A repeated request does not get the file again.
   */
  @JudgedFor('schoolClerk', 'schoolReviewer')
  @PerDay('exports')
  @ForServices('exports')
  @Post()
  @HttpCode(200)
  @ApiOkResponse({ content: { [FILE_TYPES.xlsx]: { schema: { type: 'string', format: 'binary' } } } })
  async export(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Body() body: StudentExport): Promise<StreamableFile> {
    const file = await this.exports.file(caller, keyed, body);
    return new StreamableFile(file, { type: FILE_TYPES.xlsx, disposition: 'attachment; filename="students.xlsx"' });
  }
}
