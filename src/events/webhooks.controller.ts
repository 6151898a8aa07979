import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Id } from '../platform/http/id.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { PerMinute } from '../platform/access/rate-limit.js';
import {
  DeliveryPage,
  DeliveryQuery,
  NewSecret,
  NewWebhook,
  NewWebhookView,
  Replay,
  TestDeliveryView,
  WebhookChanges,
  WebhookView,
} from './webhooks.dto.js';
import { Webhooks } from './webhooks.service.js';
import { ForOffices, JudgedFor } from '../platform/access/may-call.js';

/** A webhook posts an organisation's events to its address, signed: `webhook-id`, `webhook-timestamp`, `webhook-signature`. */
@ApiTags('events')
@ApiBearerAuth()
@Controller('webhooks')
export class WebhooksController {
  constructor(private readonly webhooks: Webhooks) {}

  /** Lists the webhooks of the organisations that the caller administers. */
  @ForOffices('orgAdmin')
  @Get()
  list(@CallerNow() caller: Caller): Promise<WebhookView[]> {
    return this.webhooks.list(caller);
  }

  /** Adds a webhook, which gets what happens from now on. Only this answer shows its secret. */
  @ForOffices('orgAdmin')
  @Post()
  add(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Body() body: NewWebhook): Promise<NewWebhookView> {
    return this.webhooks.add(caller, keyed, body);
  }

  /** Changes the address or the kinds of a webhook, and pauses it or lets it go on. */
  @JudgedFor('orgAdmin')
  @Patch(':id')
  changeWebhook(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Body() body: WebhookChanges,
  ): Promise<WebhookView> {
    return this.webhooks.reset(caller, keyed, id, body);
  }

  /** Sends a signed event of kind `test` now, and answers what became of it. The feed does not move. */
  @JudgedFor('orgAdmin')
  @PerMinute('webhooks/test', { person: 20 })
  @Post(':id/test')
  @HttpCode(200)
  testWebhook(@CallerNow() caller: Caller, @Id() id: string): Promise<TestDeliveryView> {
    return this.webhooks.test(caller, id);
  }

  /** Gives a webhook a new secret. For a while the former one signs beside it. Only this answer shows the new one. */
  @JudgedFor('orgAdmin')
  @Post(':id/secret')
  @HttpCode(200)
  rotateSecret(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Id() id: string,
    @Body() body: NewSecret,
  ): Promise<NewWebhookView> {
    return this.webhooks.rotate(caller, keyed, id, body);
  }

  /** Removes a webhook. The log of its deliveries stays for 30 days. */
  @JudgedFor('orgAdmin')
  @Delete(':id')
  remove(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string): Promise<WebhookView> {
    return this.webhooks.remove(caller, keyed, id);
  }

  /** Lists every attempt of the last 30 days, latest first. */
  @JudgedFor('orgAdmin')
  @Get(':id/deliveries')
  deliveries(@CallerNow() caller: Caller, @Id() id: string, @Query() query: DeliveryQuery): Promise<DeliveryPage> {
    return this.webhooks.deliveries(caller, id, query);
  }

  /** Resumes a suspended webhook at the event where it stopped. */
  @JudgedFor('orgAdmin')
  @Post(':id/resume')
  @HttpCode(200)
  resume(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string): Promise<WebhookView> {
    return this.webhooks.resume(caller, keyed, id);
  }

  /** Sends every event after a place in the feed again. */
  @JudgedFor('orgAdmin')
  @Post(':id/replay')
  @HttpCode(200)
  replay(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: Replay): Promise<WebhookView> {
    return this.webhooks.replay(caller, keyed, id, body);
  }
}
