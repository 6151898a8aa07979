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
  /** @example 2026-09-28 */
  from: string;
  /** @example 10 */
  workingDays: number;
  /** The last day. @example 2026-10-16 */
  dueDate: string;
  /** The midnight after it, exclusive. @example 2026-10-17T00:00:00.000+08:00 */
  dueAt: string;
  /** The span crosses a year whose calendar is not published. */
  provisional: boolean;
}

export class CalendarDayView {
  /** @example 2026-10-10 */
  date: string;
  /** `holiday` or `makeupWorkday`. @example makeupWorkday */
  kind: string;
  /** @example 国庆节 */
  name: string;
}

export class CalendarYearView {
  /** @example 2026 */
  year: number;
  /** `published` or `provisional`. @example published */
  status: string;
  /** @example 1 */
  version: number;
  /** Document numbers of the notices. @example 国办发明电〔2025〕7号 */
  notice: string | null;
  days: CalendarDayView[];
}
