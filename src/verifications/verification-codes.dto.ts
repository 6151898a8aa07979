import { IsIn, IsInt, IsOptional, Max, Min } from 'class-validator';

export const PURPOSES = ['enrolment', 'graduation'] as const;

/** What a code verifies, and for how long. */
export class NewVerificationCode {
  /** `enrolment`: that the student is enrolled 在读; `graduation`: how the study ended. @example enrolment */
  @IsIn(PURPOSES)
  purpose: (typeof PURPOSES)[number];

  /** 1 to 180, by default 30. @example 30 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(180)
  validDays?: number;
}

/** A verification code 核验码 without its text. */
export class VerificationCodeView {
  /** @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  id: string;
  /** @example enrolment */
  purpose: string;
  /** @example 2026-11-24T09:00:00.000+08:00 */
  issuedAt: string;
  /** @example 2026-12-24T09:00:00.000+08:00 */
  expiresAt: string;
  /** When the student took it back. @example null */
  revokedAt: string | null;
  /** When somebody verified by it, the latest first, at most fifty. */
  uses: string[];
}

export class IssuedVerificationCode extends VerificationCodeView {
  /** A hundred random bits, shown once. @example k7mq-4xw9-t2hc-8v5n-r3dz */
  code: string;
}
