import { ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn, IsObject, IsOptional, Matches, ValidateNested } from 'class-validator';
import { CERTIFICATE_KINDS, CERTIFICATE_STATES } from '../domain/dossier/certificate.js';
import { OrganisationName } from '../organisations/organisations.dto.js';
import { IsId } from '../platform/http/id.js';
import { IsText } from '../platform/http/is-text.js';
import { Distinct } from '../platform/http/lists.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { IsPlainDate } from '../platform/http/plain-date.js';
import { MultiLine } from '../platform/http/texts.js';

/** Students of one request; a class of a thousand is sent in five. */
export const MOST_AT_ONCE = 200; // as the lists below say, which OpenAPI reads as they are written

/** The picture of a student, uploaded by `POST /evidence`. */
export class StudentPhotograph {
  @IsId()
  studentId: string;

  /** A JPEG or PNG of the school's own evidence. */
  @IsId()
  evidenceId: string;
}

/** All students of a grade or class at a school who have a right to the certificate and have none yet. */
export class CertificateClass {
  /** 学校 @example 5cca9656-2893-595d-8a3f-f900c52b0f24 */
  @IsId()
  schoolId: string;

  /** 年级: year of intake. @example "2026" */
  @Matches(/^20\d\d$/)
  grade: string;

  /** 班级名称 @example 2026级计算机应用2班 */
  @IsOptional()
  @IsText(60)
  className?: string;
}

export class IssueCertificates {
  /** 毕业证书 or 结业证书. @example graduation */
  @IsIn(['graduation', 'completion'])
  kind: 'graduation' | 'completion';

  /** The students, or else a grade or class. @example ["9e3b8136-9634-504a-984e-f340fb23cf18"] */
  @IsOptional()
  @IsArray()
  @IsId(true)
  @Distinct()
  @ArrayMinSize(1)
  @ArrayMaxSize(200)
  studentIds?: string[];

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => CertificateClass)
  ofClass?: CertificateClass;

  /** Pictures of students whose dossier has none, or another. */
  @IsOptional()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => StudentPhotograph)
  @ArrayMaxSize(200)
  photographs?: StudentPhotograph[];

  /** `true`: says what stands against each, and issues nothing. @example false */
  @IsOptional()
  @IsBoolean()
  dryRun: boolean = false;
}

/** A certificate, with nothing personal but the masked name. */
export class CertificateView {
  /** @example 01a20a8f-e41c-7b05-8d52-6c1a3f0e9b77 */
  id: string;
  /** `graduation` 毕业证书, `completion` 结业证书, `attestation` 学历证明书, `studying` 在读证明, `partialStudy` 肄业证明. @example graduation */
  kind: string;
  /** `issued`, `void` 作废, or `superseded` 已被毕业证书替换. @example issued */
  state: string;
  /** 证书编号 @example B33010620290000001X */
  number: string;
  /** @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  studentId: string;
  /** @example 顾** */
  maskedName: string;
  school: OrganisationName;
  issuer: OrganisationName;
  /** The day on it. @example 2029-06-30 */
  issuedOn: string;
  issuedAt: string;
  /** When the school handed it over, or null. @example null */
  handedOverOn: string | null;
  /** When it was voided or superseded, or null. @example null */
  endedAt: string | null;
  /** SHA-256 of what it says. @example 3f0c2f4e6f0a4b5e9a531d2f3c4b5a69b1f0c2f4e6f0a4b5e9a531d2f3c4b5a6 */
  saysSha256: string;
  /** 导入: issued on paper before this system, which does not print it. @example false */
  imported: boolean;
}

export class CertificateResult {
  /** @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  studentId: string;
  /** HTTP status that the single request would have had. @example 200 */
  status: number;
  /** Absent of a dry run. */
  certificate?: CertificateView;
  /** With `blockers`, all at once. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  problem?: Record<string, unknown>;
}

export class CertificateBatch {
  items: CertificateResult[];
  /** How many of the class are left for a further request. @example 0 */
  left: number;
}

export class CertificateQuery extends PageQuery {
  /** @example graduation */
  @IsOptional()
  @IsIn(CERTIFICATE_KINDS)
  kind?: string;

  /** @example issued */
  @IsOptional()
  @IsIn(CERTIFICATE_STATES)
  state?: string;

  /** @example 5cca9656-2893-595d-8a3f-f900c52b0f24 */
  @IsOptional()
  @IsId()
  schoolId?: string;

  /** @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  @IsOptional()
  @IsId()
  studentId?: string;
}

/** A whole grade or class, and which certificates. */
export class CertificateClassOfKind extends CertificateClass {
  /** @example graduation */
  @IsIn(['graduation', 'completion'])
  kind: 'graduation' | 'completion';
}

export class CertificatePage {
  /** The latest first. */
  items: CertificateView[];
  nextCursor: string | null;
}

export class VoidCertificate {
  /** @example 专业名称印制有误 */
  @IsText(500, { least: 4 })
  @MultiLine()
  reason: string;
}

export class HandOverCertificate {
  /** The day, today or before, by default today. @example 2029-06-30 */
  @IsOptional()
  @IsPlainDate()
  on?: string;
}

/** A detached signature over the PDF. Check: Ed25519 over the whole file, by `openssl pkeyutl -verify -rawin`. */
export class CertificateSignature {
  /** @example Ed25519 */
  algorithm: string;
  /** SHA-256 of the PDF. @example 3f0c2f4e6f0a4b5e9a531d2f3c4b5a69b1f0c2f4e6f0a4b5e9a531d2f3c4b5a6 */
  sha256: string;
  /** In base64. */
  signature: string;
  /** Which key. @example 9a531d2f3c4b5a69 */
  keyId: string;
  /** The public key, PEM. */
  publicKey: string;
}
