import { Controller, Get, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { ReadersOf } from '../platform/access/may-call.js';
import { Id } from '../platform/http/id.js';
import { RecordCards } from './record-cards.service.js';

const PDF = 'application/pdf';

@ApiTags('certificates')
@ApiBearerAuth()
@Controller('students/:id/record-card')
export class RecordCardsController {
  constructor(private readonly cards: RecordCards) {}

  /** 学籍卡: downloads the record card with boxes for seals, for the school and authority that handle the student. It is a read, on record. */
  @ReadersOf('contents')
  @Get()
  @ApiOkResponse({ content: { [PDF]: { schema: { type: 'string', format: 'binary' } } } })
  async show(@CallerNow() caller: Caller, @Id() id: string): Promise<StreamableFile> {
    return new StreamableFile(await this.cards.pdf(caller, id), { type: PDF, disposition: 'attachment; filename="record-card.pdf"' });
  }
}
