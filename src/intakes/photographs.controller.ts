import { Controller, HttpCode, Post, UploadedFile, UseInterceptors } from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import { ApiBearerAuth, ApiBody, ApiConsumes, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { ForServices, JudgedFor } from '../platform/access/may-call.js';
import { Quotas } from '../platform/access/quotas.js';
import { PerDay, PerMinute } from '../platform/access/rate-limit.js';
import { keyedWith, uploadedSheet } from '../platform/access/uploaded-sheet.js';
import { Id } from '../platform/http/id.js';
import { SweptUpload } from '../platform/http/swept-upload.js';
import { PhotographsKept } from './intakes.dto.js';
import { Photographs } from './photographs.service.js';

/** 300 photographs of 160 kB. */
const MOST_BYTES = 48 * 1024 * 1024;
const ARCHIVES = { address: 60, person: 20, organisation: 60 };

@ApiTags('intakes')
@ApiBearerAuth()
@Controller('intakes')
export class PhotographsController {
  constructor(
    private readonly photographs: Photographs,
    private readonly quotas: Quotas,
  ) {}

  /**
   * 上传照片: photographs of the intake's students as a ZIP archive. Files are named by the number of the document, the number at school or the
   * student number. Each is matched, checked (type, size, ratio) and reported.
   */
  @JudgedFor('schoolClerk')
  @PerDay('uploadedBytes')
  @PerMinute('photographs', ARCHIVES)
  @ForServices('rosters')
  @Post(':id/photographs')
  @HttpCode(200)
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } }, required: ['file'] } })
  @UseInterceptors(FileInterceptor('file', { limits: { fileSize: MOST_BYTES, files: 1 } }), SweptUpload)
  async keepPhotographs(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @UploadedFile() file: Express.Multer.File | undefined,
  ): Promise<PhotographsKept> {
    await this.photographs.mayHandIn(caller, id);
    const content = await uploadedSheet(this.quotas, caller, file);
    return this.photographs.keep(caller, keyedWith(keyed, content), id, { place: file?.path ?? '', content });
  }
}
