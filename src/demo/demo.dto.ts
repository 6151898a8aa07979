import { IsString, Length } from 'class-validator';
import type { Office } from '../domain/offices.js';
import { OrganisationView } from '../organisations/organisations.dto.js';

/** An office held now, and how its holder signs in. */
export class DemoAccount {
  /** @example clerk.3301-01 */
  username: string;
  password: string;
  /** @example schoolClerk */
  office: Office;
  organisation: OrganisationView;
}

export class DemoStudentView {
  /** @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  id: string;
  /** Of the enrolment that is held, else of the latest one. @example 0b9c2f5e-6a52-5a0c-9b7d-7a6f1f3f2c11 */
  schoolId: string;
  /** @example active */
  state: string;
}

export class DemoView {
  /** Those that carry a transfer across provinces come first, in the order of its steps. */
  accounts: DemoAccount[];
  /** Active students of the first account's school come first. */
  students: DemoStudentView[];
}

export class DemoSignIn {
  /** A user name of the demonstration, as `GET /demo` lists them. @example clerk.3301-01 */
  @IsString()
  @Length(1, 100)
  account: string;
}
