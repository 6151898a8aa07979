import { Module } from '@nestjs/common';
import { AccessModule } from '../platform/access/access.module.js';
import { DemoController } from './demo.controller.js';

/** The accounts and students of the demonstration. */
@Module({
  imports: [AccessModule],
  controllers: [DemoController],
})
export class DemoModule {}
