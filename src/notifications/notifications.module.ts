import { Module } from '@nestjs/common';
import { AccessModule } from '../platform/access/access.module.js';
import { NotificationsController } from './notifications.controller.js';
import { Notifications } from './notifications.service.js';

/** Each person's notifications, and how the person wants them. */
@Module({
  imports: [AccessModule],
  controllers: [NotificationsController],
  providers: [Notifications],
})
export class NotificationsModule {}
