import { IsText } from '../platform/http/is-text.js';
import { IsOptional, IsString, Length, Matches } from 'class-validator';
import { MultiLine } from '../platform/http/texts.js';

export class NewPerson {
  /** Letters, digits and `. _ @ -`. The name is unique. @example wang.li */
  @IsString()
  @Matches(/^[\p{L}\p{N}][\p{L}\p{N}._@-]{1,99}$/u)
  username: string;

  /** @example 王丽 */
  @IsText(50)
  displayName: string;

  /**
   * The person's subject (`sub`) at the configured issuer. With it the account signs in by tokens of that subject alone, and has no
   * password.
   * @example "248289761001"
   */
  @IsOptional()
  @IsString()
  @Length(1, 255)
  subject?: string;
}

export class BindSubject {
  /** The person's subject (`sub`) at the configured issuer. @example "248289761001" */
  @IsString()
  @Length(1, 255)
  subject: string;

  /** @example 统一身份认证账号更换 */
  @IsText(500)
  @MultiLine()
  reason: string;
}

export class AccountReason {
  /** @example 调离 */
  @IsText(500)
  @MultiLine()
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
  /**
   * The password to hand to the person. It opens nothing but `PUT /me/password`. It is shown in the first answer alone. Null in a
   * repetition, and for an account of the issuer.
   * @example k7wm-3xqa-8tfn-52hd-ry6p
   */
  oneTimePassword: string | null;
  /** `true`: a repetition. The first answer showed the password; where that did not arrive, reset it. @example false */
  shownBefore: boolean;
}
