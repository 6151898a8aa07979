import { IsOptional } from 'class-validator';
import { IsPlainDate } from '../../platform/http/plain-date.js';

export class CheckPaper {
  /** The day on which the paper dossier was held against the electronic one. Its default is today. @example 2026-12-02 */
  @IsOptional()
  @IsPlainDate()
  on?: string;
}
