import { IsOptional, IsString, Length } from 'class-validator';
import { OrganisationView } from '../organisations/organisations.dto.js';

/** What a person signs in by. */
export class BrowserCredentials {
  /** @example clerk.3301-01 */
  @IsString()
  @Length(1, 100)
  username: string;

  /** @example xueji-demo */
  @IsString()
  @Length(1, 200)
  password: string;
}

export class Credentials extends BrowserCredentials {
  /** The `deviceToken` of the last sign-in on this device, so that failures elsewhere do not hold it back. */
  @IsOptional()
  @IsString()
  @Length(1, 200)
  deviceToken?: string;
}

export class SessionView {
  /** Bearer token for the `Authorization` header. @example pTbWm3R0eXq7n2yQk0iJ8uVYc5sLh1dZ4oFa6gNtEwB */
  token: string;
  /** @example 2026-11-24T09:00:00.000+08:00 */
  expiresAt: string;
  /** `true`: a one-time password opened the session, so that it serves only to set another. @example false */
  passwordChangeRequired: boolean;
  /** To keep on this device and to send when signing in again, for half a year. It opens nothing. */
  deviceToken: string;
}

export class PasswordChange {
  /** @example xueji-demo */
  @IsString()
  @Length(1, 200)
  currentPassword: string;

  /** At least 12 characters. @example "三墩镇的桂花开了两次 2026" */
  @IsString()
  @Length(12, 200)
  newPassword: string;
}

export class OfficeView {
  /** @example schoolClerk */
  office: string;
  organisation: OrganisationView;
}

/** What a program may touch that calls by its service account. */
export class MyServiceAccountView {
  organisationId: string;
  /** @example ["reading", "evidence", "filing"] */
  areas: string[];
  /** Null: all. @example ["transfer", "suspension"] */
  kinds: string[] | null;
}

export class MeView {
  /** @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  id: string;
  /** @example 李伟成 */
  displayName: string;
  offices: OfficeView[];
  /** What a service account may touch; null of a person. */
  serviceAccount: MyServiceAccountView | null;
  /** When the session ends, and one signs in anew. @example 2026-11-24T21:00:00.000+08:00 */
  expiresAt: string;
  /** `true`: a one-time password opened the session, so that it serves only to set another. @example false */
  passwordChangeRequired: boolean;
}

/** How one may sign in at this installation. */
export class SignInWays {
  /** By the account of an issuer 统一认证. @example false */
  issuer: boolean;
  /** As an account of the demonstration, without a password. @example true */
  demonstration: boolean;
}

export class SignedOut {
  /** Where the page goes on to, so that the issuer signs the person out too; null where that is not needed. @example null */
  continueAt: string | null;
}
