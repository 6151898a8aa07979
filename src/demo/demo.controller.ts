import { Controller, Get, Inject } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Problem } from '../platform/http/problem.js';
import { CONFIG, type Config } from '../platform/config.js';
import { inScope } from '../platform/database/in-scope.js';
import { demoDirectory } from './demo-directory.js';
import { DemoView } from './demo.dto.js';
import { Public } from '../platform/access/may-call.js';

@ApiTags('demonstration')
@Public()
@Controller('demo')
export class DemoController {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Lists the accounts and students of the demonstration. Any other system answers 404. */
  @Get()
  show(): Promise<DemoView> {
    if (!this.config.demo) throw new Problem('not-found');
    return inScope(this.db, 'system', (tx) => demoDirectory(tx));
  }
}
