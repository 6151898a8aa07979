import { Type } from 'class-transformer';
import { IsInt, IsOptional, IsString, Max, MaxLength, Min } from 'class-validator';

export class PageQuery {
  /** Where the page before ended, as its `nextCursor` said. */
  @IsOptional()
  @IsString()
  @MaxLength(500)
  cursor?: string;

  /** Items a page, 1 to 200; 50 when left out. @example 50 */
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  limit: number = 50;
}
