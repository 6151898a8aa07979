import { Body, Controller, Delete, Get, HttpCode, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { SignedIn } from '../platform/access/may-call.js';
import { Id } from '../platform/http/id.js';
import { DraftDetail, DraftInput, DraftView } from './drafts.dto.js';
import { Drafts } from './drafts.service.js';

/** Drafts of filings 草稿: the caller's own, seen by nobody else, and gone thirty days after they were saved last. */
@ApiTags('change requests')
@ApiBearerAuth()
@SignedIn()
@Controller('drafts')
export class DraftsController {
  constructor(private readonly drafts: Drafts) {}

  /** Lists the caller's drafts without what was entered, the latest first. */
  @Get()
  list(@CallerNow() caller: Caller): Promise<DraftView[]> {
    return this.drafts.list(caller);
  }

  /** Shows one of the caller's drafts, with what was entered. */
  @Get(':id')
  show(@CallerNow() caller: Caller, @Id() id: string): Promise<DraftDetail> {
    return this.drafts.show(caller, id);
  }

  /**
   * Saves a draft under an id of the client's own. It is refused (`stale-version`) where another page has saved it since, and the same
   * content once more is answered as before.
   */
  @Put(':id')
  save(@CallerNow() caller: Caller, @Id() id: string, @Body() body: DraftInput): Promise<DraftDetail> {
    return this.drafts.save(caller, id, body);
  }

  /** Removes a draft, when it was filed or is not wanted any more. */
  @Delete(':id')
  @HttpCode(204)
  remove(@CallerNow() caller: Caller, @Id() id: string): Promise<void> {
    return this.drafts.remove(caller, id);
  }
}
