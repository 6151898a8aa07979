import { IsIn } from 'class-validator';

export const HOLDERS = ['student', 'guardian'] as const;

/** Whom a code is handed to. */
export class NewSignInCode {
  /** The student, or the guardian: what is objected with it is on record as theirs. @example student */
  @IsIn(HOLDERS)
  holder: (typeof HOLDERS)[number];
}

/** A one-time code 一次性登录码 by which a student or guardian signs in. */
export class SignInCodeView {
  /** @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  id: string;
  /** @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  studentId: string;
  /** @example student */
  holder: string;
  /** Shown once; null when the request is repeated. @example k7mq-4xw9-t2hc */
  code: string | null;
  /** @example 2026-11-25T09:00:00.000+08:00 */
  expiresAt: string;
}
