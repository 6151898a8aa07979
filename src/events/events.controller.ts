import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { watchingAt } from '../domain/offices.js';
import { inScope } from '../platform/database/in-scope.js';
import { EventPage, EventQuery } from './events.dto.js';
import { eventsAfter } from './events.store.js';
import { ReadersOf } from '../platform/access/may-call.js';

@ApiTags('events')
@ApiBearerAuth()
@ReadersOf('cases')
@Controller('events')
export class EventsController {
  constructor(@InjectDataSource() private readonly db: DataSource) {}

  /** Lists what happened to the requests that the caller's organisations see. Events of one request come in order, each at least once. */
  @Get()
  list(@CallerNow() caller: Caller, @Query() query: EventQuery): Promise<EventPage> {
    return inScope(this.db, caller, (tx) => eventsAfter(tx, watchingAt(caller), query));
  }
}
