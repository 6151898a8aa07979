import { Type } from 'class-transformer';
import { IsIn, IsObject, IsOptional, ValidateNested } from 'class-validator';
import { LANGUAGES } from '../domain/messages/words.js';
import { IsId } from '../platform/http/id.js';
import { IsText } from '../platform/http/is-text.js';
import { IsPlainDate } from '../platform/http/plain-date.js';
import { MultiLine } from '../platform/http/texts.js';

/** 遗失声明: the graduate declares that the certificate is lost. */
export class LossDeclaration {
  /** The day of the declaration, today or before. @example 2031-11-20 */
  @IsPlainDate()
  declaredOn: string;

  /** Where it was published, or what it says; it stays on record. @example 本人不慎遗失毕业证书，已登报声明作废 */
  @IsText(1000, { least: 4 })
  @MultiLine()
  statement: string;
}

export class IssueAttestation {
  /** `attestation` 学历证明书, `studying` 在读证明, `partialStudy` 肄业证明. @example studying */
  @IsIn(['attestation', 'studying', 'partialStudy'])
  kind: 'attestation' | 'studying' | 'partialStudy';

  /** Of `studying`: Chinese, or English for use abroad. @example zh */
  @IsOptional()
  @IsIn(LANGUAGES)
  language: 'zh' | 'en' = 'zh';

  /** A picture of the caller's evidence, where the dossier has none. */
  @IsOptional()
  @IsId()
  photographId?: string;

  /** Of `attestation`: required. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => LossDeclaration)
  loss?: LossDeclaration;
}
