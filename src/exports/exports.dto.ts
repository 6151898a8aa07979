import { Type } from 'class-transformer';
import { IsIn, IsObject, IsOptional, ValidateIf, ValidateNested } from 'class-validator';
import { FILE_TYPES, type FileFormat } from '../sheets/table.js';
import { EnrolmentFiguresQuery, MovementQuery, RetentionQuery } from '../statistics/statistics.dto.js';

/** What is made as a job: figures, and the doubts of all schools in reach. */
export const EXPORTED = ['enrolments', 'movements', 'retention', 'doubts'] as const;
export type Exported = (typeof EXPORTED)[number];

export class StartExport {
  /** Figures as `GET /statistics/…` has them, or `doubts` of data checks, school by school, with masked names. @example enrolments */
  @IsIn(EXPORTED)
  what: Exported;

  /** Lists of `doubts` are CSV only. @example csv */
  @IsOptional()
  @IsIn(Object.keys(FILE_TYPES))
  format: FileFormat = 'csv';

  /** What `enrolments` are counted by, as in `GET /statistics/enrolments`. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => EnrolmentFiguresQuery)
  enrolments?: EnrolmentFiguresQuery;

  /** As in `GET /statistics/movements`. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => MovementQuery)
  movements?: MovementQuery;

  /** As in `GET /statistics/retention`; the export of `retention` needs it. */
  @ValidateIf(({ what, retention }: StartExport) => what === 'retention' || retention !== undefined)
  @IsObject()
  @ValidateNested()
  @Type(() => RetentionQuery)
  retention?: RetentionQuery;
}
