import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { AnyOffice, ForOffices } from '../platform/access/may-call.js';
import { Id } from '../platform/http/id.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { CloseLateWindow, LateWindowPage, LateWindowView, OpenLateWindow } from './late-windows.dto.js';
import { LateWindows } from './late-windows.service.js';

@ApiTags('registrations')
@ApiBearerAuth()
@Controller('late-windows')
export class LateWindowsController {
  constructor(private readonly windows: LateWindows) {}

  /** 开放补办期: a province's supervisor opens a window for late registrations of one intake, on the province's document. */
  @ForOffices('authoritySupervisor')
  @Post()
  open(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Body() body: OpenLateWindow): Promise<LateWindowView> {
    return this.windows.open(caller, keyed, body);
  }

  /** Lists the windows of the provinces in which the caller holds an office, latest first. */
  @AnyOffice()
  @Get()
  list(@CallerNow() caller: Caller, @Query() query: PageQuery): Promise<LateWindowPage> {
    return this.windows.list(caller, query);
  }

  /** 提前截止: a province's supervisor closes a window before its last day, with a reason. */
  @ForOffices('authoritySupervisor')
  @Post(':id/closing')
  @HttpCode(200)
  close(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Body() body: CloseLateWindow,
  ): Promise<LateWindowView> {
    return this.windows.close(caller, keyed, id, body);
  }
}
