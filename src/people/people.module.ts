import { Module } from '@nestjs/common';
import { AccessModule } from '../platform/access/access.module.js';
import { PeopleController } from './people.controller.js';
import { People } from './people.service.js';

/** Accounts of people, by the administrators of their organisations. */
@Module({
  imports: [AccessModule],
  controllers: [PeopleController],
  providers: [People],
})
export class PeopleModule {}
