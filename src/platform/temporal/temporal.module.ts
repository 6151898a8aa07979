import { Module } from '@nestjs/common';
import { AccessModule } from '../access/access.module.js';
import { CodecController } from './codec.controller.js';

/** The codec of the Temporal Web UI. */
@Module({ imports: [AccessModule], controllers: [CodecController] })
export class TemporalModule {}
