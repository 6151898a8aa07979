import { ArrayMaxSize, ArrayMinSize, IsInt, IsOptional, Matches, Max, Min } from 'class-validator';
import { PartialType, PickType } from '@nestjs/swagger';
import { IsMajorCode } from '../code-sets/is-major-code.js';
import { IsFlag } from '../platform/http/flag.js';
import { IsId } from '../platform/http/id.js';
import { IsText } from '../platform/http/is-text.js';
import { Distinct } from '../platform/http/lists.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { IsPlainDate } from '../platform/http/plain-date.js';

/** Students placed by one request. */
export const MOST_PLACED = 200;

export class MakeClass {
  /** 班级名称, unique among the school's open classes. @example 2026级计算机应用2班 */
  @IsText(60)
  name: string;

  /** 年级: the year of intake of its students. @example "2026" */
  @Matches(/^20\d\d$/)
  grade: string;

  /** 专业, a code of the set `majors`. Left out where the school teaches no major. @example "710201" */
  @IsOptional()
  @IsMajorCode()
  majorCode?: string;

  /** 班主任 @example 王秀英 */
  @IsOptional()
  @IsText(60)
  headTeacher?: string;

  /** 定员: how many students it is meant for. @example 45 */
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(200)
  size?: number;

  /** First day of the class, today or before, by default today. Nobody is in it before. @example 2026-09-01 */
  @IsOptional()
  @IsPlainDate()
  openedOn?: string;
}

/** What is left out stays. Grade, major and first day of a class never change. */
export class ChangeClass extends PartialType(PickType(MakeClass, ['name', 'headTeacher', 'size'] as const)) {}

export class MergeClass {
  /** The class of the same grade and major into which its students go. @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  @IsId()
  into: string;
}

export class PlaceStudents {
  /** Students of the school, of the class's grade and major. @example ["9e3b8136-9634-504a-984e-f340fb23cf18"] */
  @IsId(true)
  @ArrayMinSize(1)
  @ArrayMaxSize(200)
  @Distinct()
  studentIds: string[];

  /** First day in the class, today or before and not before the class was opened, by default today. @example 2026-11-20 */
  @IsOptional()
  @IsPlainDate()
  effectiveOn?: string;
}

export class ClassQuery extends PageQuery {
  /** Year of intake. @example "2026" */
  @IsOptional()
  @Matches(/^20\d\d$/)
  grade?: string;

  /** Whether to list closed classes too. @example false */
  @IsOptional()
  @IsFlag()
  closed?: boolean;
}

/** A class 班级 */
export class ClassView {
  /** @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  id: string;
  /** @example 2026级计算机应用2班 */
  name: string;
  /** @example "2026" */
  grade: string;
  /** @example "710201" */
  majorCode: string | null;
  /** @example 王秀英 */
  headTeacher: string | null;
  /** How many students it is meant for. @example 45 */
  size: number | null;
  /** Active students in it. @example 43 */
  students: number;
  /** @example 2026-09-01 */
  openedOn: string;
  /** @example null */
  closedOn: string | null;
  /** @example null */
  mergedInto: string | null;
}

export class ClassPage {
  items: ClassView[];
  nextCursor: string | null;
}

/** How many students were placed. */
export class PlacedStudents {
  /** @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  classId: string;
  /** @example 43 */
  students: number;
  /** @example 2026-11-20 */
  effectiveOn: string;
}
