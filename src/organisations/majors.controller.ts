import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { JudgedFor, SignedIn } from '../platform/access/may-call.js';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Id } from '../platform/http/id.js';
import { FileMajors, MajorsQuery, OfferView } from './majors.dto.js';
import { Majors } from './majors.service.js';

@ApiTags('organisations')
@ApiBearerAuth()
@Controller('organisations/:id/majors')
export class MajorsController {
  constructor(private readonly majors: Majors) {}

  /** Lists the majors 专业 that a school offers, by year of intake, for every signed-in person. */
  @SignedIn()
  @Get()
  list(@CallerNow() caller: Caller, @Id() id: string, @Query() { intake }: MajorsQuery): Promise<OfferView[]> {
    return this.majors.list(caller, id, intake);
  }

  /**
   * Files what a school offers to a year of intake 专业备案: its clerk, or a supervisor of an authority above it. Registration, placement and
   * change of major go by it. What students of that intake study stays on the list.
   */
  @JudgedFor('schoolClerk', 'authoritySupervisor')
  @Post()
  @HttpCode(200)
  file(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: FileMajors): Promise<OfferView[]> {
    return this.majors.file(caller, keyed, id, body);
  }
}
