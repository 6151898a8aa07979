import { Module } from '@nestjs/common';
import { AccessModule } from '../platform/access/access.module.js';
import { NotificationsController } from './notifications.controller.js';
import { Notifications } from './notifications.service.js';

/** What each person is told, and how they want to be told. */
@Module({
  imports: [AccessModule],
  controllers: [NotificationsController],
  providers: [Notifications],
})
export class NotificationsModule {}
