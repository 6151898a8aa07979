import { IsText } from '../platform/http/is-text.js';
import { CalendarDay } from './amendments.dto.js';
import { MultiLine } from '../platform/http/texts.js';

export class PastedAnnouncement {
  /** The text of the announcement, pasted from where it is published. @example 国务院办公厅关于2027年部分节假日安排的通知\n一、元旦：1月1日（周五）放假，与周末连休。 */
  @IsText(20_000)
  @MultiLine()
  text: string;
}

export class FestivalView {
  /** @example 春节 */
  name: string;
  /** First day off, weekends included. @example 2027-02-05 */
  from: string;
  /** Last day off. @example 2027-02-11 */
  to: string;
}

export class AnnouncedDayView extends CalendarDay {
  /** @example 星期五 */
  weekday: string;
  /** Whether the calendar in force has the same day. @example false */
  inForce: boolean;
}

/** The whole table of one year as a draft takes it, to be confirmed line by line. */
export class AnnouncedYearView {
  /** @example 2027 */
  year: number;
  days: AnnouncedDayView[];
  /** Days in force that the announcement removes. They are worked or off as their weekday says. */
  removed: CalendarDay[];
}

export class DoubtView {
  /**
   * `wrong-weekday` `wrong-number-of-days` `no-such-date` `not-understood` `nothing-to-extend` `weekday-worked-anyway`
   * `out-of-range` (longer than a year, further from the announcement's year than one, or more spans than an announcement has)
   * @example wrong-weekday
   */
  code: string;
  /** The passage in question. @example 1月1日(周四) */
  text: string;
}

/** What was read from an announcement. Nothing is saved: a person confirms the tables and drafts an amendment of each year. */
export class AnnouncementView {
  /** @example 2027 */
  year: number | null;
  /** @example 国办发明电〔2026〕8号 */
  notice: string | null;
  festivals: FestivalView[];
  /** One table for each year that a day lies in, because a New Year's holiday may begin in December. */
  tables: AnnouncedYearView[];
  /** The passages that do not add up. A person must look at them. */
  doubts: DoubtView[];
}
