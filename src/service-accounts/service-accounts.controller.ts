import { Body, Controller, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { ForOffices } from '../platform/access/may-call.js';
import { Id } from '../platform/http/id.js';
import {
  BindServiceSubject,
  IssuedServiceAccountView,
  NewServiceAccount,
  ServiceAccountPage,
  ServiceAccountQuery,
  ServiceAccountReason,
  ServiceAccountView,
} from './service-accounts.dto.js';
import { ServiceAccounts } from './service-accounts.service.js';

/** Accounts of vendors' programs 服务账号, kept by the administrators of an organisation or of the one directly above. */
@ApiTags('service accounts')
@ApiBearerAuth()
@ForOffices('orgAdmin')
@Controller('service-accounts')
export class ServiceAccountsController {
  constructor(private readonly accounts: ServiceAccounts) {}

  /** Lists the service accounts of the organisations that the caller administers, and of those directly below. */
  @Get()
  list(@CallerNow() caller: Caller, @Query() query: ServiceAccountQuery): Promise<ServiceAccountPage> {
    return this.accounts.list(caller, query);
  }

  /** Issues a service account to a vendor's program 签发服务账号. Only this answer shows its key. */
  @Post()
  issueServiceAccount(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Body() body: NewServiceAccount,
  ): Promise<IssuedServiceAccountView> {
    return this.accounts.issue(caller, keyed, body);
  }

  /** Shows a service account with its last use. */
  @Get(':id')
  one(@CallerNow() caller: Caller, @Id() id: string): Promise<ServiceAccountView> {
    return this.accounts.one(caller, id);
  }

  /** Issues a new key in place of the former one, which opens nothing from now on 更换密钥. A bound subject is released. */
  @Post(':id/key')
  @HttpCode(200)
  renewServiceKey(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Body() { reason }: ServiceAccountReason,
  ): Promise<IssuedServiceAccountView> {
    return this.accounts.renewKey(caller, keyed, id, reason);
  }

  /** Opens the account by tokens of a subject of the configured issuer (client credentials) in place of its key 绑定统一身份认证. */
  @Post(':id/subject')
  @HttpCode(200)
  bindServiceSubject(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Body() body: BindServiceSubject,
  ): Promise<ServiceAccountView> {
    return this.accounts.bindSubject(caller, keyed, id, body);
  }

  /** Revokes a service account for good 撤销. The next request with its key or token is refused, whichever process gets it. */
  @Post(':id/revocation')
  @HttpCode(200)
  revokeServiceAccount(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Body() { reason }: ServiceAccountReason,
  ): Promise<ServiceAccountView> {
    return this.accounts.revoke(caller, keyed, id, reason);
  }
}
