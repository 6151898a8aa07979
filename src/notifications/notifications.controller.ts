import { Body, Controller, Get, HttpCode, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { NotificationPage, NotificationQuery, Preferences, PreferencesView, ReadNotifications, UnreadView } from './notifications.dto.js';
import { Notifications } from './notifications.service.js';
import { SignedIn } from '../platform/access/may-call.js';

@ApiTags('notifications')
@ApiBearerAuth()
@SignedIn()
@Controller('notifications')
export class NotificationsController {
  constructor(private readonly notifications: Notifications) {}

  /** Lists the caller's notifications, latest first, with the number of those not read yet. */
  @Get()
  list(@CallerNow() caller: Caller, @Query() query: NotificationQuery): Promise<NotificationPage> {
    return this.notifications.list(caller, query);
  }

  /** Marks notifications as read. Those already read stay so. */
  @Post('read')
  @HttpCode(200)
  read(@CallerNow() caller: Caller, @Body() body: ReadNotifications): Promise<UnreadView> {
    return this.notifications.read(caller, body);
  }

  /** Shows which notifications the caller wants, and whether by mail. */
  @Get('preferences')
  preferences(@CallerNow() caller: Caller): Promise<PreferencesView> {
    return this.notifications.preferences(caller);
  }

  /** Sets which notifications the caller wants from now on, whether by mail, and to which address. */
  @Put('preferences')
  prefer(@CallerNow() caller: Caller, @Body() body: Preferences): Promise<PreferencesView> {
    return this.notifications.prefer(caller, body);
  }
}
