import { IntersectionType } from '@nestjs/swagger';
import { IsIn, IsOptional, Matches } from 'class-validator';
import { ENROLMENT_STATES } from '../domain/dossier/dossier.js';
import { OrganisationName } from '../organisations/organisations.dto.js';
import { IsPlainDate } from '../platform/http/plain-date.js';
import { FILE_TYPES } from '../sheets/table.js';
import { DIMENSIONS, MOVEMENT_GROUPINGS, type CohortFate, type Movement } from './statistics.store.js';

const anyOf = (words: readonly string[]): RegExp => new RegExp(`^(${words.join('|')})(,(${words.join('|')})){0,${words.length - 1}}$`);

export class EnrolmentFiguresQuery {
  /** The day, today or before, by default today. @example 2026-09-01 */
  @IsOptional()
  @IsPlainDate()
  on?: string;

  /**
   * What is counted by: one or more of `school`, `major`, `grade`, `studyMode`, `sex`, `state`; by default `school`.
   * @example school,grade,sex
   */
  @IsOptional()
  @Matches(anyOf(DIMENSIONS))
  by?: string;

  /** Which states are counted, by default who is on roll 在籍. @example active,suspended */
  @IsOptional()
  @Matches(anyOf(ENROLMENT_STATES))
  state?: string;
}

/** A workbook, or text to read by a program. */
class FileQuery {
  /** @example csv */
  @IsOptional()
  @IsIn(Object.keys(FILE_TYPES))
  format: 'xlsx' | 'csv' = 'xlsx';
}
export class EnrolmentFileQuery extends IntersectionType(EnrolmentFiguresQuery, FileQuery) {}

export class EnrolmentFigure {
  /** The school, or null where it is not counted by. */
  school: OrganisationName | null;
  /** Code of the major. @example "710201" */
  major: string | null;
  /** @example 计算机应用 */
  majorName: string | null;
  /** Year of intake. @example "2026" */
  grade: string | null;
  /** Of the code set `study-modes`. @example fullTime */
  studyMode: string | null;
  /** As it is recorded now. @example female */
  sex: string | null;
  /** @example active */
  state: string | null;
  /** @example 42 */
  count: number;
}

export class EnrolmentFigures {
  /** @example 2026-09-01 */
  on: string;
  /** @example ["school", "grade"] */
  by: string[];
  /** @example 1840 */
  total: number;
  items: EnrolmentFigure[];
}

export class MovementQuery {
  /** 学年: the year in which it begins, on 1 September; by default the one under way. @example "2026" */
  @IsOptional()
  @Matches(/^20\d\d$/)
  schoolYear?: string;

  /** @example school */
  @IsOptional()
  @IsIn(MOVEMENT_GROUPINGS)
  by: 'school' | 'authority' = 'school';
}

export class MovementFileQuery extends IntersectionType(MovementQuery, FileQuery) {}

/** A line of the movement table 学生变动情况: `opening` and what came in, less what went out, is `closing`. */
export class MovementFigure implements Record<Movement, number> {
  /** The school, or the competent authority. */
  organisation: OrganisationName;
  /** On roll 在籍 the day before the school year. @example 600 */
  opening: number;
  /** New students 新生, and those of whom the register begins. @example 210 */
  registered: number;
  /** 转入 @example 4 */
  transferredIn: number;
  /** 恢复学籍 @example 0 */
  reinstated: number;
  /** Taken over from a school that was merged. @example 0 */
  movedIn: number;
  /** 转出 @example 3 */
  transferredOut: number;
  /** 退学 @example 2 */
  withdrawn: number;
  /** 注销 @example 0 */
  deregistered: number;
  /** 死亡 @example 0 */
  deceased: number;
  /** 毕业 @example 190 */
  graduated: number;
  /** 结业 @example 5 */
  completed: number;
  /** 转段 @example 0 */
  advanced: number;
  /** Taken over by the school that a merger named. @example 0 */
  movedOut: number;
  /** The registration was taken back into review. @example 0 */
  returnedToReview: number;
  /** 休学, who stays on roll. @example 6 */
  suspended: number;
  /** 复学 @example 4 */
  resumed: number;
  /** On roll on the last day. @example 614 */
  closing: number;
}

export class MovementFigures {
  /** @example "2026" */
  schoolYear: string;
  /** @example 2026-09-01 */
  from: string;
  /** The last day that is counted: of the school year under way, today. @example 2026-11-23 */
  through: string;
  items: MovementFigure[];
}

export class RetentionQuery {
  /** The cohort: its year of intake. @example "2025" */
  @Matches(/^20\d\d$/)
  grade: string;

  /** The day on which the cohort is counted, by default the end of its autumn registration (Art 6). @example 2025-11-20 */
  @IsOptional()
  @IsPlainDate()
  from?: string;

  /** The day on which it is looked at, today or before, by default today. @example 2026-11-23 */
  @IsOptional()
  @IsPlainDate()
  on?: string;

  /** @example school */
  @IsOptional()
  @IsIn(MOVEMENT_GROUPINGS)
  by: 'school' | 'authority' = 'school';
}

export class RetentionFileQuery extends IntersectionType(RetentionQuery, FileQuery) {}

/** A line of the retention figures 巩固率. */
export class RetentionFigure implements Record<CohortFate, number> {
  /** The school of the first day, or its competent authority. */
  organisation: OrganisationName;
  /** On roll on the first day. @example 210 */
  cohort: number;
  /** Of these on roll on the later day, wherever a merger took them. @example 196 */
  onRoll: number;
  /** 毕业、结业、转段 @example 0 */
  finished: number;
  /** 转出: at another school, with an enrolment of its own there. @example 4 */
  transferredOut: number;
  /** 退学 @example 9 */
  withdrawn: number;
  /** 注销 @example 0 */
  deregistered: number;
  /** 死亡 @example 0 */
  deceased: number;
  /** The registration was taken back into review. @example 1 */
  returnedToReview: number;
  /** 巩固率: who is on roll or finished, of the cohort, from 0 to 1. @example 0.9333 */
  rate: number;
}

export class RetentionFigures {
  /** @example "2025" */
  grade: string;
  /** @example 2025-11-20 */
  from: string;
  /** @example 2026-11-23 */
  on: string;
  items: RetentionFigure[];
}
