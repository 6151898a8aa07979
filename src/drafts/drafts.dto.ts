import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsInt, IsObject, IsOptional, Min } from 'class-validator';
import { KINDS } from '../domain/procedure/procedure.js';
import { IsText } from '../platform/http/is-text.js';

const CONTENT = { reason: '随父母迁居', details: {} };

export class DraftInput {
  /** The version that was read; left out for a draft that is new. @example 3 */
  @IsOptional()
  @IsInt()
  @Min(1)
  version?: number;

  /** The kind of request, once it is chosen. @example transfer */
  @IsOptional()
  @IsIn(KINDS)
  kind?: string;

  /** What the caller calls it. @example 转学：顾家杰 */
  @IsOptional()
  @IsText(100)
  title?: string;

  /** What was entered so far, in the client's own words, at most 64 kB of JSON. Nothing in it is checked, and `null` is left out. */
  @IsObject()
  @ApiProperty({ type: 'object', additionalProperties: true, example: CONTENT })
  content: Record<string, unknown>;
}

export class DraftView {
  id: string;
  /** @example transfer */
  kind: string | null;
  /** @example 转学：顾家杰 */
  title: string;
  /** @example 3 */
  version: number;
  savedAt: string;
  /** When it is gone, unless it is saved again. @example 2026-12-24T06:38:54.245+08:00 */
  keptUntil: string;
}

export class DraftDetail extends DraftView {
  @ApiProperty({ type: 'object', additionalProperties: true, example: CONTENT })
  content: object;
}
