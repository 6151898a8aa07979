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
  /** Of a transfer; null for a change within one school. */
  destinationSchool: OrganisationName | null;
  /** Who would have to move it now; empty while no task is open. */
  holders: OrganisationName[];
  /** When a person last moved it. @example 2026-03-02T10:12:00.000+08:00 */
  movedAt: string;
  /** When that was noted in its record. */
  notedAt: string;
}

export class StalePage {
  /** The longest unmoved first. */
  items: StaleView[];
  nextCursor: string | null;
}
