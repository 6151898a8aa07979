import { Module } from '@nestjs/common';
import { AccessModule } from '../platform/access/access.module.js';
import { EventsController } from './events.controller.js';
import { LiveController } from './live.controller.js';
import { Live } from './live.service.js';
import { WebhooksController } from './webhooks.controller.js';
import { Webhooks } from './webhooks.service.js';

/** The feed of events, and the webhooks that post it. */
@Module({
  imports: [AccessModule],
  controllers: [LiveController, EventsController, WebhooksController],
  providers: [Live, Webhooks],
})
export class EventsModule {}
