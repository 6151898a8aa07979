import { Body, Controller, Get, HttpCode, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { Id } from '../platform/http/id.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { EndProxy, GrantProxy, ProxyList, ProxyView } from './proxies.dto.js';
import { Proxies } from './proxies.service.js';
import { ForOffices, JudgedFor, SignedIn } from '../platform/access/may-call.js';
import { BY_PROXY } from '../domain/offices.js';

@ApiTags('organisations')
@ApiBearerAuth()
@Controller('me/proxies')
export class ProxiesController {
  constructor(private readonly proxies: Proxies) {}

  /** 代理: names a person who acts on tasks in the caller's own office during an absence. */
  @ForOffices(...BY_PROXY)
  @Post()
  grant(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Body() body: GrantProxy): Promise<ProxyView> {
    return this.proxies.grant(caller, keyed, body);
  }

  /** Lists the proxies that the caller gave, and those that the caller has. */
  @SignedIn()
  @Get()
  list(@CallerNow() caller: Caller): Promise<ProxyList> {
    return this.proxies.list(caller);
  }

  /** The absent person ends a proxy before its time. */
  @JudgedFor(...BY_PROXY)
  @Post(':id/end')
  @HttpCode(200)
  end(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: EndProxy): Promise<ProxyView> {
    return this.proxies.end(caller, keyed, id, body);
  }
}
