import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Id } from '../platform/http/id.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { Comment, Copy, Objection } from './notes.dto.js';
import { Notes } from './notes.service.js';
import { ChangeRequestView } from './request-views.dto.js';
import { AnyOffice, ForServices, JudgedFor } from '../platform/access/may-call.js';
import { REVIEWING } from '../domain/offices.js';

@ApiTags('change requests')
@ApiBearerAuth()
@Controller('change-requests')
export class NotesController {
  constructor(private readonly notes: Notes) {}

  /** 批注: writes a comment into the timeline, for everybody who sees the request. A comment moves nothing. */
  @AnyOffice()
  @ForServices('filing')
  @Post(':id/comments')
  @HttpCode(200)
  comment(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: Comment): Promise<ChangeRequestView> {
    return this.notes.comment(caller, keyed, id, body);
  }

  /** 异议: records what the student or guardian says against the request. The open tasks show it, and the authority is told (A21). */
  @JudgedFor('schoolClerk', 'schoolReviewer', 'authoritySupervisor')
  @Post(':id/objections')
  @HttpCode(200)
  object(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: Objection): Promise<ChangeRequestView> {
    return this.notes.object(caller, keyed, id, body);
  }

  /** 抄送: shows the request to an authority beside the parties. */
  @JudgedFor('schoolClerk', ...REVIEWING)
  @Post(':id/copies')
  @HttpCode(200)
  copy(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: Copy): Promise<ChangeRequestView> {
    return this.notes.copy(caller, keyed, id, body);
  }
}
