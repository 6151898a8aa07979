import { Controller, Get, Query, StreamableFile } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { ReadersOf } from '../platform/access/may-call.js';
import { FILE_TYPES, fileOf, type FileFormat, type Table } from '../sheets/table.js';
import {
  EnrolmentFigures,
  EnrolmentFiguresQuery,
  EnrolmentFileQuery,
  MovementFigures,
  MovementFileQuery,
  MovementQuery,
  RetentionFigures,
  RetentionFileQuery,
  RetentionQuery,
} from './statistics.dto.js';
import { Statistics } from './statistics.service.js';
import { enrolmentTable, movementTable, retentionTable } from './statistics.tables.js';

const BINARY = { schema: { type: 'string', format: 'binary' } } as const;
const FILE = { content: { [FILE_TYPES.xlsx]: BINARY, 'text/csv': BINARY } };

@ApiTags('statistics')
@ApiBearerAuth()
@Controller('statistics')
export class StatisticsController {
  constructor(private readonly statistics: Statistics) {}

  /** 学籍统计: counts the students at the caller's organisations and below as they stood on a day. */
  @ReadersOf('contents')
  @Get('enrolments')
  enrolments(@CallerNow() caller: Caller, @Query() query: EnrolmentFiguresQuery): Promise<EnrolmentFigures> {
    return this.statistics.enrolments(caller, query);
  }

  /** Downloads the same as an Excel workbook or a CSV. */
  @ReadersOf('contents')
  @Get('enrolments/file')
  @ApiOkResponse(FILE)
  async enrolmentFile(@CallerNow() caller: Caller, @Query() query: EnrolmentFileQuery): Promise<StreamableFile> {
    const figures = await this.statistics.enrolments(caller, query);
    return download(enrolmentTable(figures), query.format, `enrolments-${figures.on}`);
  }

  /** 学生变动情况: counts what came in and went out in a school year, by school or competent authority. */
  @ReadersOf('contents')
  @Get('movements')
  movements(@CallerNow() caller: Caller, @Query() query: MovementQuery): Promise<MovementFigures> {
    return this.statistics.movements(caller, query);
  }

  /** Downloads the same as an Excel workbook or a CSV. */
  @ReadersOf('contents')
  @Get('movements/file')
  @ApiOkResponse(FILE)
  async movementFile(@CallerNow() caller: Caller, @Query() query: MovementFileQuery): Promise<StreamableFile> {
    const figures = await this.statistics.movements(caller, query);
    return download(movementTable(figures), query.format, `movements-${figures.schoolYear}`);
  }

  /** 巩固率: of a cohort on roll on a day, counts who is on roll or finished on a later one, and how the others left. */
  @ReadersOf('contents')
  @Get('retention')
  retention(@CallerNow() caller: Caller, @Query() query: RetentionQuery): Promise<RetentionFigures> {
    return this.statistics.retention(caller, query);
  }

  /** Downloads the same as an Excel workbook or a CSV. */
  @ReadersOf('contents')
  @Get('retention/file')
  @ApiOkResponse(FILE)
  async retentionFile(@CallerNow() caller: Caller, @Query() query: RetentionFileQuery): Promise<StreamableFile> {
    const figures = await this.statistics.retention(caller, query);
    return download(retentionTable(figures), query.format, `retention-${figures.grade}-${figures.on}`);
  }
}

async function download(table: Table, format: FileFormat, name: string): Promise<StreamableFile> {
  const file = await fileOf(table, format);
  return new StreamableFile(file, { type: FILE_TYPES[format], disposition: `attachment; filename="${name}.${format}"` });
}
