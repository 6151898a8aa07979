import { Module } from '@nestjs/common';
import { AccessModule } from '../platform/access/access.module.js';
import { SessionsModule } from '../sessions/sessions.module.js';
import { DemoSessionsController } from './demo-sessions.controller.js';
import { DemoController } from './demo.controller.js';

/** The accounts and students of the demonstration. */
@Module({
  imports: [AccessModule, SessionsModule],
  controllers: [DemoController, DemoSessionsController],
})
export class DemoModule {}
