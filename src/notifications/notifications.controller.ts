import { Body, Controller, Get, HttpCode, Post, Put, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { NotificationPage, NotificationQuery, Preferences, PreferencesView, ReadNotifications, UnreadView } from './notifications.dto.js';
import { Notifications } from './notifications.service.js';

@ApiTags('notifications')
@ApiBearerAuth()
@Controller('notifications')
export class NotificationsController {
  constructor(private readonly notifications: Notifications) {}

  /** What the caller was told, latest first, with the number not read yet. */
  @Get()
  list(@CallerNow() caller: Caller, @Query() query: NotificationQuery): Promise<NotificationPage> {
    return this.notifications.list(caller, query);
  }

  /** Marks notifications as read; those already read stay so. */
  @Post('read')
  @HttpCode(200)
  read(@CallerNow() caller: Caller, @Body() body: ReadNotifications): Promise<UnreadView> {
    return this.notifications.read(caller, body);
  }

  /** Of what the caller wants to be told, and whether by mail. */
  @Get('preferences')
  preferences(@CallerNow() caller: Caller): Promise<PreferencesView> {
    return this.notifications.preferences(caller);
  }

  /** Sets of what the caller wants to be told from now on, whether by mail, and where it goes. */
  @Put('preferences')
  prefer(@CallerNow() caller: Caller, @Body() body: Preferences): Promise<PreferencesView> {
    return this.notifications.prefer(caller, body);
  }
}
