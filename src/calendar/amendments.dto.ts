import { IsText } from '../platform/http/is-text.js';
import { PersonName } from '../organisations/actors.dto.js';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsInt, IsObject, IsOptional, IsUrl, Max, MaxLength, Min, ValidateNested } from 'class-validator';
import { IsId } from '../platform/http/id.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { IsPlainDate } from '../platform/http/plain-date.js';
import { OrganisationName } from '../organisations/organisations.dto.js';
import { MultiLine } from '../platform/http/texts.js';

export class CalendarDay {
  /** @example 2027-02-05 */
  @IsPlainDate()
  date: string;

  /** `holiday` 放假, or `makeupWorkday` 调休上班. @example holiday */
  @IsIn(['holiday', 'makeupWorkday'])
  kind: 'holiday' | 'makeupWorkday';

  /** @example 春节 */
  @IsText(50)
  name: string;
}

export class DraftAmendment {
  /** @example 2027 */
  @IsInt()
  @Min(2014)
  @Max(2100)
  year: number;

  /**
   * The year's days that differ from Monday to Friday, or, of an overlay, from the nation's calendar. The whole table replaces the one in
   * force.
   */
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => CalendarDay)
  @ArrayMaxSize(200)
  days: CalendarDay[];

  /** Number of the document that settles the days. @example 国办发明电〔2026〕8号 */
  @IsText(100)
  notice: string;

  /** Where the document is published. @example https://www.gov.cn/zhengce/content/202611/content_0000000.htm */
  @IsUrl({ protocols: ['http', 'https'], require_protocol: true })
  @MaxLength(500)
  noticeUrl: string;

  /** The last day that the document settles, by default the end of the year. Later deadlines are provisional. @example 2027-12-31 */
  @IsOptional()
  @IsPlainDate()
  validThrough?: string;

  /** The province whose overlay is drafted, by default the nation's calendar. */
  @IsOptional()
  @IsId()
  provinceId?: string;
}

export class WithdrawDraft {
  /** @example 文号有误，重新起草 */
  @IsText(2000)
  @MultiLine()
  reason: string;
}

export class AmendmentQuery extends PageQuery {
  @IsOptional()
  @IsIn(['draft', 'approved', 'withdrawn'])
  state?: string;
}

class PreviewCounts {
  /** @example 1200 */
  openTasks: number;
  /** The task whose due date changes. @example 340 */
  moved: number;
  /** @example 0 */
  earlier: number;
  /** @example 340 */
  later: number;
  /** @example 0 */
  becomeOverdue: number;
  /** @example 12 */
  ceaseToBeOverdue: number;
  /** @example 0 */
  noLongerProvisional: number;
}

export class PreviewOfProvince extends PreviewCounts {
  /** Province of the holders, or null for the nation's authority. */
  province: OrganisationName | null;
}

export class MovedTaskView {
  /** @example 01a20a8f-e41c-7b05-8d52-6c1a3f0e9b77 */
  taskId: string;
  /** @example 2026-0000042 */
  number: string;
  holder: OrganisationName;
  /** @example 2020-02-07 */
  dueFrom: string;
  /** @example 2020-02-10 */
  dueTo: string;
  /** Whether the task would be overdue now. @example false */
  overdue: boolean;
}

/** What approval would do to the open tasks now. */
export class PreviewView extends PreviewCounts {
  byProvince: PreviewOfProvince[];
  /** The tasks that would become overdue, or no longer be: the first hundred by their new due date. */
  changing: MovedTaskView[];
}

/** How many open tasks have followed an approved version. */
export class MoveView {
  /**
   * 1. `tasks`: due dates move.
   * 2. `wakes`: processes are woken whose next message came nearer.
   * 3. `notes`: notes are written beside escalations sent before.
   * 4. `done`.
   * @example done
   */
  phase: string;
  /** Tasks whose deadline has moved. @example 340 */
  moved: number;
  /** Moved tasks that had been escalated, noted in the timeline. @example 4 */
  annotated: number;
  /** Processes whose next message came nearer. @example 0 */
  woken: number;
}

export class AmendmentView {
  /** @example 01a20a8f-e41c-7b05-8d52-6c1a3f0e9b77 */
  id: string;
  /** @example 2027 */
  year: number;
  /** Counted within the year. @example 2 */
  version: number;
  /** `draft`, `approved`, or `withdrawn`, which is never approved. @example draft */
  state: string;
  /** The version in force when this one was drafted; 0 when there was none. @example 1 */
  basedOn: number;
  /** The province whose overlay it is, or null for the nation's calendar. */
  province: OrganisationName | null;
  /** @example 国办发明电〔2026〕8号 */
  notice: string | null;
  /** @example https://www.gov.cn/zhengce/content/202611/content_0000000.htm */
  noticeUrl: string | null;
  /** @example 2027-12-31 */
  validThrough: string;
  days: CalendarDay[];
  /** Null for a version that came with the installation. */
  draftedBy: PersonName | null;
  draftedAt: string | null;
  approvedBy: PersonName | null;
  approvedAt: string | null;
  withdrawnBy: PersonName | null;
  withdrawnAt: string | null;
  /** What approval would do now; a draft alone has it. */
  preview?: PreviewView;
  /** How far the open tasks have followed; an approved version alone has it. */
  move?: MoveView;
}

export class AmendmentPage {
  items: AmendmentView[];
  nextCursor: string | null;
}
