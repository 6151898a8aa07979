import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { PerDay, PerMinute } from '../platform/access/rate-limit.js';
import { Id } from '../platform/http/id.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { AttestIdentity, RegistrationDetail, RegistrationInput, RegistrationPage, RegistrationQuery } from './registrations.dto.js';
import { Registrations } from './registrations.service.js';
import { ForOffices, ForServices, JudgedFor, ReadersOf } from '../platform/access/may-call.js';

@ApiTags('registrations')
@ApiBearerAuth()
@Controller('registrations')
export class RegistrationsController {
  constructor(private readonly registrations: Registrations) {}

  /** Registers one new student 新生注册. After the check the registration is `pending`, or `held` as a duplicate. */
  @ForOffices('schoolClerk')
  @ForServices('rosters')
  @Post()
  @PerMinute('registering', { address: 120, person: 60, organisation: 300 })
  @PerDay('possibleDuplicates')
  register(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Body() body: RegistrationInput): Promise<RegistrationDetail> {
    return this.registrations.register(caller, keyed, body);
  }

  /** Lists registrations of the caller's schools and of those below, and those held against their students, oldest first. */
  @ReadersOf('contents')
  @Get()
  list(@CallerNow() caller: Caller, @Query() query: RegistrationQuery): Promise<RegistrationPage> {
    return this.registrations.list(caller, query);
  }

  /** 核验原件: a reviewer of the competent authority attests an original of the police. Then the formal number follows. */
  @JudgedFor('authorityReviewer')
  @Post(':id/attestation')
  @HttpCode(200)
  attest(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Body() body: AttestIdentity,
  ): Promise<RegistrationDetail> {
    return this.registrations.attest(caller, keyed, id, body);
  }

  /** Shows one registration with the duplicates that hold it. */
  @ReadersOf('contents')
  @Get(':id')
  show(@CallerNow() caller: Caller, @Id() id: string): Promise<RegistrationDetail> {
    return this.registrations.show(caller, id);
  }
}
