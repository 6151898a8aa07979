import { FIELD_FAULTS } from '../domain/messages/field-faults.js';
import { Controller, Get, Inject, Post, Query, Res, StreamableFile, UploadedFile, UseInterceptors } from '@nestjs/common';
import { FileInterceptor } from '@nestjs/platform-express';
import { ApiBearerAuth, ApiBody, ApiConsumes, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { PerDay } from '../platform/access/rate-limit.js';
import { Id } from '../platform/http/id.js';
import { Problem } from '../platform/http/problem.js';
import { MEDIA_TYPES } from './media-type.js';
import { disposed, endingOf, type Disposition } from './file-name.js';
import { ContentQuery, EvidenceMetadata, EvidenceView } from './evidence.dto.js';
import { Evidence } from './evidence.service.js';
import { ForServices, ReadersOf } from '../platform/access/may-call.js';

const FILE = { content: Object.fromEntries(MEDIA_TYPES.map((type) => [type, { schema: { type: 'string', format: 'binary' } }])) };
const THUMBNAIL = 'image/webp';
/** A page of this origin alone may frame it, and nothing in it runs, loads or sends. */
const NOTHING_RUNS = "default-src 'none'; frame-ancestors 'self'; sandbox";

@ApiTags('evidence')
@ApiBearerAuth()
@ReadersOf('contents')
@Controller('evidence')
export class EvidenceController {
  constructor(@Inject(Evidence) private readonly evidence: Evidence) {}

  /** Uploads a file (PDF, JPEG or PNG) 上传证明材料. The file belongs to the uploader's organisations until a request names it. */
  @PerDay('uploadedBytes')
  @ForServices('evidence')
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
  @ApiOkResponse(FILE)
  download(@CallerNow() caller: Caller, @Id() id: string, @Res({ passthrough: true }) response: Response): Promise<StreamableFile> {
    return this.file(caller, id, 'attachment', response);
  }

  /** Shows what is known of the file without opening it: its name, pages, who uploaded it, and what the scanner said. */
  @Get(':id/metadata')
  metadata(@CallerNow() caller: Caller, @Id() id: string): Promise<EvidenceMetadata> {
    return this.evidence.metadata(caller, id);
  }

  /** Answers the file, to be saved or to be shown in a page. A page that shows it can run nothing of it. */
  @Get(':id/content')
  @ApiOkResponse(FILE)
  content(
    @CallerNow() caller: Caller,
    @Id() id: string,
    @Query() { disposition }: ContentQuery,
    @Res({ passthrough: true }) response: Response,
  ): Promise<StreamableFile> {
    return this.file(caller, id, disposition, response);
  }

  /** Answers a small picture (WebP, at most 256 pixels wide and high) of a picture. Of a PDF there is none. */
  @Get(':id/thumbnail')
  @ApiOkResponse({ content: { [THUMBNAIL]: { schema: { type: 'string', format: 'binary' } } } })
  async thumbnail(@CallerNow() caller: Caller, @Id() id: string, @Res({ passthrough: true }) response: Response): Promise<StreamableFile> {
    const small = await this.evidence.thumbnail(caller, id);
    response.setHeader('Content-Security-Policy', NOTHING_RUNS);
    return new StreamableFile(small, { type: THUMBNAIL, length: small.length });
  }

  private async file(caller: Caller, id: string, how: Disposition, response: Response): Promise<StreamableFile> {
    const { content, type, name } = await this.evidence.read(caller, id);
    response.setHeader('Content-Security-Policy', NOTHING_RUNS);
    return new StreamableFile(content, { type, length: content.length, disposition: disposed(how, name, `${id}${endingOf(type)}`) });
  }
}
