import { IsOptional, Matches, MaxLength } from 'class-validator';

export class IssuerSignInQuery {
  /** The path of a page of ours to which the browser goes afterwards. @example /tasks */
  @IsOptional()
  @MaxLength(500)
  @Matches(/^\/(?![/\\])[\w\-./~?=&%:,]*$/)
  back: string = '/';
}
