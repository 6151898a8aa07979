import { Type } from 'class-transformer';
import { IsObject, IsOptional, Matches, ValidateNested } from 'class-validator';
import { IsId } from '../platform/http/id.js';
import { IsText } from '../platform/http/is-text.js';
import { IsPlainDate } from '../platform/http/plain-date.js';
import { MultiLine } from '../platform/http/texts.js';
import { ApprovalDocument } from '../organisations/approval-document.dto.js';
import { OrganisationName } from '../organisations/organisations.dto.js';

export class OpenLateWindow {
  /** The province. Who supervises one only may leave it out. */
  @IsOptional()
  @IsId()
  provinceId?: string;

  /** The intake, by its year and season. @example 2026-autumn */
  @Matches(/^20\d\d-(spring|autumn)$/)
  intake: string;

  /** First day, after the registration of the intake has ended. @example 2026-12-01 */
  @IsPlainDate()
  from: string;

  /** Last day. @example 2026-12-15 */
  @IsPlainDate()
  to: string;

  @IsObject()
  @ValidateNested()
  @Type(() => ApprovalDocument)
  document: ApprovalDocument;
}

export class CloseLateWindow {
  /** @example 补办工作提前完成 */
  @IsText(500)
  @MultiLine()
  reason: string;
}

/** A window 补办期 for late registrations of one intake. */
export class LateWindowView {
  id: string;
  province: OrganisationName;
  /** @example 2026-autumn */
  intake: string;
  /** @example 2026-12-01 */
  from: string;
  /** The last day. @example 2026-12-15 */
  to: string;
  document: ApprovalDocument;
  openedAt: string;
  /** When it was closed before its last day, or null. */
  closedAt: string | null;
  /** Whether registrations are taken in it today. */
  open: boolean;
}

export class LateWindowPage {
  items: LateWindowView[];
  nextCursor: string | null;
}
