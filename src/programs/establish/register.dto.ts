import { IsText } from '../../platform/http/is-text.js';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsBoolean, IsIn, IsObject, IsOptional, Matches, ValidateNested } from 'class-validator';
import { LEVELS, SCHOOL_TYPES, type Level, type SchoolType } from '../../domain/offices.js';
import { codesOf } from '../../code-sets/code-sets.js';
import { IsMajorCode } from '../../code-sets/is-major-code.js';
import { NewPerson } from '../../people/people.dto.js';

const CODE = /^[0-9A-Za-z-]{1,40}$/;
const DIVISION = /^\d{6}$/;

class Entry {
  @Matches(CODE)
  code: string;

  @IsText(100, { least: 2 })
  name: string;

  /** Administrative division by GB/T 2260. */
  @Matches(DIVISION)
  division: string;
}

/** An authority of the tree (Art 4). */
export class AuthorityEntry extends Entry {
  @IsIn(LEVELS.filter((level) => level !== 'school'))
  level: Exclude<Level, 'school'>;

  /** Code of the superior authority; left out for the nation's alone. */
  @IsOptional()
  @Matches(CODE)
  superior?: string;
}

/** A school (Art 2). */
export class SchoolEntry extends Entry {
  @IsIn(SCHOOL_TYPES)
  type: SchoolType;

  /** Code of the competent authority, whatever its level (Art 5). */
  @Matches(CODE)
  competentAuthority: string;

  /** Codes of the majors that it offers; none for an ordinary middle school. */
  @IsArray()
  @ArrayMaxSize(500)
  @IsMajorCode({ each: true })
  majors: string[];

  @IsArray()
  @IsIn(codesOf('study-modes'), { each: true })
  studyModes: string[];

  /** Whether it answers from another system (A23). */
  @IsOptional()
  @IsBoolean()
  answersOutside?: boolean;
}

export class AdministratorEntry extends NewPerson {
  /** Code of the organisation that the person administers. */
  @Matches(CODE)
  organisation: string;
}

/** What an operator writes down to begin: docs/deploy.md. */
export class Register {
  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => AuthorityEntry)
  authorities: AuthorityEntry[];

  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => SchoolEntry)
  schools: SchoolEntry[];

  @IsArray()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => AdministratorEntry)
  administrators: AdministratorEntry[];
}
