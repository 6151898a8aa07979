import { IsIn, IsISO8601, IsOptional, IsString, IsUUID, Length, Matches, MaxLength } from 'class-validator';
import { ApiProperty } from '@nestjs/swagger';
import { PageQuery } from '../api/page.dto.js';
import { IsPlainDate } from '../api/plain-date.js';
import { ENROLMENT_STATES } from '../domain/dossier.js';
import { OrganisationName } from '../organisations/organisations.dto.js';

export class StudentQuery extends PageQuery {
  @IsOptional()
  @IsUUID()
  schoolId?: string;

  /** Year of intake. @example 2026 */
  @IsOptional()
  @Matches(/^20\d\d$/)
  grade?: string;

  /** The class's name. */
  @IsOptional()
  @IsString()
  @MaxLength(60)
  classId?: string;

  @IsOptional()
  @IsIn(ENROLMENT_STATES)
  state?: string;

  /** Only students whose dossier changed after this instant. */
  @IsOptional()
  @IsISO8601({ strict: true })
  changedSince?: string;
}

/** Exactly one way of naming a student; no personal data in an address. */
export class StudentLookup {
  @IsOptional()
  @IsString()
  @Length(19, 19)
  studentNumber?: string;

  /** @example residentId */
  @IsOptional()
  @IsString()
  @MaxLength(40)
  documentType?: string;

  @IsOptional()
  @IsString()
  @MaxLength(60)
  documentNumber?: string;
}

export class StudentItem {
  id: string;
  maskedName: string;
  school: OrganisationName;
  state: string;
  grade: string;
  className: string | null;
  majorCode: string | null;
  changedAt: string;
}

export class StudentPage {
  items: StudentItem[];
  nextCursor: string | null;
}

export class EnrolmentView {
  id: string;
  school: OrganisationName;
  /** @example active */
  state: string;
  majorCode: string | null;
  grade: string;
  className: string | null;
  studyMode: string;
  /** Length of schooling in years. @example 3 */
  lengthYears: number;
  enrolledOn: string;
  expectedLeavingOn: string;
  validFrom: string;
  validTo: string | null;
}

export class StudentView {
  id: string;
  /** 学籍号, lifelong. */
  studentNumber: string;
  name: string;
  /** @example residentId */
  documentType: string;
  /** First six and last four characters. */
  documentNumber: string;
  sex: string;
  birthDate: string;
  /** The held enrolment, else the latest the caller may see. */
  enrolment: EnrolmentView | null;
  schoolId: string | null;
  state: string | null;
}

export class DossierEvidenceView {
  evidenceId: string;
  requestId: string;
  joinedAt: string;
}

/** 学籍电子档案 as of a day. */
export class DossierView extends StudentView {
  /** @example 2026-11-23 */
  asOf: string;
  enrolments: EnrolmentView[];
  @ApiProperty({ type: () => [DossierEvidenceView] })
  evidence: DossierEvidenceView[];
}

export class AsOfQuery {
  /** Valid time; today when left out. @example 2026-11-23 */
  @IsOptional()
  @IsPlainDate()
  asOf?: string;
}
