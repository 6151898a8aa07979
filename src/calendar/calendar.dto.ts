import { Type } from 'class-transformer';
import { IsInt, IsOptional, Max, Min } from 'class-validator';
import { IsId } from '../platform/http/id.js';
import { IsPlainDate } from '../platform/http/plain-date.js';
import { CalendarDay } from './amendments.dto.js';

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

  /** The holder of the task, because its province may add days off to the nation's calendar. */
  @IsOptional()
  @IsId()
  organisationId?: string;
}

export class DeadlineView {
  /** @example 2026-09-28 */
  from: string;
  /** @example 10 */
  workingDays: number;
  /** The last day on which the task is in time. @example 2026-10-16 */
  dueDate: string;
  /** The midnight after it, exclusive. @example 2026-10-17T00:00:00.000+08:00 */
  dueAt: string;
  /** The span crosses a year whose calendar is not published. */
  provisional: boolean;
}

export class CalendarQuery {
  /** A province, whose overlay is shown too. */
  @IsOptional()
  @IsId()
  provinceId?: string;
}

export class CalendarVersionView {
  /** 0 while nothing is announced. @example 1 */
  version: number;
  /** Document numbers of the announcements. @example 国办发明电〔2025〕7号 */
  notice: string | null;
  /** Where the announcement is published. @example https://www.gov.cn/zhengce/content/202511/content_0000000.htm */
  noticeUrl: string | null;
  /** The last day that the announcement settles; null while nothing is announced. @example 2026-12-31 */
  validThrough: string | null;
  /** Null for a version that came with the installation. */
  approvedAt: string | null;
}

export class OverlayView extends CalendarVersionView {
  days: CalendarDay[];
}

/** A day off by the standing decree 全国年节及纪念日放假办法. It is off in every year, whatever the announcement moves beside it. */
export class StatutoryDayView {
  /** @example 2027-01-01 */
  date: string;
  /** @example 元旦 */
  name: string;
  /** The announcement does not settle the day yet: the day stays off, and the days beside it may move. @example true */
  provisional: boolean;
}

export class CalendarYearView extends CalendarVersionView {
  /** @example 2026 */
  year: number;
  /**
   * `published`, or `provisional` while nothing is announced: the statutory days alone are off then, and deadlines that cross the year are
   * provisional.
   * @example published
   */
  status: 'published' | 'provisional';
  /** The days that differ from Monday to Friday: of the announcement, and the statutory days that it does not settle yet. */
  days: CalendarDay[];
  /** Every statutory day of the year, on weekends too. */
  statutory: StatutoryDayView[];
  /** Earlier versions of the year, latest first. */
  older: CalendarVersionView[];
  /** The overlay of the province that was asked for, if it has one. */
  overlay?: OverlayView;
}
