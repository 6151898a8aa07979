import { IsText } from '../platform/http/is-text.js';
import { IntersectionType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsBoolean, IsIn, IsObject, IsOptional, IsString, Length, Matches, ValidateNested } from 'class-validator';
import { IsId } from '../platform/http/id.js';
import { IsPlainDate } from '../platform/http/plain-date.js';
import {
  DEREGISTRATION_CAUSES,
  EXCEPTION_GROUNDS,
  MAJOR_GROUNDS,
  REINSTATEMENT_GROUNDS,
  SUSPENSION_GROUNDS,
  WITHDRAWAL_GROUNDS,
} from '../domain/case/details.js';
import { DOCUMENT_TYPES } from '../domain/dossier/id-document.js';
import { codesOf } from '../code-sets/code-sets.js';
import { IsLengthOfSchooling } from '../code-sets/is-length-of-schooling.js';
import { IsMajorCode } from '../code-sets/is-major-code.js';
import { FurtherInformation, StudyFactsInput } from '../dossier/record.dto.js';

/** Every kind takes the day of effect (A20). */
class Dated {
  /** Day of effect. Each kind has its own default. @example 2026-12-01 */
  @IsOptional()
  @IsPlainDate()
  effectiveOn?: string;
}

/** 转学 between vocational schools, filed by the source school. `effectiveOn` defaults to the placement's first day. */
export class TransferDetailsInput extends Dated {
  /** @example 5cca9656-2893-595d-8a3f-f900c52b0f24 */
  @IsId()
  destinationSchoolId: string;

  /** Joint programme under which the student moves (A24). @example 7b1f6c0e-5d0a-5b7e-9a55-0f6f1c8f2d10 */
  @IsOptional()
  @IsId()
  jointProgrammeId?: string;
}

/** How the destination school of a cross-track transfer names a student whom it may not see: both must match. */
export class StudentByNumber {
  /** @example G33010620100101123X */
  @IsString()
  @Length(19, 19)
  studentNumber: string;

  /** @example 张三 */
  @IsText(60)
  name: string;
}

/** 转学 between a vocational and an ordinary school, filed by the destination school. */
export class CrossTrackTransferDetailsInput extends Dated {
  @IsObject()
  @ValidateNested()
  @Type(() => StudentByNumber)
  student: StudentByNumber;

  /** The caller's own school. A clerk of one school only may leave it out. */
  @IsOptional()
  @IsId()
  destinationSchoolId?: string;
}

class Placed extends Dated {
  /** 年级 year of intake. @example "2026" */
  @IsOptional()
  @Matches(/^20\d\d$/)
  grade?: string;

  /** 班级: an open class of the school, of that grade and major. @example 2026级计算机应用2班 */
  @IsOptional()
  @IsText(60)
  className?: string;
}

/** 留级: into a later year of intake, by default the next. */
export class RepeatYearDetailsInput extends Placed {}

/** 转专业 */
export class ChangeMajorDetailsInput extends Placed {
  /** Of the code set `majors`. @example "710201" */
  @IsMajorCode()
  majorCode: string;

  /** @example aptitude */
  @IsIn(MAJOR_GROUNDS)
  ground: (typeof MAJOR_GROUNDS)[number];
}

/** 转学习形式 */
export class ChangeStudyModeDetailsInput extends Dated {
  /** Of the code set `study-modes`. @example partTime */
  @IsIn(codesOf('study-modes'))
  studyMode: string;

  /** 学制 length of schooling in years, of the code set `lengths-of-schooling`. The expected leaving day moves with it. @example 4 */
  @IsOptional()
  @IsLengthOfSchooling()
  lengthYears?: number;
}

/** 休学 */
export class SuspensionDetailsInput extends Dated {
  /** @example illness */
  @IsIn(SUSPENSION_GROUNDS)
  ground: (typeof SUSPENSION_GROUNDS)[number];

  /** Last day of the suspension. @example 2027-08-31 */
  @IsPlainDate()
  until: string;
}

/** 复学. The school's approval carries the placement. */
export class ResumptionDetailsInput extends Dated {}

/** 退学 (A10) */
export class WithdrawalDetailsInput extends Dated {
  /** @example ownApplication */
  @IsIn(WITHDRAWAL_GROUNDS)
  ground: (typeof WITHDRAWAL_GROUNDS)[number];
}

