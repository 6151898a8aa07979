import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayNotEmpty, ArrayUnique, IsIn, IsInt, IsOptional, IsString, Length, Max, Min } from 'class-validator';
import type { Office } from '../domain/offices.js';
import { CASE_KINDS, type CaseKind } from '../domain/procedure/procedure.js';
import { SERVICE_AREAS, SERVICE_OFFICES, type ServiceArea } from '../domain/service-account.js';
import { OrganisationName } from '../organisations/organisations.dto.js';
import { PersonName } from '../organisations/actors.dto.js';
import { IsId } from '../platform/http/id.js';
import { IsText } from '../platform/http/is-text.js';
import { IsInstant } from '../platform/http/plain-date.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { MultiLine } from '../platform/http/texts.js';

export const SERVICE_ACCOUNT_STATES = ['active', 'expired', 'revoked'] as const;

export class ServiceAccountQuery extends PageQuery {
  /** By default all. @example active */
  @IsOptional()
  @IsIn(SERVICE_ACCOUNT_STATES)
  state?: (typeof SERVICE_ACCOUNT_STATES)[number];
}

export class NewServiceAccount {
  /**
   * In whose name the program acts. The caller is administrator there or directly above.
   * @example 5cca9656-2893-595d-8a3f-f900c52b0f24
   */
  @IsId()
  organisationId: string;

  /** As acts and lists name the program. @example 校务平台 */
  @IsText(50)
  name: string;

  /** What the program is for, and whose it is. @example 某某软件公司校务平台，同步学籍异动 */
  @IsText(500)
  @MultiLine()
  purpose: string;

  /**
   * The offices in which it stands. A clerk's begins at once; every other waits for a second administrator, as that of a person does.
   * @example ["schoolClerk"]
   */
  @IsIn(SERVICE_OFFICES, { each: true })
  @ArrayUnique()
  @ArrayNotEmpty()
  @ArrayMaxSize(SERVICE_OFFICES.length)
  offices: Office[];

  /** What it may touch. Only with `decisions` it decides tasks. @example ["reading", "evidence", "filing"] */
  @IsIn(SERVICE_AREAS, { each: true })
  @ArrayUnique()
  @ArrayNotEmpty()
  @ArrayMaxSize(SERVICE_AREAS.length)
  areas: ServiceArea[];

  /** The kinds of request that it may file or move, by default all. @example ["transfer", "suspension"] */
  @IsOptional()
  @IsIn(CASE_KINDS, { each: true })
  @ArrayUnique()
  @ArrayNotEmpty()
  @ArrayMaxSize(CASE_KINDS.length)
  kinds?: CaseKind[];

  /**
   * The instant from which it opens nothing. No later than the installation allows (`SERVICE_ACCOUNT_DAYS`), which is the default.
   * @example 2027-08-31T00:00:00+08:00
   */
  @IsOptional()
  @IsInstant()
  expiresAt?: string;

  /** Requests a minute, by default 600; never more than a person has. @example 600 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(100_000)
  perMinute?: number;
}

export class ServiceAccountReason {
  /** @example 密钥可能泄露 */
  @IsText(500)
  @MultiLine()
  reason: string;
}

export class BindServiceSubject extends ServiceAccountReason {
  /** The program's subject (`sub`) in tokens of client credentials at the configured issuer. @example "248289761001" */
  @IsString()
  @Length(1, 255)
  subject: string;
}

export class ServiceOfficeView {
  /** @example schoolClerk */
  office: string;
  /** Whether it still waits for a second administrator. @example false */
  pending: boolean;
}

export class ServiceAccountView {
  /** Acts name it as their person. @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  id: string;
  /** @example 校务平台 */
  name: string;
  organisation: OrganisationName;
  /** @example 某某软件公司校务平台，同步学籍异动 */
  purpose: string;
  /** Those held now, and those that wait. */
  offices: ServiceOfficeView[];
  /** @example ["reading", "evidence", "filing"] */
  areas: string[];
  /** Null: all. @example ["transfer", "suspension"] */
  kinds: string[] | null;
  /** Requests a minute. @example 600 */
  perMinute: number;
  /** @example active */
  state: string;
  expiresAt: string;
  /** The beginning of the key, for finding it in logs; null where tokens of the issuer open the account. @example xjk_k7wm3xqa */
  keyPrefix: string | null;
  /** Who issued the key in force or bound the subject, and answers for it. */
  issuedBy: PersonName;
  issuedAt: string;
  /** The minute of its last request, or null. */
  lastUsedAt: string | null;
  revokedBy: PersonName | null;
  revokedAt: string | null;
}

export class ServiceAccountPage {
  /** Latest first. */
  items: ServiceAccountView[];
  nextCursor: string | null;
}

export class IssuedServiceAccountView extends ServiceAccountView {
  /**
   * The key, which goes into `Authorization: Bearer`. It is shown in the first answer alone; null in a repetition.
   * @example xjk_k7wm3xqa_Hq2vU3nJ0c1o9mZk4yXw7tR5sB8eD6fA1gL0pQiTzNo
   */
  key: string | null;
  /** `true`: a repetition. Where the first answer did not arrive, renew the key. @example false */
  shownBefore: boolean;
}
