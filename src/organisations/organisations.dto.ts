import { IsIn, IsISO8601, IsOptional, IsString, IsUUID, Length, MaxLength } from 'class-validator';
import { PageQuery } from '../api/page.dto.js';
import { LEVELS, OFFICES, SCHOOL_TYPES, type Office } from '../domain/offices.js';

export class OrganisationName {
  id: string;
  /** @example 330110-01 */
  code: string;
  name: string;
}

export class OrganisationView extends OrganisationName {
  /** School type of Art 2, or null for an authority. */
  type: string | null;
  /** @example school */
  level: string;
  /** For a school its competent authority, else the superior authority. */
  parentId: string | null;
}

export class OrganisationPage {
  items: OrganisationView[];
  nextCursor: string | null;
}

export class OrganisationQuery extends PageQuery {
  /** Part of the name or the beginning of the code. */
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
  /** The person's user name. */
  @IsString()
  @Length(1, 100)
  username: string;

  @IsIn(OFFICES)
  office: Office;

  /** From this instant; now when left out. */
  @IsOptional()
  @IsISO8601({ strict: true })
  from?: string;
}

export class EndOffice {
  @IsString()
  @MaxLength(500)
  reason: string;
}

export class OfficeHolderView {
  id: string;
  personId: string;
  displayName: string;
  office: string;
  heldFrom: string;
  heldUntil: string | null;
}

export class OfficeParams {
  @IsUUID()
  id: string;

  @IsUUID()
  officeId: string;
}
