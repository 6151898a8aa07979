import { ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayNotEmpty,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxLength,
  ValidateIf,
} from 'class-validator';
import { IsId } from '../platform/http/id.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { IsPlainDate } from '../platform/http/plain-date.js';
import { OrganisationName } from '../organisations/organisations.dto.js';

/** Students of one call: a grade of the largest schools. */
export const MOST_STUDENTS = 5000;

export class TermCountsView {
  /** Active students, those of this term's intake among them. @example 1180 */
  toRegister: number;
  /** Registered, or by the entry registration of this term's intake. @example 1104 */
  registered: number;
  /** @example 76 */
  unregistered: number;
  /** Of the registered: who was to be by the deadline and was later. @example 3 */
  late: number;
  /** Apart: to be registered when they resume. @example 12 */
  suspended: number;
  /** Apart: intakes that are pending or held. @example 2 */
  pending: number;
}

/** A term 学期 of a school and its registration. */
export class SchoolTermView extends TermCountsView {
  school: OrganisationName;
  /** School year and first or second term. @example 2026-1 */
  term: string;
  /** @example 2026-09-01 */
  firstDay: string;
  /** Whether the school declared it; else it is the province's day. */
  declared: boolean;
  /** The school may declare a first day from this one … @example 2026-08-18 */
  firstDayFrom: string;
  /** … through this one. @example 2026-09-15 */
  firstDayThrough: string;
  /** Last day to register. @example 2026-09-29 */
  dueDate: string;
  /** The last day lies in a year whose calendar is not published. */
  provisional: boolean;
  /** The last day has passed and somebody is not registered. */
  overdue: boolean;
  /** Of the registered: by the entry registration. @example 410 */
  byEntry: number;
  /** When the school was reminded, or null. */
  remindedAt: string | null;
  /** When school and authority were told that the last day had passed, or null. */
  overdueToldAt: string | null;
}

export class DeclareFirstDay {
  /** @example 2026-09-03 */
  @IsPlainDate()
  firstDay: string;
}

/** Either a list of students, or all of a grade or class who are not registered yet. */
export class RegisterTerm {
  /** @example ["9e3b8136-9634-504a-984e-f340fb23cf18"] */
  @ValidateIf(({ grade }: RegisterTerm) => grade === undefined)
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MOST_STUDENTS)
  @IsId(true)
  @ArrayUnique()
  studentIds?: string[];

  /** Year of intake, such as `2025`, instead of a list. */
  @IsOptional()
  @Matches(/^20\d\d$/)
  grade?: string;

  /** A class of the grade by its name. */
  @IsOptional()
  @IsString()
  @MaxLength(60)
  className?: string;

  /** Judges everybody and registers nobody. @example false */
  @IsOptional()
  @IsBoolean()
  dryRun: boolean = false;
}

export class RetractTerm {
  /** @example ["9e3b8136-9634-504a-984e-f340fb23cf18"] */
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(MOST_STUDENTS)
  @IsId(true)
  @ArrayUnique()
  studentIds: string[];

  /** @example 学生未报到，误注册 */
  @IsString()
  @Length(1, 500)
  reason: string;
}

export class TermResultView {
  /** @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  studentId: string;
  /** 200, or that of the problem. @example 200 */
  status: number;
  /** Was to be registered by the last day, and that had passed. */
  late?: boolean;
  /** Why it was not done. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  problem?: object;
}

export class TermResultsView {
  /** @example 2026-1 */
  term: string;
  /** Done, or in a dry run possible. @example 45 */
  done: number;
  /** Of these late. @example 0 */
  late: number;
  /** @example 1 */
  refused: number;
  /** One for each student. */
  items: TermResultView[];
}

export class UnregisteredQuery extends PageQuery {
  /** Year of intake. @example "2025" */
  @IsOptional()
  @Matches(/^20\d\d$/)
  grade?: string;

  /** The class's name. @example 2025级计算机应用2班 */
  @IsOptional()
  @IsString()
  @MaxLength(60)
  className?: string;
}

export class UnregisteredView {
  /** @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  studentId: string;
  /** @example 顾** */
  maskedName: string;
  /** @example "2025" */
  grade: string;
  className: string | null;
  majorCode: string | null;
  /** Was to be registered by the last day, and that has passed. */
  overdue: boolean;
}

export class UnregisteredPage {
  /** @example 2026-1 */
  term: string;
  /** Last day to register. @example 2026-09-29 */
  dueDate: string;
  items: UnregisteredView[];
  nextCursor: string | null;
}

export const TERM_GROUPINGS = ['authority', 'school'] as const;

export class TermTableQuery extends PageQuery {
  /** What a row is; `authority` is the schools' competent authority. @example authority */
  @IsIn(TERM_GROUPINGS)
  by: (typeof TERM_GROUPINGS)[number];

  /** The term under way when left out. @example 2026-1 */
  @IsOptional()
  @Matches(/^20\d\d-[12]$/)
  term?: string;
}

export class TermTableRow extends TermCountsView {
  /** The school, or the competent authority. */
  organisation: OrganisationName;
  /** @example 14 */
  schools: number;
  /** Of the unregistered, those of schools whose last day has passed. @example 76 */
  overdue: number;
  /** Of a school its last day to register, else null. @example 2026-09-29 */
  dueDate: string | null;
  /** When the row was counted; of an authority the oldest count. */
  countedAt: string;
}

export class TermTable {
  /** @example 2026-1 */
  term: string;
  /** Most unregistered first. */
  items: TermTableRow[];
  nextCursor: string | null;
}
