import { Body, Controller, Delete, Get, HttpCode, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Id } from '../platform/http/id.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { DeliveryPage, DeliveryQuery, NewWebhook, NewWebhookView, Replay, WebhookView } from './webhooks.dto.js';
import { Webhooks } from './webhooks.service.js';

/** Signed posts of an organisation's events to an address of its own: `webhook-id`, `webhook-timestamp`, `webhook-signature`. */
@ApiTags('events')
@ApiBearerAuth()
@Controller('webhooks')
export class WebhooksController {
  constructor(private readonly webhooks: Webhooks) {}

  /** The webhooks of the organisations that the caller administers. */
  @Get()
  list(@CallerNow() caller: Caller): Promise<WebhookView[]> {
    return this.webhooks.list(caller);
  }

  /** Adds a webhook; it gets what happens from now on. The answer shows its secret this once. */
  @Post()
  add(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Body() body: NewWebhook): Promise<NewWebhookView> {
    return this.webhooks.add(caller, keyed, body);
  }

  /** Removes a webhook; the log of its deliveries stays for 30 days. */
  @Delete(':id')
  remove(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string): Promise<WebhookView> {
    return this.webhooks.remove(caller, keyed, id);
  }

  /** Every attempt of the last 30 days, latest first. */
  @Get(':id/deliveries')
  deliveries(@CallerNow() caller: Caller, @Id() id: string, @Query() query: DeliveryQuery): Promise<DeliveryPage> {
    return this.webhooks.deliveries(caller, id, query);
  }

  /** Goes on with a suspended webhook where it stood. */
  @Post(':id/resume')
  @HttpCode(200)
  resume(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string): Promise<WebhookView> {
    return this.webhooks.resume(caller, keyed, id);
  }

  /** Sends everything after a place in the feed again. */
  @Post(':id/replay')
  @HttpCode(200)
  replay(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: Replay): Promise<WebhookView> {
    return this.webhooks.replay(caller, keyed, id, body);
  }
}
