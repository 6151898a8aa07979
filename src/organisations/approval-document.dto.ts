import { IsText } from '../platform/http/is-text.js';
import { IsPlainDate } from '../platform/http/plain-date.js';

/** The document of an authority by which something is done: a merger, a closure, a window for late registrations. */
export class ApprovalDocument {
  /** @example 杭教职成〔2026〕18号 */
  @IsText(100)
  number: string;

  /** @example 杭州市教育局 */
  @IsText(100)
  issuingBody: string;

  /** @example 2026-11-20 */
  @IsPlainDate()
  date: string;
}
