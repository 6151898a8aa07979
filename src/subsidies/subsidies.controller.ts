import { Controller, Get, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { ForOffices } from '../platform/access/may-call.js';
import { EligiblePage, EligibleQuery, SubsidyChangesPage, SubsidyChangesQuery } from './subsidies.dto.js';
import { Subsidies } from './subsidies.service.js';

@ApiTags('subsidies')
@ApiBearerAuth()
@Controller('subsidies')
export class SubsidiesController {
  constructor(private readonly subsidies: Subsidies) {}

  /** 免学费、国家助学金: lists the full-time students in study in a month at the schools of the caller's authority and below. */
  @ForOffices('authorityReviewer')
  @Get('students')
  students(@CallerNow() caller: Caller, @Query() query: EligibleQuery): Promise<EligiblePage> {
    return this.subsidies.eligible(caller, query);
  }

  /** Lists whose enrolments changed since a day: who came, left, was suspended or resumed. */
  @ForOffices('authorityReviewer')
  @Get('changes')
  changes(@CallerNow() caller: Caller, @Query() query: SubsidyChangesQuery): Promise<SubsidyChangesPage> {
    return this.subsidies.changes(caller, query);
  }
}