/** 注销, with its cause code (A10). */
export class DeregistrationDetailsInput extends Dated {
  /** @example lapsed */
  @IsIn(DEREGISTRATION_CAUSES)
  cause: (typeof DEREGISTRATION_CAUSES)[number];
}

/** 死亡. It may be filed beside another open request, which it holds (A16). `effectiveOn` defaults to `diedOn`. */
export class DeathDetailsInput extends Dated {
  /** @example 2026-11-20 */
  @IsPlainDate()
  diedOn: string;

  /** @example false */
  @IsOptional()
  @IsBoolean()
  unnatural?: boolean;
}

/** The new values. All of them are kept encrypted (A11). */
export class PersonalInformation extends FurtherInformation {
  /** @example 李雷 */
  @IsOptional()
  @IsText(60)
  name?: string;

  /** @example female */
  @IsOptional()
  @IsIn(['male', 'female'])
  sex?: 'male' | 'female';

  /** @example 2010-01-01 */
  @IsOptional()
  @IsPlainDate()
  birthDate?: string;

  /** @example residentId */
  @IsOptional()
  @IsIn(Object.keys(DOCUMENT_TYPES))
  documentType?: keyof typeof DOCUMENT_TYPES;

  /** Required with `documentType`. The student number does not change with it. @example "330106201001011248" */
  @IsOptional()
  @IsText(60)
  documentNumber?: string;

  /** 民族, of the code set `ethnic-groups`. @example "01" */
  @IsOptional()
  @IsIn(codesOf('ethnic-groups'))
  ethnicGroup?: string;
}

/** 信息变更 (Art 16). `effectiveOn`, today or before, is the first day of the new values. Its default is the day of the effect. */
export class InfoCorrectionDetailsInput extends Dated {
  @IsObject()
  @ValidateNested()
  @Type(() => PersonalInformation)
  changes: PersonalInformation;

  /** Day on which student or guardian handed in the proof. @example 2026-11-20 */
  @IsPlainDate()
  proofReceivedOn: string;
}

/**
 * 学籍信息更正: at least one of the values that were entered wrongly. The leaving day follows grade and length. `effectiveOn`, today or before,
 * is the first day of the new values. Its default is the day of the effect.
 */
export class StudyCorrectionDetailsInput extends IntersectionType(Dated, StudyFactsInput) {
  /** 入学日期 first day of study. @example 2025-09-01 */
  @IsOptional()
  @IsPlainDate()
  enrolledOn?: string;

  /** 学制 length of schooling in years. @example 3 */
  @IsOptional()
  @IsLengthOfSchooling()
  lengthYears?: number;

  /** 专业（技能）方向 @example 移动应用开发 */
  @IsOptional()
  @IsText(60)
  majorDirection?: string;

  /** 年级 year of intake. Whoever comes into another is unplaced until the school places them. @example "2025" */
  @IsOptional()
  @Matches(/^20\d\d$/)
  grade?: string;
}

/** 修改或佐证学籍电子注册 (Art 11) */
export class RegistrationExceptionDetailsInput extends Dated {
  /**
   * The registration in dispute: the school's own, or one that is held against its student.
   * @example 0192f5c2-0000-7000-8000-000000000000
   */
  @IsId()
  registrationId: string;

  /** `amend` 修改 puts values right; `corroborate` 佐证 proves that they are right. @example corroborate */
  @IsIn(['amend', 'corroborate'])
  action: 'amend' | 'corroborate';

  /** Required to amend. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => PersonalInformation)
  amendments?: PersonalInformation;

  /** @example studiesHere */
  @IsIn(EXCEPTION_GROUNDS)
  ground: (typeof EXCEPTION_GROUNDS)[number];
}

/** 恢复学籍: what a change made otherwise is again as it found it (A19). Of a transfer both sides decide. */
export class ReinstatementDetailsInput extends Dated {
  /** The effected change of any kind but an assertion of Art 11; the latest first. @example 0192f5c2-0000-7000-8000-000000000000 */
  @IsId()
  requestId: string;

  /** @example enteredByMistake */
  @IsIn(REINSTATEMENT_GROUNDS)
  ground: (typeof REINSTATEMENT_GROUNDS)[number];
}
