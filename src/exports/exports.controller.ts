import { Body, Controller, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import type { JobView } from '../jobs/jobs.dto.js';
import { StartsJob } from '../jobs/starts-job.js';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { ForServices, ReadersOf } from '../platform/access/may-call.js';
import { PerDay } from '../platform/access/rate-limit.js';
import { StartExport } from './exports.dto.js';
import { FigureExports } from './exports.service.js';

@ApiTags('statistics')
@ApiBearerAuth()
@Controller('exports')
export class FigureExportsController {
  constructor(private readonly exports: FigureExports) {}

  /** Starts a job that makes large figures or lists as a file. It counts as one of the exports of the day, and holds no name whole. */
  @ReadersOf('contents')
  @PerDay('exports')
  @ForServices('exports')
  @Post()
  @StartsJob()
  start(@CallerNow() caller: Caller, @Body() body: StartExport): Promise<JobView> {
    return this.exports.start(caller, body);
  }
}
