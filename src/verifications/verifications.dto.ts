import { IsOptional, IsString, Length } from 'class-validator';
import { IsText } from '../platform/http/is-text.js';

/** Either a code, or the numbers of certificate and document; and the name, all exact. */
export class VerificationQuestion {
  /** 核验码, as the student gave it. Instead of it, give both numbers. @example k7mq-4xw9-t2hc-8v5n-r3dz */
  @IsOptional()
  @IsString()
  @Length(1, 100)
  code?: string;

  /** 证书编号; together with `documentNumber`. Such as `B33010620290000001X`. */
  @IsOptional()
  @IsText(60)
  certificateNumber?: string;

  /** The number of the identity document, such as `33010620100101123X`; together with `certificateNumber`. */
  @IsOptional()
  @IsText(60)
  documentNumber?: string;

  /** @example 顾家杰 */
  @IsText(100)
  name: string;

  /** What the challenge 验证 asked for, where the installation has one. */
  @IsOptional()
  @IsString()
  @Length(0, 4000)
  challenge?: string;
}

/** The certificate that was verified. */
export class VerifiedCertificate {
  /** `graduation`, `completion`, `attestation`, `studying` or `partialStudy`. @example graduation */
  kind: string;
  /** @example B33010620290000001X */
  number: string;
  /** `issued`, or `superseded` where who completed graduated after all, or `revoked`. @example issued */
  state: string;
  /** The day on it. @example 2029-06-30 */
  issuedOn: string;
  /** @example 杭州市第一职业学校 */
  issuer: string;
}

/** What a match shows: no more than the certificate does, and the document's number masked. */
export class VerifiedView {
  /** @example enrolment */
  purpose: string;
  /** The name that was asked for. @example 顾家杰 */
  name: string;
  /** @example male */
  sex: string;
  /** The last two characters. @example "****************3X" */
  documentNumber: string;
  /** @example 杭州市第一职业学校 */
  school: string;
  /** @example 计算机应用 */
  major: string | null;
  /** @example fullTime */
  studyMode: string;
  /** Length of schooling in years. @example 3 */
  lengthYears: number;
  /** @example 2026-09-01 */
  enrolledOn: string;
  /** `active`, `suspended`, or how the study ended, such as `graduated`. @example active */
  state: string;
  /** When the study ended, or is to end. @example 2029-06-30 */
  leavingOn: string;
  /** Null of an enrolment 在读, and of a graduation for which this system issued none. */
  certificate: VerifiedCertificate | null;
  /** The day of the answer. @example 2026-11-24 */
  asOf: string;
}

export class VerificationView {
  /** `false`: no match, whatever of it was wrong. */
  match: boolean;
  /** Null without a match. */
  shown: VerifiedView | null;
}
