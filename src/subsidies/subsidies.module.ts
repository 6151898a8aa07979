import { Module } from '@nestjs/common';
import { AccessModule } from '../platform/access/access.module.js';
import { SubsidiesController } from './subsidies.controller.js';
import { Subsidies } from './subsidies.service.js';

/** 资助: what the register says to those who pay subsidies. */
@Module({ imports: [AccessModule], controllers: [SubsidiesController], providers: [Subsidies] })
export class SubsidiesModule {}
