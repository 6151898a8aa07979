import { IsOptional, IsString, Length } from 'class-validator';
import { IsFlag } from '../api/flag.js';
import { PageQuery } from '../api/page.dto.js';
import { IsPlainDate } from '../api/plain-date.js';
import { OrganisationName } from '../organisations/organisations.dto.js';

export class TaskUrge {
  /** The day by which the holder must answer, today at the earliest and within 90 days; no answer is asked for when left out. @example 2026-12-01 */
  @IsOptional()
  @IsPlainDate()
  answerBy?: string;

  /** What the holder is asked. @example 请说明逾期原因及办结日期。 */
  @IsOptional()
  @IsString()
  @Length(1, 1000)
  note?: string;
}

export class UrgeAnswer {
  /** @example 已补充核查，将于本周内办结。 */
  @IsString()
  @Length(1, 1000)
  answer: string;
}

export class UrgeQuery extends PageQuery {
  /** `false`: only those without an answer. @example false */
  @IsOptional()
  @IsFlag()
  answered?: boolean;
}

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
  /** Whether the day has passed without an answer, or the answer came after it. */
  late: boolean;
}

export class UrgePage {
  /** The earliest day of answer first. */
  items: UrgeView[];
  nextCursor: string | null;
}
