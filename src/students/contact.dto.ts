import { IsOptional } from 'class-validator';
import { ContactInformation } from '../dossier/record.dto.js';
import { IsPlainDate } from '../platform/http/plain-date.js';

/** The closed list of what a school changes without a request (A11); anything else goes through `infoCorrection`. */
export class ContactChange extends ContactInformation {
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
