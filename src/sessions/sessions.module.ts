import { Module } from '@nestjs/common';
import { AccessModule } from '../platform/access/access.module.js';
import { SessionsController } from './sessions.controller.js';
import { Sessions } from './sessions.service.js';

/** Signing in and out, who one is, and the own password. */
@Module({
  imports: [AccessModule],
  controllers: [SessionsController],
  providers: [Sessions],
})
export class SessionsModule {}
