import { IsText } from '../platform/http/is-text.js';
import { Distinct } from '../platform/http/lists.js';
import { ArrayMaxSize, IsIn, IsOptional } from 'class-validator';
import { IsId } from '../platform/http/id.js';
import { MultiLine } from '../platform/http/texts.js';

export class Comment {
  /** @example 请留意学生已成年 */
  @IsText(2000)
  @MultiLine()
  comment: string;

  /** Persons mentioned, each with an office at an organisation that sees the request. @example ["9e3b8136-9634-504a-984e-f340fb23cf18"] */
  @IsOptional()
  @IsId(true)
  @Distinct()
  @ArrayMaxSize(20)
  mentions?: string[];
}

/** 异议: what the student or the guardian says against the request (A21). */
export class Objection {
  /** @example guardian */
  @IsIn(['student', 'guardian'])
  objector: 'student' | 'guardian';

  /** @example 监护人不同意退学 */
  @IsText(2000)
  @MultiLine()
  objection: string;
}

export class Copy {
  /** An authority, which from then on sees the request. @example 0b9c2f5e-6a52-5a0c-9b7d-7a6f1f3f2c11 */
  @IsId()
  to: string;

  /** @example 供参考 */
  @IsText(2000)
  @MultiLine()
  reason: string;
}
