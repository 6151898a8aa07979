import { ApiProperty, ApiPropertyOptional, PartialType, PickType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  IsArray,
  IsBoolean,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  Length,
  ValidateNested,
} from 'class-validator';
import { KINDS, type Kind } from '../../domain/procedure/procedure.js';
import { BlockerAnswer, FileRequest } from '../requests.dto.js';

/** Whoever files a cross-track transfer may not see the student: one at a time, so that nobody guesses by the hundred. */
export const BATCH_KINDS = KINDS.filter((kind) => kind !== 'crossTrackTransfer');

/** What the rows have in common. A row's own value overrides it. */
export class BatchCommon extends PartialType(PickType(FileRequest, ['evidenceIds', 'evidence', 'reason', 'application'] as const)) {
  /** Details that every row shares. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @IsOptional()
  @IsObject()
  details?: Record<string, unknown>;
}

class BatchOptions {
  /** @example suspension */
  @IsIn(BATCH_KINDS)
  kind: Kind;

  /**
   * 1. `all`: nothing is filed unless every row can be.
   * 2. `valid`: every row that can be is filed.
   * @example all
   */
  @IsOptional()
  @IsIn(['all', 'valid'])
  mode: 'all' | 'valid' = 'all';

  /** Checks every row and files nothing. @example false */
  @IsOptional()
  @IsBoolean()
  dryRun: boolean = false;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => BatchCommon)
  common?: BatchCommon;
}

/** 批量发起: the same kind for up to 500 students. */
export class BatchFilingInput extends BatchOptions {
  /**
   * Each row has `studentId` or `studentNumber`. It may have its own `details`, `evidenceIds`, `evidence`, `reason`, `application`,
   * `externalId`.
   */
  @ApiProperty({
    type: 'array',
    minItems: 1,
    maxItems: 500,
    items: { type: 'object', additionalProperties: true },
  })
  @IsArray()
  @IsObject({ each: true })
  @ArrayNotEmpty()
  @ArrayMaxSize(500)
  items: Record<string, unknown>[];
}

/** The same from a sheet. `options` is a JSON object beside the file. */
export class SheetOptions extends BatchOptions {}

/** One row, its own values over the common ones. */
export class BatchRow extends PartialType(PickType(FileRequest, ['studentId', 'application', 'externalId'] as const)) {
  /** Instead of `studentId`. */
  @IsOptional()
  @IsString()
  @Length(19, 19)
  studentNumber?: string;

  @IsObject()
  details: Record<string, unknown> = {};
}

export class BatchFiledView {
  /** Number of the row from 1, or its line in the sheet. @example 2 */
  row: number;
  /**
   * 1. `filed`.
   * 2. `refused`.
   * 3. `ready`: only other rows stood in the way, or it is a dry run.
   * @example filed
   */
  status: 'filed' | 'refused' | 'ready';
  /** The request that was filed. @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  requestId?: string;
  /** @example 2026-0000118 */
  number?: string;
  /** Every reason why the row can't be filed. */
  blockers?: BlockerAnswer[];
  /** What is wrong with the row itself, as a problem. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  problem?: object;
}

export class BatchFilingView {
  /** How many were filed. @example 120 */
  filed: number;
  /** @example 0 */
  refused: number;
  items: BatchFiledView[];
}
