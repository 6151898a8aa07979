import { IsText } from '../platform/http/is-text.js';
import { Distinct } from '../platform/http/lists.js';
import { IntersectionType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsObject, IsOptional, Matches, ValidateNested } from 'class-validator';
import { IsId } from '../platform/http/id.js';
import { IsPlainDate } from '../platform/http/plain-date.js';
import { IsMajorCode } from '../code-sets/is-major-code.js';
import { OrganisationName } from '../organisations/organisations.dto.js';
import { CohortTransfer } from '../requests/batch/cohort.dto.js';

/** The agreement between the schools. */
export class Agreement {
  /** @example 杭绍联办〔2026〕3号 */
  @IsText(100)
  number: string;

  /** Day on which it was signed. @example 2026-06-30 */
  @IsPlainDate()
  signedOn: string;
}

export class EstablishJointProgramme {
  /** @example 计算机应用2+1联合办学 */
  @IsText(100)
  name: string;

  /**
   * The schools between which its students may move.
   * @example ["5cca9656-2893-595d-8a3f-f900c52b0f24", "0192f5c2-0000-7000-8000-000000000000"]
   */
  @IsId(true)
  @Distinct()
  @ArrayMinSize(2)
  @ArrayMaxSize(20)
  schoolIds: string[];

  /** Of the code set `majors`. @example ["710201"] */
  @IsMajorCode({ each: true })
  @Distinct()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  majorCodes: string[];

  /** Year of intake. @example "2024" */
  @Matches(/^20\d\d$/)
  intakeYear: string;

  @IsObject()
  @ValidateNested()
  @Type(() => Agreement)
  agreement: Agreement;

  /** First day of the programme. @example 2026-09-01 */
  @IsPlainDate()
  from: string;

  /** Last day. @example 2027-08-31 */
  @IsPlainDate()
  to: string;
}

export class JointProgrammeView {
  id: string;
  name: string;
  schools: OrganisationName[];
  majorCodes: string[];
  intakeYear: string;
  agreement: Agreement;
  /** @example 2026-09-01 */
  from: string;
  to: string;
  /** The authority that established it. */
  authority: OrganisationName;
  establishedAt: string;
}

export class JointProgrammePage {
  items: JointProgrammeView[];
  nextCursor: string | null;
}

class FromSchool {
  /** The school whose students move. A clerk of one school only may leave it out. */
  @IsOptional()
  @IsId()
  sourceSchoolId?: string;
}

export class ProgrammeCohort extends IntersectionType(CohortTransfer, FromSchool) {}
