import { Module } from '@nestjs/common';
import { CasesModule } from '../cases/cases.module.js';
import { AccessModule } from '../platform/access/access.module.js';
import { PoliciesModule } from '../policies/policies.module.js';
import { OrdersController } from './orders.controller.js';
import { Orders } from './orders.service.js';

/** 责令: orders of an authority to a school below it. */
@Module({
  imports: [AccessModule, CasesModule, PoliciesModule],
  controllers: [OrdersController],
  providers: [Orders],
})
export class OrdersModule {}
