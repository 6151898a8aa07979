import { IsIn, IsOptional, Matches } from 'class-validator';

export class BulletinQuery {
  /** @example 2026-11 */
  @Matches(/^20\d\d-(0[1-9]|1[0-2])$/)
  month: string;

  /** A workbook, or pages to print. @example pdf */
  @IsOptional()
  @IsIn(['xlsx', 'pdf'])
  format: 'xlsx' | 'pdf' = 'xlsx';
}
