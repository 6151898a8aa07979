import { IsIn, IsOptional, Matches } from 'class-validator';
import { codesOf } from '../code-sets/code-sets.js';
import { DOCUMENT_TYPES } from '../domain/dossier/id-document.js';
import { IsPlainDate } from '../platform/http/plain-date.js';
import { IsText } from '../platform/http/is-text.js';

const PHONE = /^\+?[0-9][0-9 -]{4,22}[0-9]$/;

/** What the record says of the person besides the identity; it changes by Art 16 (A11). */
export class FurtherInformation {
  /** 曾用名 @example 李小雷 */
  @IsOptional()
  @IsText(60)
  formerName?: string;

  /** 姓名拼音 @example LI LEI */
  @IsOptional()
  @Matches(/^[A-Za-zÜü' -]{1,80}$/)
  namePinyin?: string;

  /** 政治面貌, of the code set `political-status`. @example "03" */
  @IsOptional()
  @IsIn(codesOf('political-status'))
  politicalStatus?: string;

  /** 籍贯, of the code set `divisions` or an older one: six digits. @example "330106" */
  @IsOptional()
  @Matches(/^\d{6}$/)
  nativePlace?: string;

  /** 户口性质, of the code set `household-types`. @example resident */
  @IsOptional()
  @IsIn(codesOf('household-types'))
  householdType?: string;

  /** 户口所在地, of the code set `divisions` or an older one: six digits. @example "330106" */
  @IsOptional()
  @Matches(/^\d{6}$/)
  householdDivision?: string;

  /** 健康状况, of the code set `health-status`. @example "1" */
  @IsOptional()
  @IsIn(codesOf('health-status'))
  healthStatus?: string;

  /** 监护人姓名 @example 李建国 */
  @IsOptional()
  @IsText(60)
  guardianName?: string;

  /** 与监护人关系, of the code set `guardian-relations`. @example father */
  @IsOptional()
  @IsIn(codesOf('guardian-relations'))
  guardianRelation?: string;

  /** 监护人证件类型, of the code set `document-types`, together with the number. @example residentId */
  @IsOptional()
  @IsIn(Object.keys(DOCUMENT_TYPES))
  guardianDocumentType?: keyof typeof DOCUMENT_TYPES;

  /** 监护人证件号码 @example "330106198001011235" */
  @IsOptional()
  @IsText(60)
  guardianDocumentNumber?: string;

  /** 第二监护人姓名 @example 王秀兰 */
  @IsOptional()
  @IsText(60)
  secondGuardianName?: string;

  /** 与第二监护人关系, of the code set `guardian-relations`. @example mother */
  @IsOptional()
  @IsIn(codesOf('guardian-relations'))
  secondGuardianRelation?: string;

  /** 第二监护人证件类型, of the code set `document-types`, together with the number. @example residentId */
  @IsOptional()
  @IsIn(Object.keys(DOCUMENT_TYPES))
  secondGuardianDocumentType?: keyof typeof DOCUMENT_TYPES;

  /** 第二监护人证件号码 @example "330106198202021246" */
  @IsOptional()
  @IsText(60)
  secondGuardianDocumentNumber?: string;

  /** 国籍, of the code set `nationalities`. @example CN */
  @IsOptional()
  @IsIn(codesOf('nationalities'))
  nationality?: string;

  /** 港澳台侨外标志, of the code set `overseas-marks`. @example none */
  @IsOptional()
  @IsIn(codesOf('overseas-marks'))
  overseasMark?: string;

  /** 证件有效期至: the last day of a document that expires. @example 2031-05-31 */
  @IsOptional()
  @IsPlainDate()
  documentValidThrough?: string;

  /** 毕业学校: the school from which the student came. @example 示范市第三初级中学 */
  @IsOptional()
  @IsText(100)
  graduationSchool?: string;

  /** 户口详细地址 @example 文一路1号2单元301室 */
  @IsOptional()
  @IsText(200)
  householdAddress?: string;
}

/** The closed list of what a school changes without a request (A11). */
export class ContactInformation {
  /** 联系电话 @example "13800000000" */
  @IsOptional()
  @Matches(PHONE)
  phone?: string;

  /** 现住址、通讯地址 @example 文一路1号 */
  @IsOptional()
  @IsText(200)
  address?: string;

  /** 监护人电话 @example "13900000000" */
  @IsOptional()
  @Matches(PHONE)
  guardianPhone?: string;

  /** 第二监护人电话 @example "13700000000" */
  @IsOptional()
  @Matches(PHONE)
  secondGuardianPhone?: string;
}

/** What the record says of the enrolment besides the study itself; put right as study data are (A11). */
export class StudyFactsInput {
  /** 招生类型, of the code set `admission-kinds`. @example unified */
  @IsOptional()
  @IsIn(codesOf('admission-kinds'))
  admissionKind?: string;

  /** 生源类别, of the code set `origins`. @example juniorThisYear */
  @IsOptional()
  @IsIn(codesOf('origins'))
  origin?: string;

  /** 贯通培养 programme across stages, of the code set `cross-stage-programmes`. @example none */
  @IsOptional()
  @IsIn(codesOf('cross-stage-programmes'))
  crossStage?: string;

  /** 教学点 @example 城东校区 */
  @IsOptional()
  @IsText(60)
  teachingSite?: string;

  /** 校内学号: the school's own number of the student. @example "20260117" */
  @IsOptional()
  @IsText(30)
  numberAtSchool?: string;
}
