import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { CursorQuery } from '../platform/http/page.dto.js';
import { IsPlainDate } from '../platform/http/plain-date.js';

export class CodeSetQuery extends CursorQuery {
  /** The set as it was in force at the end of this day. A set of the release has only its present state. @example 2026-11-30 */
  @IsOptional()
  @IsPlainDate()
  asOf?: string;

  /** Only majors that are open to this year of intake. @example "2027" */
  @IsOptional()
  @Matches(/^20\d\d$/)
  intake?: string;

  /** Codes in one page, 1 to 1,000, which is the default. @example 200 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  limit: number = 1000;
}

export class CodeSetSummary {
  /** Its name in addresses. @example majors */
  name: string;
  /** @example 专业 */
  zh: string;
  /** @example Majors */
  en: string;
  /** The standard or document that settles it, or null. @example GB/T 2260 */
  standard: string | null;
  /** `release`: it comes with the product. `versions`: operators keep it, at `…/versions`. @example versions */
  keptBy: string;
  /** The version in force, or null of a set that comes with the product. @example 1 */
  version: number | null;
}

export class CodeSetList {
  items: CodeSetSummary[];
  nextCursor: string | null;
}

export class CodeSetView extends CodeSetSummary {
  /** Each with `code` and `zh`; majors also with their catalogue, category, group and the intakes to which they are open. */
  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true } })
  items: object[];
  nextCursor: string | null;
}
