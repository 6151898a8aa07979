import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { TermTable, TermTableQuery } from '../school-terms/school-terms.dto.js';
import { TermTables } from '../school-terms/term-tables.service.js';
import { UrgePage, UrgeQuery } from '../tasks/urges.dto.js';
import { Urges } from '../tasks/urges.service.js';
import { BulletinQuery } from './bulletin.dto.js';
import { Bulletin } from './bulletin.service.js';
import { OverdueQuery, OverdueTable, OverdueTaskPage, OverdueTaskQuery } from './overdue.dto.js';
import { Overdue } from './overdue.service.js';
import { StalePage, StaleQuery } from './stale.dto.js';
import { Stale } from './stale.service.js';
import { FILE_TYPES } from '../sheets/table.js';
import { ReadersOf, ForOffices } from '../platform/access/may-call.js';
import { REVIEWING } from '../domain/offices.js';

const TYPES = { xlsx: FILE_TYPES.xlsx, pdf: 'application/pdf' } as const;
const FILE = { schema: { type: 'string', format: 'binary' } } as const;

@ApiTags('supervision')
@ApiBearerAuth()
@Controller('supervision')
export class SupervisionController {
  constructor(
    private readonly late: Overdue,
    private readonly old: Stale,
    private readonly asked: Urges,
    private readonly monthly: Bulletin,
    private readonly registered: TermTables,
  ) {}

  /** Counts the overdue tasks at the caller's organisations and below, by authority, school, kind or age, with the trend. */
  @ForOffices(...REVIEWING)
  @Get('overdue')
  overdue(@CallerNow() caller: Caller, @Query() query: OverdueQuery): Promise<OverdueTable> {
    return this.late.table(caller, query);
  }

  /** Lists the overdue tasks, the longest overdue first: a supervisor's inbox. */
  @ForOffices(...REVIEWING)
  @Get('overdue/tasks')
  overdueTasks(@CallerNow() caller: Caller, @Query() query: OverdueTaskQuery): Promise<OverdueTaskPage> {
    return this.late.tasks(caller, query);
  }

  /** Lists open requests that nobody has moved for as long as policy allows, the longest first, for both sides and their superiors. */
  @ReadersOf('cases')
  @Get('stale')
  stale(@CallerNow() caller: Caller, @Query() query: StaleQuery): Promise<StalePage> {
    return this.old.list(caller, query);
  }

  /** Lists the urges of the caller's authorities that ask for an answer, by the day of answer. An urge is `late` after that day. */
  @ForOffices('authoritySupervisor')
  @Get('urges')
  urges(@CallerNow() caller: Caller, @Query() query: UrgeQuery): Promise<UrgePage> {
    return this.asked.list(caller, query);
  }

  /** Counts the registration of a term 学期注册 at the caller's organisations and below, by school or competent authority. */
  @ForOffices(...REVIEWING)
  @Get('terms')
  terms(@CallerNow() caller: Caller, @Query() query: TermTableQuery): Promise<TermTable> {
    return this.registered.table(caller, query);
  }

  /**
   * Downloads the monthly bulletin 通报 as an Excel workbook or a PDF: filed, closed and overdue by province and authority. Overdue tasks of
   * a past month are as they were counted then, or empty when nobody counted.
   */
  @ForOffices('authorityReviewer', 'authoritySupervisor')
  @Get('bulletin')
  @ApiOkResponse({ content: { [TYPES.xlsx]: FILE, [TYPES.pdf]: FILE } })
  async bulletin(@CallerNow() caller: Caller, @Query() query: BulletinQuery): Promise<StreamableFile> {
    const { month, format } = query;
    const file = await this.monthly.file(caller, query);
    return new StreamableFile(file, { type: TYPES[format], disposition: `attachment; filename="bulletin-${month}.${format}"` });
  }
}
