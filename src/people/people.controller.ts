import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Id } from '../platform/http/id.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { AccountReason, BindSubject, EnteredPerson, NewPerson, PersonPage, PersonView } from './people.dto.js';
import { People } from './people.service.js';
import { ForOffices } from '../platform/access/may-call.js';

/** Administrators of an organisation or of a superior keep the accounts of its people (A22). */
@ApiTags('people')
@ApiBearerAuth()
@ForOffices('orgAdmin')
@Controller()
export class PeopleController {
  constructor(private readonly people: People) {}

  /** Lists the people who were entered at an organisation, for its administrators and those above. */
  @Get('organisations/:id/people')
  list(@CallerNow() caller: Caller, @Id() id: string, @Query() query: PageQuery): Promise<PersonPage> {
    return this.people.list(caller, id, query);
  }

  /**
   * An administrator of the organisation or of its parent enters a person 录入人员, with a one-time password or bound to a subject of the
   * configured issuer. Offices are granted apart.
   */
  @Post('organisations/:id/people')
  enter(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: NewPerson): Promise<EnteredPerson> {
    return this.people.enter(caller, keyed, id, body);
  }

  /** Disables an account 停用. Its sessions end at once, and its offices give nothing until it is enabled. */
  @Post('people/:id/disabling')
  @HttpCode(200)
  disable(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: AccountReason): Promise<PersonView> {
    return this.people.disable(caller, keyed, id, body.reason);
  }

  /** Enables a disabled account again 启用. */
  @Post('people/:id/enabling')
  @HttpCode(200)
  enable(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: AccountReason): Promise<PersonView> {
    return this.people.enable(caller, keyed, id, body.reason);
  }

  /**
   * Binds a subject of the configured issuer to an account without a password 绑定统一身份认证, in place of its former subject. It is told to
   * the person and the superior. Accounts of administrators and operators are not bound.
   */
  @Post('people/:id/subject')
  @HttpCode(200)
  bind(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: BindSubject): Promise<PersonView> {
    return this.people.bindSubject(caller, keyed, id, body);
  }

  /** Replaces a forgotten password by a one-time password 重置密码. Sessions end at once. */
  @Post('people/:id/password-reset')
  @HttpCode(200)
  resetPassword(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Body() body: AccountReason,
  ): Promise<EnteredPerson> {
    return this.people.resetPassword(caller, keyed, id, body.reason);
  }
}
