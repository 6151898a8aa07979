import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsObject, IsOptional, Matches, ValidateNested } from 'class-validator';
import { ENTRIES, type Entry } from '../domain/dossier/study.js';
import { codesOf } from '../code-sets/code-sets.js';
import { IsLengthOfSchooling } from '../code-sets/is-length-of-schooling.js';
import { IsMajorCode } from '../code-sets/is-major-code.js';

/** A major as a school offers it. */
export class OfferInput {
  /** Of the code set `majors`. @example "710201" */
  @IsMajorCode()
  majorCode: string;

  /** Of the code set `study-modes`. @example fullTime */
  @IsIn(codesOf('study-modes'))
  studyMode: string;

  /** 学制 length of schooling in years, of the code set `lengths-of-schooling`. @example 3 */
  @IsLengthOfSchooling()
  lengthYears: number;

  /** 招生对象: `juniorMiddle`, `seniorMiddle` or `other`. @example juniorMiddle */
  @IsIn(ENTRIES)
  entry: Entry;
}

export class FileMajors {
  /** Year of intake to which the school offers them. @example "2027" */
  @Matches(/^20\d\d$/)
  intake: string;

  /** The whole list of that intake; it takes the place of the one filed before. */
  @IsArray()
  @ArrayMaxSize(500)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => OfferInput)
  majors: OfferInput[];
}

export class MajorsQuery {
  /** Only those offered to this year of intake. @example "2027" */
  @IsOptional()
  @Matches(/^20\d\d$/)
  intake?: string;
}

export class OfferView extends OfferInput {
  /** @example "2027" */
  intake: string;
}
