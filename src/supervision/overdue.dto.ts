import { IsIn, IsOptional } from 'class-validator';
import { IsId } from '../platform/http/id.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { CASE_KINDS } from '../domain/procedure/procedure.js';
import { OrganisationName } from '../organisations/organisations.dto.js';
import { TaskView } from '../tasks/tasks.dto.js';

export const GROUPINGS = ['authority', 'school', 'kind', 'age'] as const;
export type Grouping = (typeof GROUPINGS)[number];

export class OverdueQuery extends PageQuery {
  /** What a row stands for. `authority` counts a school's tasks at its competent authority. @example authority */
  @IsIn(GROUPINGS)
  by: Grouping;
}

export class OverdueRow {
  /** The organisation's id, the kind, or the days overdue as `1-5` `6-10` `11-20` `21-60` `61-`. @example 21-60 */
  key: string;
  /** Null when the rows are kinds or ages. */
  organisation: OrganisationName | null;
  /** Tasks overdue now. @example 12 */
  overdue: number;
  /** Days since the earliest of their deadlines. @example 34 */
  longestDays: number;
  /** Tasks overdue at the beginning of the day seven days ago, or null when they were not counted. @example 15 */
  sevenDaysAgo: number | null;
}

export class OverdueDay {
  /** @example 2026-11-24 */
  day: string;
  /** Tasks overdue at the beginning of that day. @example 12 */
  overdue: number;
}

export class OverdueTable {
  /** Most first. */
  items: OverdueRow[];
  nextCursor: string | null;
  /** The tasks overdue now in all rows. @example 57 */
  total: number;
  /** The counts of the last 30 days that were counted. */
  trend: OverdueDay[];
}

export class OverdueTaskQuery extends PageQuery {
  /** Only what this organisation or one below it holds. @example 5cca9656-2893-595d-8a3f-f900c52b0f24 */
  @IsOptional()
  @IsId()
  organisationId?: string;

  /** @example transfer */
  @IsOptional()
  @IsIn(CASE_KINDS)
  kind?: string;
}

export class OverdueTaskPage {
  /** Longest overdue first. */
  items: TaskView[];
  nextCursor: string | null;
}
