import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { Controller, Get, Inject, Post, Res, StreamableFile, UploadedFile, UseInterceptors } from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import { ApiBearerAuth, ApiBody, ApiConsumes, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { PerDay } from '../platform/access/rate-limit.js';
import { Id } from '../platform/http/id.js';
import { Problem } from '../platform/http/problem.js';
import { MEDIA_TYPES } from './media-type.js';
import { attachment, endingOf } from './file-name.js';
import { EvidenceView } from './evidence.dto.js';
import { Evidence } from './evidence.service.js';
import { ReadersOf } from '../platform/access/may-call.js';

@ApiTags('evidence')
@ApiBearerAuth()
@ReadersOf('contents')
@Controller('evidence')
export class EvidenceController {
  constructor(@Inject(Evidence) private readonly evidence: Evidence) {}

  /** Uploads a file (PDF, JPEG or PNG) 上传证明材料. The file belongs to the uploader's organisations until a request names it. */
  @PerDay('uploadedBytes')
  @Post()
  @ApiConsumes('multipart/form-data')
  @ApiBody({ schema: { type: 'object', properties: { file: { type: 'string', format: 'binary' } }, required: ['file'] } })
  @UseInterceptors(FileInterceptor('file'))
  upload(@CallerNow() caller: Caller, @UploadedFile() file: Express.Multer.File | undefined): Promise<EvidenceView> {
    if (!file) throw new Problem('invalid-input', { errors: [{ pointer: '/file', detail: FIELD_FAULTS.noFile }] });
    return this.evidence.keep(caller, file);
  }

  /** Downloads the file under its name, for the uploader's organisations and for anybody who may read a request that names it. */
  @Get(':id')
  @ApiOkResponse({ content: Object.fromEntries(MEDIA_TYPES.map((type) => [type, { schema: { type: 'string', format: 'binary' } }])) })
  async download(@CallerNow() caller: Caller, @Id() id: string, @Res({ passthrough: true }) response: Response): Promise<StreamableFile> {
    const { content, type, name } = await this.evidence.read(caller, id);
    response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
    return new StreamableFile(content, { type, length: content.length, disposition: attachment(name, `${id}${endingOf(type)}`) });
  }
}
