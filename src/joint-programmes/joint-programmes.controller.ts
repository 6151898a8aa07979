import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Id } from '../platform/http/id.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { BatchFilingView } from '../requests/batch/batch-filing.dto.js';
import { EstablishJointProgramme, JointProgrammePage, JointProgrammeView, ProgrammeCohort } from './joint-programmes.dto.js';
import { JointProgrammes } from './joint-programmes.service.js';
import { AnyOffice, ForOffices, JudgedFor } from '../platform/access/may-call.js';

@ApiTags('joint programmes')
@ApiBearerAuth()
@Controller('joint-programmes')
export class JointProgrammesController {
  constructor(private readonly programmes: JointProgrammes) {}

  /** Establishes a joint programme 联合办学, for a supervisor of an authority over all its schools, or of a province of one of them. */
  @ForOffices('authoritySupervisor')
  @Post()
  establish(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Body() body: EstablishJointProgramme): Promise<JointProgrammeView> {
    return this.programmes.establish(caller, keyed, body);
  }

  /** Lists the joint programmes of the caller's schools or of schools below the caller's authorities, latest first. */
  @AnyOffice()
  @Get()
  list(@CallerNow() caller: Caller, @Query() query: PageQuery): Promise<JointProgrammePage> {
    return this.programmes.list(caller, query);
  }

  /** Shows one joint programme. */
  @AnyOffice()
  @Get(':id')
  show(@CallerNow() caller: Caller, @Id() id: string): Promise<JointProgrammeView> {
    return this.programmes.show(caller, id);
  }

  /** The clerk of a school files a transfer for each student of a cohort. All rows are checked first; each has its result. */
  @JudgedFor('schoolClerk')
  @Post(':id/cohort-transfers')
  @HttpCode(200)
  transfer(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Body() body: ProgrammeCohort,
  ): Promise<BatchFilingView> {
    return this.programmes.transfer(caller, keyed, id, body);
  }
}
