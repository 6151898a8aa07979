import { Module } from '@nestjs/common';
import { AccessModule } from '../platform/access/access.module.js';
import { ServiceAccountsController } from './service-accounts.controller.js';
import { ServiceAccounts } from './service-accounts.service.js';

/** 服务账号: accounts of vendors' programs. */
@Module({
  imports: [AccessModule],
  controllers: [ServiceAccountsController],
  providers: [ServiceAccounts],
})
export class ServiceAccountsModule {}
