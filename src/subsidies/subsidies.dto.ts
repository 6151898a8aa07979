import { Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { OrganisationName } from '../organisations/organisations.dto.js';
import { CursorQuery } from '../platform/http/page.dto.js';
import { IsPlainDate } from '../platform/http/plain-date.js';

/** Subsidies 资助 by the years of study for which they are paid: 国家助学金 for two, 免学费 for three. */
export const SCHEMES = { grant: 2, tuitionWaiver: 3 } as const;
export type Scheme = keyof typeof SCHEMES;

class FeedQuery extends CursorQuery {
  /** Students in one page, 1 to 1,000, by default 500. Each page is put on record. @example 500 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(1000)
  limit: number = 500;
}

export class EligibleQuery extends FeedQuery {
  /** The month, this one or before. @example 2026-11 */
  @Matches(/^20\d\d-(0[1-9]|1[0-2])$/)
  month: string;

  /** `tuitionWaiver` 免学费: years 1 to 3. `grant` 国家助学金: years 1 and 2. @example tuitionWaiver */
  @IsIn(Object.keys(SCHEMES))
  scheme: Scheme;
}

export class SubsidyChangesQuery extends FeedQuery {
  /** The first day of recording, today or before. @example 2026-11-01 */
  @IsPlainDate()
  since: string;
}

class OfStudent {
  /** @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  studentId: string;
  /** 学籍号 @example G510104200904078888 */
  studentNumber: string;
  /** @example 王秀英 */
  name: string;
  school: OrganisationName;
  /** @example "2026" */
  grade: string;
  /** @example "710201" */
  majorCode: string | null;
  /** 学制 @example 3 */
  lengthYears: number;
  /** As the enrolment stands now. @example active */
  state: string;
}

/** A full-time student in study in a month. What the family's circumstances entitle to is not the register's to say. */
export class EligibleStudent extends OfStudent {
  /** First day in study in the month. @example 2026-11-01 */
  from: string;
  /** Last day in study in the month, of the month under way through today. @example 2026-11-30 */
  through: string;
}

export class EligiblePage {
  /** @example 2026-11 */
  month: string;
  items: EligibleStudent[];
  nextCursor: string | null;
}

/** A formally registered student whose enrolment changed. */
export class ChangedStudent extends OfStudent {
  /** @example fullTime */
  studyMode: string;
  /** The first day on which it stands so. @example 2026-11-16 */
  since: string;
  /** @example 2026-11-16T10:00:00+08:00 */
  changedAt: string;
}

export class SubsidyChangesPage {
  items: ChangedStudent[];
  nextCursor: string | null;
}
