import { IsString, Length, Matches } from 'class-validator';

export class NewPerson {
  /** Letters, digits and `. _ @ -`. The name is unique, also among the names in tokens of the outside issuer. @example wang.li */
  @IsString()
  @Matches(/^[\p{L}\p{N}][\p{L}\p{N}._@-]{1,99}$/u)
  username: string;

  /** @example 王丽 */
  @IsString()
  @Length(1, 50)
  displayName: string;
}

export class AccountReason {
  /** @example 调离 */
  @IsString()
  @Length(1, 500)
  reason: string;
}

export class PersonView {
  /** @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  id: string;
  /** @example wang.li */
  username: string;
  /** @example 王丽 */
  displayName: string;
  /** Where the person was entered. @example 5cca9656-2893-595d-8a3f-f900c52b0f24 */
  organisationId: string | null;
  /** Since when the account is disabled, or null. @example null */
  disabledAt: string | null;
  /**
   * Until when a one-time password opens a session, or null once the person has chosen a password.
   * @example 2026-12-01T09:00:00.000+08:00
   */
  oneTimePasswordUntil: string | null;
}

export class PersonPage {
  items: PersonView[];
  nextCursor: string | null;
}

export class EnteredPerson extends PersonView {
  /** The password to hand to the person. It opens nothing but `PUT /me/password`. @example k7wm-3xqa-8tfn-52hd-ry6p */
  oneTimePassword: string;
}
