import { IsText } from '../platform/http/is-text.js';
import { IsOptional } from 'class-validator';
import { IsPlainDate } from '../platform/http/plain-date.js';

export class SetHead {
  /** The head's name, a natural person. @example 沈明远 */
  @IsText(100)
  displayName: string;

  /** First day in charge, by default today. Only an organisation's very first head may have begun before today. @example 2027-03-01 */
  @IsOptional()
  @IsPlainDate()
  from?: string;

  /** Last day in charge, when it is known already. */
  @IsOptional()
  @IsPlainDate()
  to?: string;
}

export class HeadView {
  /** @example 01a20a8e-2b06-7506-a575-100996e46d36 */
  id: string;
  /** @example 沈明远 */
  displayName: string;
  /** First day in charge. @example 2026-09-01 */
  from: string;
  /** Last day in charge, or null while nobody follows. */
  to: string | null;
}
