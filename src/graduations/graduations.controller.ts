import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { JudgedFor, ReadersOf } from '../platform/access/may-call.js';
import { Id } from '../platform/http/id.js';
import { Conversions } from './conversions.service.js';
import { GraduationReading } from './graduation-reading.service.js';
import {
  ConvertCompletion,
  DrawnUpView,
  DrawUpGraduation,
  GraduationMembersPage,
  GraduationMembersQuery,
  GraduationPage,
  GraduationQuery,
  GraduationView,
  SubmitGraduation,
  WithdrawMembers,
} from './graduations.dto.js';
import { Graduations } from './graduations.service.js';

@ApiTags('graduations')
@ApiBearerAuth()
@Controller('graduations')
export class GraduationsController {
  constructor(
    private readonly graduations: Graduations,
    private readonly conversions: Conversions,
    private readonly reading: GraduationReading,
  ) {}

  /** 毕业名单: the school's clerk draws up who leaves, a class or a list, with what and when. A dry run names what stands in the way. */
  @JudgedFor('schoolClerk')
  @Post()
  drawUp(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Body() body: DrawUpGraduation): Promise<DrawnUpView> {
    return this.graduations.drawUp(caller, keyed, body);
  }

  /** Lists graduations of the schools that the caller's organisations see, the latest first. */
  @ReadersOf('contents')
  @Get()
  list(@CallerNow() caller: Caller, @Query() query: GraduationQuery): Promise<GraduationPage> {
    return this.reading.list(caller, query);
  }

  /** 结业换发毕业: the school's clerk files that a student who completed has passed the assessment; the school's reviewer decides. */
  @JudgedFor('schoolClerk')
  @Post('conversions')
  convert(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Body() body: ConvertCompletion): Promise<GraduationView> {
    return this.conversions.convert(caller, keyed, body);
  }

  /** Shows a graduation: how far it is, how many leave with what, and whether it is late. */
  @ReadersOf('contents')
  @Get(':id')
  show(@CallerNow() caller: Caller, @Id() id: string): Promise<GraduationView> {
    return this.reading.show(caller, id);
  }

  /** Lists the students of a graduation, with what stands in their way until it is submitted. */
  @ReadersOf('contents')
  @Get(':id/members')
  members(@CallerNow() caller: Caller, @Id() id: string, @Query() query: GraduationMembersQuery): Promise<GraduationMembersPage> {
    return this.reading.members(caller, id, query);
  }

  /** 提交审核: opens the case. From the first working day of the window on; later than the leaving day is accepted and marked (Art 18). */
  @JudgedFor('schoolClerk')
  @Post(':id/submission')
  @HttpCode(200)
  submit(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Body() body: SubmitGraduation,
  ): Promise<GraduationView> {
    return this.graduations.submit(caller, keyed, id, body);
  }

  /** 撤出学生: the school's clerk takes students out before they have left, with a reason; then another change of theirs may be filed. */
  @JudgedFor('schoolClerk')
  @Post(':id/withdrawals')
  @HttpCode(200)
  withdraw(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Body() body: WithdrawMembers,
  ): Promise<GraduationView> {
    return this.graduations.withdraw(caller, keyed, id, body);
  }
}
