import { OrganisationName } from './organisations.dto.js';

export class PersonName {
  id: string;
  /** @example 沈明远 */
  displayName: string;
}

export class HeadName extends PersonName {}

export class ActorView {
  personId: string;
  displayName: string;
  office: string;
  organisation: OrganisationName;
  /** Who headed the organisation on that day 负责人, or null when none was recorded (A18). */
  head: HeadName | null;
}
