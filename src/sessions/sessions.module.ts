import { Module } from '@nestjs/common';
import { AccessModule } from '../platform/access/access.module.js';
import { BrowserSessionsController } from './browser-sessions.controller.js';
import { BrowserSessions } from './browser-sessions.service.js';
import { issuerClient } from './issuer-client.provider.js';
import { IssuerSignInController } from './issuer-sign-in.controller.js';
import { IssuerSignIn } from './issuer-sign-in.service.js';
import { OwnSessionsController } from './own-sessions.controller.js';
import { OwnSessionsService } from './own-sessions.service.js';
import { SessionsController } from './sessions.controller.js';
import { Sessions } from './sessions.service.js';

/** Signing in and out, by token or by cookie, who one is, and the own password. */
@Module({
  imports: [AccessModule],
  controllers: [SessionsController, OwnSessionsController, IssuerSignInController, BrowserSessionsController],
  providers: [BrowserSessions, issuerClient, IssuerSignIn, OwnSessionsService, Sessions],
  exports: [BrowserSessions],
})
export class SessionsModule {}
