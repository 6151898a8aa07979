import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsIn, IsInt, IsObject, IsOptional, Max, Min, ValidateNested } from 'class-validator';
import { codesOf } from '../code-sets/code-sets.js';
import { IsMajorCode } from '../code-sets/is-major-code.js';
import { SEASONS } from '../domain/terms/registration-period.js';
import { OrganisationName } from '../organisations/organisations.dto.js';
import { IsId } from '../platform/http/id.js';
import { IsText } from '../platform/http/is-text.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { IsPlainDate } from '../platform/http/plain-date.js';
import { MultiLine } from '../platform/http/texts.js';

/** How many a school plans to admit to a major 招生计划. */
export class AdmissionPlan {
  /** @example "710201" */
  @IsMajorCode()
  majorCode: string;

  /** @example 120 */
  @IsInt()
  @Min(0)
  @Max(20_000)
  plan: number;
}

/** Somebody who was admitted. */
export class AdmittedPerson {
  /** @example 沈晓岚 */
  @IsText(60)
  name: string;

  /** Of the code set `document-types`. @example residentId */
  @IsIn(codesOf('document-types'))
  documentType: string;

  /** @example "330110201101109968" */
  @IsText(60)
  documentNumber: string;

  /** Of the code set `majors`. @example "710201" */
  @IsMajorCode()
  majorCode: string;
}

/** What a list says besides the people. */
export class AdmissionListOptions {
  /** @example 5cca9656-2893-595d-8a3f-f900c52b0f24 */
  @IsId()
  schoolId: string;

  /** Year of the intake. @example 2026 */
  @IsInt()
  @Min(2000)
  @Max(2100)
  year: number;

  /** @example autumn */
  @IsIn(SEASONS)
  season: (typeof SEASONS)[number];

  /** The day on which those admitted are to report 报到. @example 2026-09-01 */
  @IsPlainDate()
  reportsOn: string;

  /** 招生计划 by major, where there are plans. */
  @IsOptional()
  @IsArray()
  @ArrayMaxSize(200)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => AdmissionPlan)
  plans?: AdmissionPlan[];
}

export class AdmissionListInput extends AdmissionListOptions {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(2000)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => AdmittedPerson)
  people: AdmittedPerson[];
}

export class WithdrawAdmissionList {
  /** @example 误传了上一年的名册 */
  @IsText(500)
  @MultiLine()
  reason: string;
}

export class AdmissionTemplateQuery {
  /** The school whose majors are offered to choose from. */
  @IsId()
  schoolId: string;
}

export class AdmissionListQuery extends PageQuery {
  /** Only of this school. */
  @IsOptional()
  @IsId()
  schoolId?: string;
}

export class AdmissionListView {
  /** @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  id: string;
  school: OrganisationName;
  /** @example 2026 */
  year: number;
  /** @example autumn */
  season: string;
  /** @example 2026-09-01 */
  reportsOn: string;
  /** The last day to build the record of who reported then. @example 2026-09-29 */
  dueDate: string;
  /** That day is over, and somebody is missing. @example true */
  overdue: boolean;
  /** How many were admitted. @example 260 */
  admitted: number;
  /** Of whom the school has made a registration. @example 251 */
  reported: number;
  /** Of those: under a registration that is made. @example 240 */
  registered: number;
  /** Admitted, and nobody has registered them. @example 9 */
  missing: number;
  /** The list was taken back, and counts no more. @example false */
  withdrawn: boolean;
  recordedAt: string;
}

/** One major of a list. */
export class AdmissionMajorView {
  /** @example "710201" */
  majorCode: string;
  /** 招生计划, or null where none was handed in. @example 120 */
  plan: number | null;
  /** @example 118 */
  admitted: number;
  /** @example 115 */
  reported: number;
  /** @example 110 */
  registered: number;
  /** @example 3 */
  missing: number;
  /** New students of the intake, on this list or not, above the plan; null without a plan. @example 0 */
  overPlan: number | null;
  /** New students of the intake in this major who are on no list of the school. @example 2 */
  unlisted: number;
}

export class AdmissionListDetail extends AdmissionListView {
  majors: AdmissionMajorView[];
}

export class AdmissionListPage {
  items: AdmissionListView[];
  nextCursor: string | null;
}

export const ADMISSION_STATES = ['missing', 'reported', 'registered'] as const;

export class AdmittedQuery extends PageQuery {
  /** `reported`: a registration is on its way. `registered`: it is made. @example missing */
  @IsOptional()
  @IsIn(ADMISSION_STATES)
  state?: (typeof ADMISSION_STATES)[number];
}

export class AdmittedView {
  /** As the list counts. @example 17 */
  row: number;
  /** @example 沈晓岚 */
  name: string;
  /** @example residentId */
  documentType: string;
  /** The last two characters. @example "****************68" */
  documentNumber: string;
  /** @example "710201" */
  majorCode: string;
  /** @example missing */
  state: string;
  /** The student that the registration made, or null. */
  studentId: string | null;
}

export class AdmittedPage {
  items: AdmittedView[];
  nextCursor: string | null;
}
