import { OmitType } from '@nestjs/swagger';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { codesOf } from '../code-sets/code-sets.js';
import { IsMajorCode } from '../code-sets/is-major-code.js';
import { DOCUMENT_TYPES, type DocumentType } from '../domain/dossier/id-document.js';
import { PAST_CHANGES, type PastChangeKind } from '../domain/dossier/imported.js';
import { LEAVING_OUTCOMES, type LeavingOutcome } from '../domain/graduation/outcomes.js';
import { IsText } from '../platform/http/is-text.js';
import { IsPlainDate } from '../platform/http/plain-date.js';
import { MultiLine } from '../platform/http/texts.js';
import { RegistrationInput } from '../registrations/registrations.dto.js';

const NOT_IMPORTED = ['schoolId', 'formerDocument', 'reportedOn', 'enterHeld', 'continueDossier'] as const;

/** Somebody of whom another system, or paper, has the dossier: the record as a new student's has it, under the number that was given. */
export class ImportedPerson extends OmitType(RegistrationInput, NOT_IMPORTED) {
  /** 学校代码: the code of a school of the authority. @example "3301100001" */
  @IsText(30)
  schoolCode: string;

  /** 学籍号, a formal one as it was given; it stays. @example G330110201101109968 */
  @IsText(30)
  studentNumber: string;

  /** 到本校日期: the first day at this school, where the student came from another one; else the first day of study. */
  @IsOptional()
  @IsPlainDate()
  atSchoolSince?: string;
}

/** 在籍学生. */
export class ImportedStudent extends ImportedPerson {
  /** 学籍状态. @example active */
  @IsIn(['active', 'suspended'])
  state: 'active' | 'suspended';

  /** 休学起始日期 of who is suspended. @example 2026-03-02 */
  @IsOptional()
  @IsPlainDate()
  suspendedFrom?: string;

  /** 休学截止日期 of who is suspended. @example 2027-03-01 */
  @IsOptional()
  @IsPlainDate()
  suspendedUntil?: string;
}

/** 已毕业、结业、转段或肄业的学生. */
export class ImportedGraduate extends OmitType(ImportedPerson, ['expectedLeavingOn'] as const) {
  /** 离校类别. @example graduated */
  @IsIn(LEAVING_OUTCOMES)
  outcome: LeavingOutcome;

  /** 毕业（离校）日期. @example 2023-06-30 */
  @IsPlainDate()
  leavingOn: string;
}

/** 以往异动 of a student who was imported. */
export class ImportedChange {
  /** @example G330110201101109968 */
  @IsText(30)
  studentNumber: string;

  /** @example 沈晓岚 */
  @IsText(60)
  name: string;

  /** 异动种类. @example repeatYear */
  @IsIn(PAST_CHANGES)
  kind: PastChangeKind;

  /** 生效日期. @example 2025-09-01 */
  @IsPlainDate()
  effectiveOn: string;

  /** 原年级, of `repeatYear`. @example "2024" */
  @IsOptional()
  @Matches(/^20\d\d$/)
  gradeBefore?: string;

  /** 原专业代码, of `changeMajor`. @example "710201" */
  @IsOptional()
  @IsMajorCode()
  majorCodeBefore?: string;

  /** 原学习形式, of `changeStudyMode`. @example fullTime */
  @IsOptional()
  @IsIn(codesOf('study-modes'))
  studyModeBefore?: string;

  /** 转出学校, of `transfer`. @example 示范市第二职业高中 */
  @IsOptional()
  @IsText(100)
  schoolBefore?: string;

  /** 休学截止日期, of `suspension`. @example 2025-08-31 */
  @IsOptional()
  @IsPlainDate()
  suspendedUntil?: string;

  /** 批准文号 of the decision. @example 示教职〔2025〕12号 */
  @IsOptional()
  @IsText(60)
  approvalNumber?: string;

  /** 异动原因. @example 因病休养 */
  @IsOptional()
  @IsText(1000)
  @MultiLine()
  reason?: string;
}

/** 已颁发的毕业证书或结业证书, as the paper says. */
export class ImportedCertificate {
  /** 证书编号; it stays. Letters and digits, at most 40. @example ZJ33012023000117 */
  @Matches(/^[0-9A-Za-z][0-9A-Za-z〔〕()（）./-]{3,39}$/)
  certificateNumber: string;

  /** @example graduation */
  @IsIn(['graduation', 'completion'])
  certificate: 'graduation' | 'completion';

  /** @example G330110201101109968 */
  @IsText(30)
  studentNumber: string;

  /** The name on the certificate. @example 沈晓岚 */
  @IsText(60)
  name: string;

  /** The document on the certificate; left out, that of the dossier. @example residentId */
  @IsOptional()
  @IsIn(Object.keys(DOCUMENT_TYPES))
  documentType?: DocumentType;

  /** @example "330110201101109968" */
  @IsOptional()
  @IsText(60)
  documentNumber?: string;

  /** 发证日期: the day on it. @example 2023-06-30 */
  @IsPlainDate()
  issuedOn: string;

  /** The school as it was called then; left out, as it is called now. @example 示范市职业高中 */
  @IsOptional()
  @IsText(100)
  schoolName?: string;

  /** 专业名称 as it stands on it; left out, by the catalogue. @example 计算机应用 */
  @IsOptional()
  @IsText(60)
  majorName?: string;
}
