import { IsText } from '../platform/http/is-text.js';
import { Distinct } from '../platform/http/lists.js';
import { ApiPropertyOptional } from '@nestjs/swagger';
import { ArrayMaxSize, ArrayNotEmpty, IsArray, IsBoolean, IsIn, IsOptional, Matches, ValidateIf } from 'class-validator';
import { IsId } from '../platform/http/id.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { IsPlainDate } from '../platform/http/plain-date.js';
import { OrganisationName } from '../organisations/organisations.dto.js';
import { MultiLine } from '../platform/http/texts.js';

/** Students of one call: a grade of the largest schools. */
export const MOST_STUDENTS = 5000;

export class TermCountsView {
  /** Students active on any day of the term so far, with those of its intake and those who have left since. @example 1180 */
  toRegister: number;
  /** Students registered for the term, or by the entry registration of its intake. @example 1104 */
  registered: number;
  /** @example 76 */
  unregistered: number;
  /** Registered students who were to be registered by the last day and were later. @example 3 */
  late: number;
  /** Students suspended on every day of the term so far, counted apart. @example 12 */
  suspended: number;
  /** Students whose own registration is pending or held, counted apart. @example 2 */
  pending: number;
}

/** A term 学期 of a school and its registration. */
export class SchoolTermView extends TermCountsView {
  school: OrganisationName;
  /** School year and first or second term. @example 2026-1 */
  term: string;
  /** @example 2026-09-01 */
  firstDay: string;
  /** Whether the school declared the first day. Otherwise it is the province's. */
  declared: boolean;
  /** The school may declare a first day from this one … @example 2026-08-18 */
  firstDayFrom: string;
  /** … through this one. @example 2026-09-15 */
  firstDayThrough: string;
  /** Last day to register. @example 2026-09-29 */
  dueDate: string;
  /** The last day lies in a year whose calendar is not published. */
  provisional: boolean;
  /** The last day has passed, and somebody who was active until then is not registered. */
  overdue: boolean;
  /** Students among the registered who are so by the entry registration. @example 410 */
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
  @ArrayMaxSize(5000)
  @IsId(true)
  @Distinct()
  studentIds?: string[];

  /** Year of intake, such as `2025`, instead of a list. */
  @IsOptional()
  @Matches(/^20\d\d$/)
  grade?: string;

  /** A class of the grade by its name. */
  @IsOptional()
  @IsText(60)
  className?: string;

  /** `true`: judges every student and registers nobody. @example false */
  @IsOptional()
  @IsBoolean()
  dryRun: boolean = false;
}

export class RetractTerm {
  /** @example ["9e3b8136-9634-504a-984e-f340fb23cf18"] */
  @IsArray()
  @ArrayNotEmpty()
  @ArrayMaxSize(5000)
  @IsId(true)
  @Distinct()
  studentIds: string[];

  /** @example 学生未报到，误注册 */
  @IsText(500)
  @MultiLine()
  reason: string;
}

export class TermResultView {
  /** @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  studentId: string;
  /** HTTP status: 200, or that of the problem. @example 200 */
  status: number;
  /** `true`: the student was to be registered by the last day, which had passed. */
  late?: boolean;
  /** Why the student was refused. */
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  problem?: object;
}

export class TermResultsView {
  /** @example 2026-1 */
  term: string;
  /** How many were done, or in a dry run could be. @example 45 */
  done: number;
  /** How many of them are late. @example 0 */
  late: number;
  /** @example 1 */
  refused: number;
  /** The result of each student. */
  items: TermResultView[];
}

export class UnregisteredQuery extends PageQuery {
  /** Year of intake. @example "2025" */
  @IsOptional()
  @Matches(/^20\d\d$/)
  grade?: string;

  /** The class's name. @example 2025级计算机应用2班 */
  @IsOptional()
  @IsText(60)
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
  /** `true`: the student was active on a day until the last one to register, which has passed. */
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
  /** What a row stands for. `authority` is the schools' competent authority. @example authority */
  @IsIn(TERM_GROUPINGS)
  by: (typeof TERM_GROUPINGS)[number];

  /** The term, by default the one under way. @example 2026-1 */
  @IsOptional()
  @Matches(/^20\d\d-[12]$/)
  term?: string;
}

export class TermTableRow extends TermCountsView {
  /** The school, or the competent authority. */
  organisation: OrganisationName;
  /** @example 14 */
  schools: number;
  /** Unregistered students who were active on a day until the last one to register, which has passed. @example 76 */
  overdue: number;
  /** The last day to register of a school, or null for an authority. @example 2026-09-29 */
  dueDate: string | null;
  /** When the row was counted. An authority has the oldest count of its schools. */
  countedAt: string;
}

export class TermTable {
  /** @example 2026-1 */
  term: string;
  /** Most unregistered first. */
  items: TermTableRow[];
  nextCursor: string | null;
}
