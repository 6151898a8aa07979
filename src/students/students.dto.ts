import { IsText } from '../platform/http/is-text.js';
import { IsIn, IsOptional, IsString, Length } from 'class-validator';
import { ApiProperty, OmitType } from '@nestjs/swagger';
import { DOCUMENT_TYPES } from '../domain/dossier/id-document.js';
import { FileView } from '../evidence/evidence.dto.js';
import { IsInstant, IsPlainDate } from '../platform/http/plain-date.js';
import { OrganisationName } from '../organisations/organisations.dto.js';
import { ActorView } from '../organisations/actors.dto.js';

/** Exactly one way of naming a student; no personal data in an address. */
export class StudentLookup {
  /** 学籍号. Instead of it, give the document. @example G33010620100101123X */
  @IsOptional()
  @IsString()
  @Length(19, 19)
  studentNumber?: string;

  /** Of the code set `document-types`; together with `documentNumber`. @example residentId */
  @IsOptional()
  @IsIn(Object.keys(DOCUMENT_TYPES))
  documentType?: string;

  /** Such as `33010620100101123X`; together with `documentType`. */
  @IsOptional()
  @IsText(60)
  documentNumber?: string;
}

export class EnrolmentView {
  /** @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  id: string;
  school: OrganisationName;
  /** @example active */
  state: string;
  /** @example "710201" */
  majorCode: string | null;
  /** 专业（技能）方向 @example 移动应用开发 */
  majorDirection: string | null;
  /** 招生类型, of the code set `admission-kinds`. @example unified */
  admissionKind: string | null;
  /** 生源类别, of the code set `origins`. @example juniorThisYear */
  origin: string | null;
  /** 贯通培养 programme across stages, of the code set `cross-stage-programmes`. @example none */
  crossStage: string | null;
  /** 教学点 @example 城东校区 */
  teachingSite: string | null;
  /** 校内学号: the school's own number of the student. @example "20260117" */
  numberAtSchool: string | null;
  /** Year of intake. @example "2026" */
  grade: string;
  /** @example 2026级计算机应用2班 */
  className: string | null;
  /** Code of the set `study-modes`. @example fullTime */
  studyMode: string;
  /** Length of schooling in years. @example 3 */
  lengthYears: number;
  /** @example 2025-09-01 */
  enrolledOn: string;
  /** @example 2028-06-30 */
  expectedLeavingOn: string;
  /** First day at this school. @example 2026-11-24 */
  validFrom: string;
  /** Day on which it ended, or null. */
  validTo: string | null;
  /** First day of this state. @example 2026-11-24 */
  since: string;
  /** Last day of a suspension. @example 2027-08-31 */
  suspendedUntil: string | null;
  /** 导入: it was brought in from before this system, with a history that other registers answer for. @example false */
  imported: boolean;
}

export class StudentView {
  /** @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  id: string;
  /**
   * 学籍号, lifelong, provisional (L…) until the registration is made. It is masked, because it holds the document's number. The whole is had
   * by `POST /students/{id}/unmaskings`.
   * @example G****************3X
   */
  studentNumber: string;
  /** @example 顾家杰 */
  name: string;
  /** @example residentId */
  documentType: string;
  /** The last two characters. @example "****************3X" */
  documentNumber: string;
  /** Code of the set `sexes`. @example male */
  sex: string;
  /** The year, because the day is part of the document's number. @example 2010-**-** */
  birthDate: string;
  /** The active or suspended enrolment, or else the latest that the caller may see. */
  enrolment: EnrolmentView | null;
  /** @example 5cca9656-2893-595d-8a3f-f900c52b0f24 */
  schoolId: string | null;
  /** @example active */
  state: string | null;
  /** The dossier of the same person that a ruling kept instead of this one, if the caller may see it. @example null */
  mergedInto: string | null;
  /** Dossiers of the same person that a ruling linked to this one, if the caller may see them. They stay as they were. @example [] */
  mergedFrom: string[];
}

export class DossierEvidenceView extends OmitType(FileView, ['id'] as const) {
  /** @example 01a20a8e-2b06-7506-a575-100996e46d36 */
  evidenceId: string;
  /** @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  requestId: string;
  /** @example 2026-11-24T06:38:54.245+08:00 */
  joinedAt: string;
}

/** A fact of the dossier with the time it holds. */
export class FactView {
  /** @example ethnicGroup */
  fact: string;
  /** @example "01" */
  value: string;
  validFrom: string;
  validTo: string | null;
}

/** A term 学期 in which the student is registered. */
export class RegisteredTermView {
  /** School year and first or second term. @example 2026-1 */
  term: string;
  school: OrganisationName;
  /** `registered` by the school, or `entry`: by the entry registration of the term's intake. @example registered */
  how: string;
  /** When the registration was made, or null by entry. @example 2026-09-07T09:12:00.000+08:00 */
  registeredAt: string | null;
  /** The person who registered, and the office, or null by entry. */
  by: ActorView | null;
  /** `true`: registered after the last day as it stood then, though the student was to be registered by it. */
  late: boolean;
  /** The same by the calendar in force (A8). */
  lateReevaluated: boolean;
  /** The last day to register as it stood then, or null by entry. @example 2026-09-29 */
  dueDate: string | null;
}

/** 学籍电子档案 as of a day. */
/** 以往异动: a change from before this system, as the authority brought it in. */
export class ImportedChangeView {
  /** @example repeatYear */
  kind: string;
  /** @example 2025-09-01 */
  effectiveOn: string;
  /** 原年级, of `repeatYear`. */
  gradeBefore: string | null;
  /** Of `changeMajor`. */
  majorCodeBefore: string | null;
  /** Of `changeStudyMode`. */
  studyModeBefore: string | null;
  /** 转出学校, of `transfer`. @example 示范市第二职业高中 */
  schoolBefore: string | null;
  /** 批准文号. @example 示教职〔2025〕12号 */
  approvalNumber: string | null;
  reason: string | null;
}

export class DossierView extends StudentView {
  /** @example 2026-11-23 */
  asOf: string;
  enrolments: EnrolmentView[];
  /** The facts of that day besides the identity. Each former value stays on record. */
  facts: FactView[];
  @ApiProperty({ type: () => [DossierEvidenceView] })
  evidence: DossierEvidenceView[];
  /** 学期注册: the terms in which the student is registered, the first one first. */
  terms: RegisteredTermView[];
  /** 以往异动 that were brought in with the dossier, the first one first; only the present school and those above it see them. */
  importedChanges: ImportedChangeView[];
}

export class AsOfQuery {
  /** Valid time, by default today. @example 2026-11-23 */
  @IsOptional()
  @IsPlainDate()
  asOf?: string;

  /** Recorded time: only what was on record by this instant, by default everything. @example 2026-11-23T00:00:00+08:00 */
  @IsOptional()
  @IsInstant()
  recordedBy?: string;
}
