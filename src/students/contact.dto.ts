import { IsText } from '../platform/http/is-text.js';
import { IsOptional, Matches } from 'class-validator';
import { IsPlainDate } from '../platform/http/plain-date.js';

const PHONE = /^\+?[0-9][0-9 -]{4,22}[0-9]$/;

/** The closed list of what a school changes without a request (A11); anything else goes through `infoCorrection`. */
export class ContactChange {
  /** 联系电话 @example "13800000000" */
  @IsOptional()
  @Matches(PHONE)
  phone?: string;

  /** 通讯地址 @example 文一路1号 */
  @IsOptional()
  @IsText(200)
  address?: string;

  /** 监护人电话 @example "13900000000" */
  @IsOptional()
  @Matches(PHONE)
  guardianPhone?: string;

  /** First day of the new values, today or before, by default today. @example 2026-11-20 */
  @IsOptional()
  @IsPlainDate()
  effectiveOn?: string;
}

/** What was changed; the values are in the dossier. */
export class ContactChanged {
  /** @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  studentId: string;
  /** @example ["phone"] */
  fields: string[];
  /** @example 2026-11-24 */
  effectiveOn: string;
}
