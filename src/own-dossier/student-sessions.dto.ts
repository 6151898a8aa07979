import { IsIn, IsString, Length } from 'class-validator';
import { DOCUMENT_TYPES } from '../domain/dossier/id-document.js';
import { IsText } from '../platform/http/is-text.js';

/** By what a student or guardian signs in, all exact. */
export class StudentCredentials {
  /** Of the code set `document-types`. @example residentId */
  @IsIn(Object.keys(DOCUMENT_TYPES))
  documentType: keyof typeof DOCUMENT_TYPES;

  /** The student's. @example 33010620100101123X */
  @IsText(60)
  documentNumber: string;

  /** 学籍号 @example G33010620100101123X */
  @IsText(60)
  studentNumber: string;

  /** The one-time code that the school handed out. @example k7mq-4xw9-t2hc */
  @IsString()
  @Length(1, 100)
  code: string;
}

export class StudentSessionView {
  /** Bearer token for the `Authorization` header. It opens the own dossier and nothing else. */
  token: string;
  /** Whose code it was: `student` or `guardian`. @example student */
  holder: string;
  /** @example 2026-11-24T10:00:00.000+08:00 */
  expiresAt: string;
}
