import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { AnyOffice } from '../platform/access/may-call.js';
import { Id } from '../platform/http/id.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { JobPage, JobView } from './jobs.dto.js';
import { Jobs } from './jobs.service.js';

const BINARY = { schema: { type: 'string', format: 'binary' } };

@ApiTags('jobs')
@ApiBearerAuth()
@Controller('jobs')
export class JobsController {
  constructor(private readonly jobs: Jobs) {}

  /** Lists the jobs that the caller started, the latest first. */
  @AnyOffice()
  @Get()
  list(@CallerNow() caller: Caller, @Query() query: PageQuery): Promise<JobPage> {
    return this.jobs.list(caller, query);
  }

  /** Shows how far a job is, what came of it, and what was wrong. */
  @AnyOffice()
  @Get(':id')
  show(@CallerNow() caller: Caller, @Id() id: string): Promise<JobView> {
    return this.jobs.show(caller, id);
  }

  /** Downloads the file that a job has made. What it holds was put on record when the job was started. */
  @AnyOffice()
  @Get(':id/file')
  @ApiOkResponse({ content: { 'application/zip': BINARY, 'application/octet-stream': BINARY } })
  async file(@CallerNow() caller: Caller, @Id() id: string): Promise<StreamableFile> {
    const { name, type, content } = await this.jobs.file(caller, id);
    return new StreamableFile(content, { type, disposition: `attachment; filename="${name}"` });
  }
}
