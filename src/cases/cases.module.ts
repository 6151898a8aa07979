import { Module } from '@nestjs/common';
import { getDataSourceToken } from '@nestjs/typeorm';
import { Client } from '@temporalio/client';
import type { DataSource } from 'typeorm';
import { CalendarModule } from '../calendar/calendar.module.js';
import { AccessModule } from '../platform/access/access.module.js';
import { CONFIG, type Config } from '../platform/config.js';
import { CaseContext } from './case-context.js';
import { CaseMoves } from './case-moves.js';
import { wakeOne, Wakes } from './wakes.js';

/** The engine of a case, for the slices that read it or move it. */
@Module({
  imports: [AccessModule, CalendarModule],
  providers: [
    CaseContext,
    CaseMoves,
    {
      provide: Wakes,
      inject: [Client, getDataSourceToken(), CONFIG],
      useFactory: (client: Client, db: DataSource, { temporal: { taskQueue } }: Config) =>
        new Wakes((wake) => wakeOne({ client, db, taskQueue }, wake)),
    },
  ],
  exports: [CaseContext, CaseMoves, Wakes],
})
export class CasesModule {}
