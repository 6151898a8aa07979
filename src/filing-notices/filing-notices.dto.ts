import { IsText } from '../platform/http/is-text.js';
import { IsIn, IsOptional } from 'class-validator';
import { PageQuery } from '../platform/http/page.dto.js';
import { OrganisationName } from '../organisations/organisations.dto.js';
import { MultiLine } from '../platform/http/texts.js';

/**
 * 1. `recorded`: nobody has dealt with it.
 * 2. `queried`: the school is to answer.
 * 3. `answered`: the school has answered.
 * 4. `received`: the province has acknowledged it.
 */
export const FILING_NOTICE_STATES = ['recorded', 'queried', 'answered', 'received'] as const;

export class FilingNoticeQuestion {
  /** Particulars that the report lacks. @example 请补报转入年级和学习形式。 */
  @IsText(2000)
  @MultiLine()
  question: string;
}

export class FilingNoticeAnswer {
  /** @example 转入2026级，全日制。 */
  @IsText(2000)
  @MultiLine()
  answer: string;
}

export class FilingNoticeQuery extends PageQuery {
  /** @example recorded */
  @IsOptional()
  @IsIn(FILING_NOTICE_STATES)
  state?: (typeof FILING_NOTICE_STATES)[number];
}

export class FilingNoticeView {
  id: string;
  requestId: string;
  /** @example 2026-0000042 */
  number: string;
  /** @example transfer */
  kind: string;
  /** @example 顾** */
  maskedName: string;
  /** The school in whose name the transfer or the unnatural death is reported. */
  fromSchool: OrganisationName;
  /** The authority that is told: a province, and of an unnatural death the city too. */
  toProvince: OrganisationName;
  /** `recorded`, `queried`, `answered` or `received`. @example recorded */
  state: string;
  recordedAt: string;
  receivedAt: string | null;
  question: string | null;
  queriedAt: string | null;
  answer: string | null;
  answeredAt: string | null;
}

export class FilingNoticePage {
  items: FilingNoticeView[];
  nextCursor: string | null;
}
