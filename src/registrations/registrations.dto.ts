import { IsText } from '../platform/http/is-text.js';
import { ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsBoolean, IsIn, IsObject, IsOptional, Matches, ValidateNested } from 'class-validator';
import { IsId } from '../platform/http/id.js';
import { Distinct } from '../platform/http/lists.js';
import { MultiLine } from '../platform/http/texts.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { IsPlainDate } from '../platform/http/plain-date.js';
import { DOCUMENT_TYPES, type DocumentType } from '../domain/dossier/id-document.js';
import { codesOf } from '../code-sets/code-sets.js';
import { IsLengthOfSchooling } from '../code-sets/is-length-of-schooling.js';
import { IsMajorCode } from '../code-sets/is-major-code.js';
import { ContactInformation, FurtherInformation, StudyFactsInput } from '../dossier/record.dto.js';
import { OrganisationName } from '../organisations/organisations.dto.js';

/** An identity document 身份证件. */
export class DocumentInput {
  /** Of the code set `document-types`. @example residentId */
  @IsIn(Object.keys(DOCUMENT_TYPES))
  type: DocumentType;

  /** @example "330110201101109968" */
  @IsText(60)
  number: string;
}

/** One new student, after the enrolment procedures (Art 6). */
export class RegistrationInput extends IntersectionType(FurtherInformation, ContactInformation, StudyFactsInput) {
  /** The caller's own school. A clerk of one school only may leave it out. */
  @IsOptional()
  @IsId()
  schoolId?: string;

  @IsObject()
  @ValidateNested()
  @Type(() => DocumentInput)
  document: DocumentInput;

  /** The document that the person had before, when the school knows of one. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => DocumentInput)
  formerDocument?: DocumentInput;

  /** @example 沈晓岚 */
  @IsText(60)
  name: string;

  /** @example female */
  @IsIn(['male', 'female'])
  sex: 'male' | 'female';

  /** @example 2011-01-10 */
  @IsPlainDate()
  birthDate: string;

  /** 民族, of the code set `ethnic-groups`. @example "01" */
  @IsIn(codesOf('ethnic-groups'))
  ethnicGroup: string;

  /** 专业, of the code set `majors`. @example "710201" */
  @IsMajorCode()
  majorCode: string;

  /** 专业（技能）方向, where the major has one. @example 移动应用开发 */
  @IsOptional()
  @IsText(60)
  majorDirection?: string;

  /** 年级 year of intake. @example "2026" */
  @Matches(/^20\d\d$/)
  grade: string;

  /** 班级: an open class of the school, of that grade and major. @example 2026级计算机应用1班 */
  @IsOptional()
  @IsText(60)
  className?: string;

  /** Of the code set `study-modes`. @example fullTime */
  @IsIn(codesOf('study-modes'))
  studyMode: string;

  /** 学制 length of schooling in years, of the code set `lengths-of-schooling`. @example 3 */
  @IsLengthOfSchooling()
  lengthYears: number;

  /** Day on which the student reported and the enrolment procedures were done 报到. @example 2026-11-02 */
  @IsPlainDate()
  reportedOn: string;

  /** First day of study. @example 2026-09-01 */
  @IsPlainDate()
  enrolledOn: string;

  /** @example 2029-06-30 */
  @IsPlainDate()
  expectedLeavingOn: string;

  /**
   * `true`: the school stands by it that the person studies here (Art 11), after a 409 `possible-duplicate`. The registration is entered
   * and held until the authorities have settled it, and the other school is told.
   * @example false
   */
  @IsOptional()
  @IsBoolean()
  enterHeld?: boolean;

  /** `true`: continues the dossier of an earlier stage instead of making another (Art 7), after a 409 `dossier-exists`. @example false */
  @IsOptional()
  @IsBoolean()
  continueDossier?: boolean;
}

/** An original of the police that a reviewer of the competent authority has seen (Art 9, R-09). */
export class AttestIdentity {
  /** The uploaded copies of the original. @example ["01a20a8e-2b06-7506-a575-100996e46d36"] */
  @IsId(true)
  @Distinct()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  evidenceIds: string[];

  /** What was seen. @example 已核验户口簿原件及派出所出具的身份证明原件 */
  @IsText(500)
  @MultiLine()
  note: string;
}

export const REGISTRATION_STATES = ['held', 'pending', 'registered', 'ended'] as const;

export class RegistrationQuery extends PageQuery {
  /** @example held */
  @IsOptional()
  @IsIn(REGISTRATION_STATES)
  state?: (typeof REGISTRATION_STATES)[number];
}

/** Another record that is, or may be, the same person. */
export class DuplicateView {
  id: string;
  /** How they are alike, for authorities and for the other side; empty for the school that registers. @example ["sameDocument"] */
  types: string[];
  /** School of the other record, the one found (side A of a ruling); null for the school that registers. */
  otherSchool: OrganisationName | null;
  /** @example open */
  state: string;
  /**
   * 1. `keepA` `keepB` `twoPersons` `voidBoth`: what was ruled.
   * 2. `namesakes`: it was noted for the reviewers, and held nothing.
   * 3. `moot:` and why: the registration was put right, or ended otherwise.
   * 4. Null while it is open.
   * @example null
   */
  outcome: string | null;
  /** The request of the ruling, after both sides' assertions were approved. */
  rulingRequestId: string | null;
}

export class RegistrationView {
  id: string;
  /** The student of the caller's own side, to name in a `registrationException`. */
  studentId: string;
  /**
   * 1. `held`: a duplicate, or proof is needed.
   * 2. `pending`: it waits for review.
   * @example held
   */
  state: string;
  /**
   * 1. `own`: the caller's school, or one below the caller's authority, made it.
   * 2. `other`: it is held against a student of the caller.
   */
  side: string;
  school: OrganisationName;
  maskedName: string;
  /**
   * The findings of the check. The school that registers is told `possibleDuplicate` in place of what was compared with other records.
   * @example ["possibleDuplicate"]
   */
  findings: string[];
  duplicates: DuplicateView[];
  reportedOn: string;
  /** Registered later after reporting than policy allows, at most twenty working days (Art 6, R-05). It is accepted and marked. */
  late: boolean;
  /**
   * The authentication of the identity: `pending`, `confirmed` by the population service, or `attested` by the authority's reviewer.
   * The student number stays provisional while it is pending.
   * @example confirmed
   */
  authentication: string;
  /** Registered after the registration of the intake had ended, in the province's late window (Art 6, R-06). */
  afterPeriod: boolean;
  recordedAt: string;
}

/** What a register of other schools says of the person (Art 8). It names no school. */
export class RegisterAnswerView {
  /** @example seniorHigh */
  register: string;
  /** @example 普通高中学籍系统 */
  name: string;
  /** `pending` until the register has answered: the registration waits for it. @example held */
  answer: string;
  /** 持有类型 how the register holds the person; null where it does not. @example inStudy */
  holding: string | null;
  /** The same in words. @example 在籍在读 */
  message: string | null;
  /** When it answered last. */
  answeredAt: string | null;
  /** Whether the authority has registered the person beside it (Art 11). */
  settled: boolean;
}

export class RegistrationDetail extends RegistrationView {
  /** The answers of other registers that are set up, only for the side that registered. */
  @ApiPropertyOptional({ type: [RegisterAnswerView] })
  registers?: RegisterAnswerView[];
  /** Personal and study particulars, only for the side that registered. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  particulars?: Record<string, unknown>;
}

export class RegistrationPage {
  items: RegistrationView[];
  nextCursor: string | null;
}
