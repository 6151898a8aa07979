import { IsIn, IsOptional } from 'class-validator';
import { IsFlag } from '../platform/http/flag.js';
import { IsId } from '../platform/http/id.js';
import { IsText } from '../platform/http/is-text.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { IsPlainDate } from '../platform/http/plain-date.js';
import { CASE_KINDS } from '../domain/procedure/procedure.js';

/** What requests and tasks are found by. A day is one in Asia/Shanghai, and both ends of a span are part of it. */
export class CaseFilters extends PageQuery {
  @IsOptional()
  @IsIn(CASE_KINDS)
  kind?: string;

  /** The step of a task, of a request that of an open task. @example destinationSchool */
  @IsOptional()
  @IsText(40)
  step?: string;

  /** The request with this number. @example 2026-0000042 */
  @IsOptional()
  @IsText(40)
  number?: string;

  /** @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  @IsOptional()
  @IsId()
  studentId?: string;

  /** The school that the student leaves or studies at, or the destination. @example 5cca9656-2893-595d-8a3f-f900c52b0f24 */
  @IsOptional()
  @IsId()
  schoolId?: string;

  /** The person who filed. @example 0192f5c2-0000-7000-8000-000000000001 */
  @IsOptional()
  @IsId()
  filedBy?: string;

  /** The person to whom an open task was handed or delegated, or who has claimed it. @example 0192f5c2-0000-7000-8000-000000000001 */
  @IsOptional()
  @IsId()
  heldBy?: string;

  /** The first day of filing. @example 2026-11-01 */
  @IsOptional()
  @IsPlainDate()
  filedFrom?: string;

  /** The last day of filing. @example 2026-11-30 */
  @IsOptional()
  @IsPlainDate()
  filedTo?: string;

  /** The earliest due date, of a request that of an open task. @example 2026-12-01 */
  @IsOptional()
  @IsPlainDate()
  dueFrom?: string;

  /** The latest due date. @example 2026-12-31 */
  @IsOptional()
  @IsPlainDate()
  dueTo?: string;

  /** By default the latest filing first, and the nearest deadline first. @example desc */
  @IsOptional()
  @IsIn(['asc', 'desc'])
  order?: 'asc' | 'desc';

  /** Only those with a task that is overdue (true), or only those without (false). */
  @IsOptional()
  @IsFlag()
  overdue?: boolean;
}

/** A student by what no address may hold. */
export class NamedStudent {
  /** The whole name. @example 顾家杰 */
  @IsOptional()
  @IsText(60)
  name?: string;

  /** 学籍号. @example G33010620100101123X */
  @IsOptional()
  @IsText(19, { least: 19 })
  studentNumber?: string;
}
