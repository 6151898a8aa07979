import { PageQuery } from '../platform/http/page.dto.js';
import { OrganisationName } from '../organisations/organisations.dto.js';

export class StaleQuery extends PageQuery {}

export class StaleView {
  /** @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  requestId: string;
  /** @example 2026-0000118 */
  number: string;
  /** @example transfer */
  kind: string;
  sourceSchool: OrganisationName;
  /** The destination of a transfer, or null for a change within one school. */
  destinationSchool: OrganisationName | null;
  /** The organisations that would have to move the request now. Without an open task there are none. */
  holders: OrganisationName[];
  /** When a person last moved the request. @example 2026-03-02T10:12:00.000+08:00 */
  movedAt: string;
  /** When the timeline noted it. */
  notedAt: string;
}

export class StalePage {
  /** The longest unmoved first. */
  items: StaleView[];
  nextCursor: string | null;
}
