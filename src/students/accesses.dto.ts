import { PageQuery } from '../platform/http/page.dto.js';
import { OrganisationName } from '../organisations/organisations.dto.js';

export class AccessQuery extends PageQuery {}

export class AccessOffice {
  /** @example schoolClerk */
  office: string;
  organisation: OrganisationName;
}

export class AccessPerson {
  /** @example 0192f5c2-0000-7000-8000-000000000001 */
  id: string;
  /** @example 周启明 */
  displayName: string;
}

/** A reading of the student's data by a person. */
export class AccessView {
  /** @example 2026-11-24T06:38:54.245+08:00 */
  at: string;
  /**
   * `lookup` by number or document, `student` the present record, `dossier` as of a day, `evidence` a file, or `unmasking`. Beside these,
   * `subject` of a task, `export` of a list that held the student, and `certificate`. A `signInCode` was handed out to the student or
   * guardian.
   * @example dossier
   */
  what: string;
  person: AccessPerson;
  /** The offices that the person held in that moment. */
  offices: AccessOffice[];
  /** The file that was read, for `evidence`. @example null */
  evidenceId: string | null;
}

export class AccessPage {
  /** The latest first. */
  items: AccessView[];
  nextCursor: string | null;
}
