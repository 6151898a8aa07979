import { IsText } from '../platform/http/is-text.js';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';
import { IsId } from '../platform/http/id.js';
import { PAUSE_CAUSES } from '../domain/case/acts.js';
import { KINDS } from '../domain/procedure/procedure.js';
import { MultiLine } from '../platform/http/texts.js';

/** The operator's reason. It is on record and can be erased. */
export class OperatorReason {
  /** @example 〔2026〕川0104民初12号 */
  @IsText(2000)
  @MultiLine()
  reason: string;
}

export class Pause extends OperatorReason {
  /** `courtOrder` 法院裁定, `investigation` 调查, `other` 其他. @example courtOrder */
  @IsIn(PAUSE_CAUSES)
  cause: (typeof PAUSE_CAUSES)[number];
}

export class Extension extends OperatorReason {
  /** The open task. @example 01a20a8f-e41c-7b05-8d52-6c1a3f0e9b77 */
  @IsId()
  taskId: string;

  /** Working days to add. @example 5 */
  @IsInt()
  @Min(1)
  @Max(60)
  workingDays: number;
}

export class Reroute extends OperatorReason {
  /** @example sourceAuthority */
  @IsText(40)
  step: string;

  /** The organisation that decides the step from now on. @example 5cca9656-2893-595d-8a3f-f900c52b0f24 */
  @IsId()
  to: string;
}

export class ManyReroutes extends Reroute {
  /** The organisation that decides the step now. @example 0b9c2f5e-6a52-5a0c-9b7d-7a6f1f3f2c11 */
  @IsId()
  from: string;

  /** Only requests of this kind. @example transfer */
  @IsOptional()
  @IsIn(KINDS)
  kind?: string;
}

export class RerouteResult {
  /** @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  requestId: string;
  /** @example 2026-0000042 */
  number: string;
  /** HTTP status that the single move would have had. @example 200 */
  status: number;
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  problem?: Record<string, unknown>;
}

export class RerouteAnswer {
  items: RerouteResult[];
  /** `true`: more requests are left than one call moves. Ask again with another key. */
  more: boolean;
}
