import { IsText } from '../platform/http/is-text.js';
import { IsIn, IsOptional, IsString, Length } from 'class-validator';
import { PageQuery } from '../platform/http/page.dto.js';
import { IsInstant } from '../platform/http/plain-date.js';
import { LEVELS, OFFICES, SCHOOL_TYPES, type Office } from '../domain/offices.js';
import { MultiLine } from '../platform/http/texts.js';

export class OrganisationName {
  /** @example 5cca9656-2893-595d-8a3f-f900c52b0f24 */
  id: string;
  /** @example 5101-01 */
  code: string;
  /** @example 成都市锦江区锦岚职业高级中学 */
  name: string;
}

export class OrganisationView extends OrganisationName {
  /** School type of Art 2, or null for an authority. @example vocationalHigh */
  type: string | null;
  /** @example school */
  level: string;
  /** The competent authority of a school, or the superior of an authority. @example 0b9c2f5e-6a52-5a0c-9b7d-7a6f1f3f2c11 */
  parentId: string | null;
}

export class OrganisationDetail extends OrganisationView {
  /** The day on which it was closed, or null. @example 2026-08-31 */
  closedOn: string | null;
  /** Who followed it, or null. @example 0b9c2f5e-6a52-5a0c-9b7d-7a6f1f3f2c11 */
  successorId: string | null;
}

export class OrganisationPage {
  items: OrganisationView[];
  /** The `cursor` of the next page, or null on the last one. */
  nextCursor: string | null;
}

export class OrganisationQuery extends PageQuery {
  /** Part of the name or the beginning of the code. @example 职业 */
  @IsOptional()
  @IsString()
  @Length(1, 50)
  q?: string;

  @IsOptional()
  @IsIn(LEVELS)
  level?: string;

  @IsOptional()
  @IsIn(SCHOOL_TYPES)
  type?: string;
}

export class GrantOffice {
  /** The person's user name. @example reviewer.3301-01 */
  @IsText(100)
  username: string;

  /** @example schoolReviewer */
  @IsIn(OFFICES)
  office: Office;

  /** First instant of the office, not in the past, by default now. @example 2036-12-01T09:00:00+08:00 */
  @IsOptional()
  @IsInstant()
  from?: string;

  /** The instant at which the office ends, by default none. @example 2037-12-01T09:00:00+08:00 */
  @IsOptional()
  @IsInstant()
  until?: string;
}

export class EndOffice {
  /** @example 岗位调整 */
  @IsText(500)
  @MultiLine()
  reason: string;
}

export class OfficeHolderView {
  /** @example 01a20a8e-2b06-7506-a575-100996e46d36 */
  id: string;
  /** @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  personId: string;
  /** @example 李伟成 */
  displayName: string;
  /** The person's id, to name a proxy or to grant an office. @example reviewer.3301-01 */
  username: string;
  /** @example schoolReviewer */
  office: string;
  /** @example 2026-12-01T09:00:00.000+08:00 */
  heldFrom: string;
  /** The instant at which the office ends or ended, or null. It equals `heldFrom` when the office ended before it began. */
  heldUntil: string | null;
  /**
   * Until when a second administrator may confirm the office, which nobody holds before; null for one that is held, or was.
   * @example null
   */
  pendingUntil: string | null;
}
