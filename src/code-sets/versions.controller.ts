import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { ForOffices, SignedIn } from '../platform/access/may-call.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { VersionParam } from '../platform/http/version-param.js';
import { ChangesView, DraftVersion, VersionPage, VersionView, WithdrawVersion } from './versions.dto.js';
import { CodeSetVersions } from './versions.service.js';

@ApiTags('code sets')
@ApiBearerAuth()
@Controller('code-sets/:name/versions')
export class VersionsController {
  constructor(private readonly versions: CodeSetVersions) {}

  /** Lists the versions of a set that operators keep, the latest first: `majors-2021`, `majors-2010`, `majors-skilled-worker`. */
  @SignedIn()
  @Get()
  list(@CallerNow() caller: Caller, @Param('name') name: string, @Query() query: PageQuery): Promise<VersionPage> {
    return this.versions.list(caller, name, query);
  }

  /** Shows what a draft would add, rename, close and reopen. Nothing is saved. */
  @ForOffices('authoritySupervisor', 'operator')
  @Post('preview')
  @HttpCode(200)
  preview(@CallerNow() caller: Caller, @Param('name') name: string, @Body() body: DraftVersion): Promise<ChangesView> {
    return this.versions.preview(caller, name, body);
  }

  /** 录入目录: drafts a version from the whole list of a document. Nothing holds before a second person activates it. */
  @ForOffices('authoritySupervisor', 'operator')
  @Post()
  draft(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Param('name') name: string,
    @Body() body: DraftVersion,
  ): Promise<VersionView> {
    return this.versions.draft(caller, keyed, name, body);
  }

  /** Shows a version with what it changes of the one that it is based on. */
  @SignedIn()
  @Get(':version')
  show(@CallerNow() caller: Caller, @Param('name') set: string, @VersionParam() version: number): Promise<VersionView> {
    return this.versions.show(caller, { set, version });
  }

  /** A second person of the nation's authority puts a draft into force. Earlier intakes keep what they have. */
  @ForOffices('authoritySupervisor', 'operator')
  @Post(':version/activation')
  @HttpCode(200)
  activate(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Param('name') set: string,
    @VersionParam() version: number,
  ): Promise<VersionView> {
    return this.versions.activate(caller, keyed, { set, version });
  }

  /** Withdraws a draft, with a reason. It stays on record and is never activated. */
  @ForOffices('authoritySupervisor', 'operator')
  @Post(':version/withdrawal')
  @HttpCode(200)
  withdraw(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Param('name') set: string,
    @VersionParam() version: number,
    @Body() body: WithdrawVersion,
  ): Promise<VersionView> {
    return this.versions.withdraw(caller, keyed, { set, version }, body);
  }
}
