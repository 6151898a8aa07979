import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Id } from '../platform/http/id.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { EndOffice, GrantOffice, OfficeHolderView, OrganisationDetail, OrganisationPage, OrganisationQuery } from './organisations.dto.js';
import { Offices } from './offices.service.js';
import { Organisations } from './organisations.service.js';
import { AnyOffice, ForOffices, JudgedFor, SignedIn } from '../platform/access/may-call.js';

@ApiTags('organisations')
@ApiBearerAuth()
@Controller('organisations')
export class OrganisationsController {
  constructor(
    private readonly organisations: Organisations,
    private readonly offices: Offices,
  ) {}

  /** Lists authorities and schools, for every signed-in person. */
  @SignedIn()
  @Get()
  list(@Query() query: OrganisationQuery): Promise<OrganisationPage> {
    return this.organisations.list(query);
  }

  /** Shows one authority or school, also one that is closed, for every signed-in person. */
  @SignedIn()
  @Get(':id')
  show(@Id() id: string): Promise<OrganisationDetail> {
    return this.organisations.show(id);
  }

  /** Lists who holds an office there, now or before, for its own people and its superiors. */
  @AnyOffice()
  @Get(':id/offices')
  holders(@CallerNow() caller: Caller, @Id() id: string): Promise<OfficeHolderView[]> {
    return this.offices.holders(caller, id);
  }

  /**
   * An administrator of the organisation or of its parent grants an office to another person (A22). It may begin later and may have an
   * end. Every office but a clerk's waits until `pendingUntil` for a second administrator: `POST /office-grants/:id/confirmation`.
   */
  @ForOffices('orgAdmin')
  @Post(':id/offices')
  grant(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: GrantOffice): Promise<OfficeHolderView> {
    return this.offices.grant(caller, keyed, id, body);
  }

  /** Ends an office now, or before it has begun. What was done in it stays. */
  @JudgedFor('orgAdmin')
  @Post(':id/offices/:officeId/end')
  @HttpCode(200)
  end(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Id('officeId') officeId: string,
    @Body() body: EndOffice,
  ): Promise<OfficeHolderView> {
    return this.offices.end(caller, keyed, { id, officeId }, body);
  }
}
