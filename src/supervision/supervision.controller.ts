import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../access/caller.js';
import { OverdueQuery, OverdueTable, OverdueTaskPage, OverdueTaskQuery } from './overdue.dto.js';
import { Overdue } from './overdue.service.js';
import { StalePage, StaleQuery } from './stale.dto.js';
import { Stale } from './stale.service.js';

@ApiTags('supervision')
@ApiBearerAuth()
@Controller('supervision')
export class SupervisionController {
  constructor(
    private readonly late: Overdue,
    private readonly old: Stale,
  ) {}

  /** How many tasks are overdue at the caller's organisations and below, by authority, school, kind or age, with the trend. */
  @Get('overdue')
  overdue(@CallerNow() caller: Caller, @Query() query: OverdueQuery): Promise<OverdueTable> {
    return this.late.table(caller, query);
  }

  /** The overdue tasks themselves, the longest overdue first: a supervisor's inbox. */
  @Get('overdue/tasks')
  overdueTasks(@CallerNow() caller: Caller, @Query() query: OverdueTaskQuery): Promise<OverdueTaskPage> {
    return this.late.tasks(caller, query);
  }

  /** Open requests that nobody has moved for as long as policy says, the longest first: for both sides and their superiors. */
  @Get('stale')
  stale(@CallerNow() caller: Caller, @Query() query: StaleQuery): Promise<StalePage> {
    return this.old.list(caller, query);
  }
}
