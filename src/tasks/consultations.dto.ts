import { IsText } from '../platform/http/is-text.js';
import { IsIn, IsOptional } from 'class-validator';
import { IsFlag } from '../platform/http/flag.js';
import { IsId } from '../platform/http/id.js';
import { IsPlainDate } from '../platform/http/plain-date.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { OrganisationName } from '../organisations/organisations.dto.js';
import { MultiLine } from '../platform/http/texts.js';

export class Consult {
  /** The organisation that is asked. From then on it sees the request. @example 0b9c2f5e-6a52-5a0c-9b7d-7a6f1f3f2c11 */
  @IsId()
  organisationId: string;

  /** @example 该生户籍是否在贵县？ */
  @IsText(2000)
  @MultiLine()
  question: string;

  /** The date of the opinion, today at the earliest and within a year. The task keeps its deadline. @example 2026-12-31 */
  @IsPlainDate()
  dueDate: string;
}

export class Opinion {
  /** @example 属实 */
  @IsText(2000)
  @MultiLine()
  answer: string;
}

export class ConsultationQuery extends PageQuery {
  /** `asked`: the caller's organisations are asked. `asking`: they ask. */
  @IsOptional()
  @IsIn(['asked', 'asking'])
  box: 'asked' | 'asking' = 'asked';

  @IsOptional()
  @IsIn(['open', 'answered', 'void'])
  state?: string;

  /** Only those whose date has passed without an answer (true), or only the others (false). */
  @IsOptional()
  @IsFlag()
  overdue?: boolean;
}

export class ConsultationView {
  id: string;
  requestId: string;
  /** @example 2026-0000042 */
  number: string;
  /** @example transfer */
  kind: string;
  taskId: string;
  /** @example 顾** */
  maskedName: string | null;
  asking: OrganisationName;
  asked: OrganisationName;
  /** `open`, `answered`, or `void` because the task was decided before. @example open */
  state: string;
  /** @example 2026-12-31 */
  dueDate: string;
  overdue: boolean;
  question: string | null;
  answer: string | null;
  askedAt: string;
  answeredAt: string | null;
}

export class ConsultationPage {
  items: ConsultationView[];
  /** The `cursor` of the next page, or null on the last one. */
  nextCursor: string | null;
}
