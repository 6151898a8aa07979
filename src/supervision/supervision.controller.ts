import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../access/caller.js';
import { UrgePage, UrgeQuery } from '../tasks/urges.dto.js';
import { Urges } from '../tasks/urges.js';
import { BulletinQuery } from './bulletin.dto.js';
import { Bulletin } from './bulletin.js';
import { OverdueQuery, OverdueTable, OverdueTaskPage, OverdueTaskQuery } from './overdue.dto.js';
import { Overdue } from './overdue.service.js';
import { StalePage, StaleQuery } from './stale.dto.js';
import { Stale } from './stale.service.js';

const SHEET = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

@ApiTags('supervision')
@ApiBearerAuth()
@Controller('supervision')
export class SupervisionController {
  constructor(
    private readonly late: Overdue,
    private readonly old: Stale,
    private readonly asked: Urges,
    private readonly monthly: Bulletin,
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

  /** The urges of the caller's authorities that ask for an answer, by its day; `late` when that day has passed. */
  @Get('urges')
  urges(@CallerNow() caller: Caller, @Query() query: UrgeQuery): Promise<UrgePage> {
    return this.asked.list(caller, query);
  }

  /** The monthly bulletin 通报 as an Excel workbook: filed, closed and overdue by province and authority. */
  @Get('bulletin')
  @ApiOkResponse({ content: { [SHEET]: { schema: { type: 'string', format: 'binary' } } } })
  async bulletin(@CallerNow() caller: Caller, @Query() { month, format }: BulletinQuery): Promise<StreamableFile> {
    const book = await this.monthly.workbook(caller, month);
    return new StreamableFile(book, { type: SHEET, disposition: `attachment; filename="bulletin-${month}.${format}"` });
  }
}
