import { Body, Controller, Get, Put } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { SignedIn } from '../platform/access/may-call.js';
import { Phrases } from './phrases.dto.js';
import { PhraseLists } from './phrases.service.js';

/** The caller's own phrases for opinions 常用语. */
@ApiTags('tasks')
@ApiBearerAuth()
@SignedIn()
@Controller('me/phrases')
export class PhrasesController {
  constructor(private readonly lists: PhraseLists) {}

  /** Lists the phrases that the caller often writes in opinions. */
  @Get()
  show(@CallerNow() caller: Caller): Promise<Phrases> {
    return this.lists.show(caller);
  }

  /** Replaces the phrases that the caller often writes in opinions. */
  @Put()
  keep(@CallerNow() caller: Caller, @Body() body: Phrases): Promise<Phrases> {
    return this.lists.keep(caller, body);
  }
}
