import { Global, Module, type DynamicModule } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';
import { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import { CLOCK, type Clock } from './clock.js';
import { CONFIG, type Config } from './config.js';
import { applicationOptions, type EntityClass } from './database/data-source.js';
import { FieldCipher } from './database/field-cipher.js';
import { LOG } from './log.js';

/** What each process provides to the slices. */
export interface Process {
  /** How PostgreSQL lists its connections. */
  readonly name: 'xueji-api' | 'xueji-worker';
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly temporal: Client;
}

/** How often a process asks for its database, once a second. A worker without one ends, because its supervisor starts it again. */
const ATTEMPTS = { 'xueji-api': 30, 'xueji-worker': 1 } as const;

/** The ground that every slice stands on, the same in each process: configuration, clock, log, Temporal, the database and its cipher. */
@Global()
@Module({})
export class PlatformModule {
  static over({ name, config, clock, log, temporal }: Process, entities: readonly EntityClass[]): DynamicModule {
    const options = applicationOptions(config.databaseUrl, config.databasePool, name, entities);
    return {
      module: PlatformModule,
      imports: [TypeOrmModule.forRoot({ ...options, retryAttempts: ATTEMPTS[name], retryDelay: 1000 })],
      providers: [
        { provide: CONFIG, useValue: config },
        { provide: CLOCK, useValue: clock },
        { provide: LOG, useValue: log },
        { provide: Client, useValue: temporal },
        { provide: FieldCipher, useValue: new FieldCipher(config.fieldKey, config.indexKey) },
      ],
      exports: [CONFIG, CLOCK, LOG, Client, FieldCipher],
    };
  }
}
