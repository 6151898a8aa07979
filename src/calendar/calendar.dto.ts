import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import { IsPlainDate } from '../api/plain-date.js';

export class DeadlineQuery {
  /** Day of arrival. @example 2026-09-28 */
  @IsPlainDate()
  from: string;

  /** @example 10 */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(250)
  workingDays: number;
}

export class DeadlineView {
  from: string;
  workingDays: number;
  /** The last day. @example 2026-10-17 */
  dueDate: string;
  /** The midnight after it, exclusive. */
  dueAt: string;
  /** The span crosses a year whose calendar is not published. */
  provisional: boolean;
}

export class CalendarDayView {
  date: string;
  /** `holiday` or `makeupWorkday`. */
  kind: string;
  name: string;
}

export class CalendarYearView {
  year: number;
  status: string;
  version: number;
  notice: string | null;
  days: CalendarDayView[];
}
