import { IsString, Length } from 'class-validator';
import { OrganisationView } from '../organisations/organisations.dto.js';

export class Credentials {
  /** @example clerk.330110-01 */
  @IsString()
  @Length(1, 100)
  username: string;

  /** @example xueji-demo */
  @IsString()
  @Length(1, 200)
  password: string;
}

export class SessionView {
  /** Bearer token for the `Authorization` header. */
  token: string;
  /** @example 2026-11-24T09:00:00.000+08:00 */
  expiresAt: string;
}

export class OfficeView {
  /** @example schoolClerk */
  office: string;
  organisation: OrganisationView;
}

export class MeView {
  id: string;
  displayName: string;
  offices: OfficeView[];
}
