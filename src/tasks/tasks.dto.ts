import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Length,
  Matches,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';
import { IsPlainDate } from '../api/plain-date.js';
import { PageQuery } from '../api/page.dto.js';
import type { Verdict } from '../domain/acts.js';
import { KINDS } from '../domain/procedure.js';
import { OrganisationName } from '../organisations/organisations.dto.js';

const VERDICTS = ['approve', 'reject', 'return'] as const;

/** The sealed reply of a school outside this system, recorded on its behalf (A23). */
export class SealedReplyInput {
  @IsString()
  @Length(1, 100)
  documentNumber: string;

  @IsPlainDate()
  repliedOn: string;
}

/** What a decision carries besides verdict and opinion, as the task's `dataSchema` says; left out, a value keeps its default. */
export class DecisionDataInput {
  /** Placement by the destination school: the major; the student's present one when left out. @example 710201 */
  @IsOptional()
  @Matches(/^\d{6}$/)
  majorCode?: string;

  /** Year of intake; the present one when left out. @example 2026 */
  @IsOptional()
  @Matches(/^20\d\d$/)
  grade?: string;

  /** @example 2026级计算机应用2班 */
  @IsOptional()
  @IsString()
  @MaxLength(60)
  className?: string;

  /** First day at the school; the day of effect when left out. @example 2026-12-01 */
  @IsOptional()
  @IsPlainDate()
  firstDay?: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => SealedReplyInput)
  reply?: SealedReplyInput;
}

export class Decision {
  /** `approve` 同意, `reject` 不同意 (ends the request), `return` 退回补正. */
  @IsIn(VERDICTS)
  verdict: Verdict;

  /** Required to reject or return. @example 材料齐全，同意。 */
  @IsString()
  @MaxLength(2000)
  opinion: string = '';

  /** The task's version that was read. */
  @IsInt()
  @Min(1)
  version: number;

  /** As the task's `dataSchema` describes; what has a default may be left out. */
  @IsOptional()
  @ValidateNested()
  @Type(() => DecisionDataInput)
  data?: DecisionDataInput;
}

export class BatchItem extends Decision {
  @IsUUID()
  taskId: string;
}

export class BatchDecisions {
  @ValidateNested({ each: true })
  @Type(() => BatchItem)
  @ArrayMinSize(1)
  @ArrayMaxSize(200)
  items: BatchItem[];
}

export class Reassignment {
  /** The person who takes over; must hold the task's office at the holder. */
  @IsUUID()
  to: string;

  @IsString()
  @Length(1, 2000)
  reason: string;
}

export class TaskQuery extends PageQuery {
  @IsOptional()
  @IsIn(['open', 'decided'])
  state: 'open' | 'decided' = 'open';

  @IsOptional()
  @IsIn(KINDS)
  kind?: string;

  @IsOptional()
  @Transform(({ value }) => (value === 'true' ? true : value === 'false' ? false : (value as unknown)))
  @IsBoolean()
  overdue?: boolean;
}

export class TaskView {
  id: string;
  requestId: string;
  /** @example 2026-0000042 */
  number: string;
  kind: string;
  step: string;
  visit: number;
  /** @example destinationSchool */
  capacity: string;
  /** More than one when one authority stands on both sides. */
  capacities: string[];
  holder: OrganisationName;
  /** The office that decides. */
  office: string;
  onBehalfOf: OrganisationName | null;
  /** The highest superior that sees the overdue task, or null. */
  escalatedTo: OrganisationName | null;
  escalations: OrganisationName[];
  /** @example open */
  state: string;
  version: number;
  /** @example 2026-12-07 */
  dueDate: string;
  /** The midnight after the due date, exclusive. */
  dueAt: string;
  provisional: boolean;
  overdue: boolean;
  /** Working days of this visit. */
  workingDays: number;
  arrivedOn: string;
  maskedName: string;
  sourceSchool: OrganisationName;
  destinationSchool: OrganisationName;
  filer: OrganisationName;
  filedAt: string;
  /** Returns of this step so far. */
  returns: number;
  assigneeId: string | null;
  claimantId: string | null;
  verdict: string | null;
  decidedAt: string | null;
  decidedLate: boolean | null;
}

export class TaskDetail extends TaskView {
  /** What the caller may decide now; empty for who may only look. */
  allowedVerdicts: string[];
  /** JSON Schema of `data`, or null when the decision carries none. */
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  dataSchema: Record<string, unknown> | null;
}

export class TaskPage {
  items: TaskView[];
  nextCursor: string | null;
}

export class BatchResult {
  taskId: string;
  /** HTTP status that the single decision would have had. */
  status: number;
  task?: TaskDetail;
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  problem?: Record<string, unknown>;
}

export class BatchAnswer {
  items: BatchResult[];
}
