import { IsText } from '../platform/http/is-text.js';
import { ApiProperty } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { IsFlag } from '../platform/http/flag.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { IsPlainDate } from '../platform/http/plain-date.js';
import { OrganisationName } from '../organisations/organisations.dto.js';
import { MultiLine } from '../platform/http/texts.js';

export class TaskUrge {
  /**
   * The day by which the holder must answer, today at the earliest and within 90 days. Without it no answer is asked for.
   * @example 2026-12-01
   */
  @IsOptional()
  @IsPlainDate()
  answerBy?: string;

  /** What the holder is asked. @example 请说明逾期原因及办结日期。 */
  @IsOptional()
  @IsText(1000)
  @MultiLine()
  note?: string;
}

export class UrgeAnswer {
  /** @example 已补充核查，将于本周内办结。 */
  @IsText(1000)
  @MultiLine()
  answer: string;
}

export class UrgeQuery extends PageQuery {
  /** `true`: only those with an answer; `false`: only those that wait for one. @example false */
  @IsOptional()
  @IsFlag()
  answered?: boolean;
}

/** Where an urge that asks for an answer stands. */
const URGE_STATES = ['answered', 'open', 'void'] as const;

export class UrgeView {
  requestId: string;
  /** Place of the urge among the acts of the request. @example 7 */
  seq: number;
  /** @example 2026-0000118 */
  number: string;
  taskId: string;
  holder: OrganisationName;
  /** The authority that urged. */
  by: OrganisationName;
  /** @example 2026-12-01 */
  answerBy: string;
  urgedAt: string;
  answeredAt: string | null;
  /**
   * 1. `answered`.
   * 2. `open`: it waits for an answer.
   * 3. `void`: its task was decided or ended, so that no answer can come.
   * @example open
   */
  @ApiProperty({ enum: URGE_STATES })
  state: (typeof URGE_STATES)[number];
  /** Whether the day passed before the answer, or before the decision in its place. For an open urge: whether it has passed. */
  late: boolean;
}

export class UrgePage {
  /** The earliest day of answer first. */
  items: UrgeView[];
  nextCursor: string | null;
}
