import { IsIn, IsOptional, Matches } from 'class-validator';
import { ENROLMENT_STATES } from '../domain/dossier/dossier.js';
import { codesOf } from '../code-sets/code-sets.js';
import { OrganisationName } from '../organisations/organisations.dto.js';
import { IsText } from '../platform/http/is-text.js';
import { IsFlag } from '../platform/http/flag.js';
import { IsId } from '../platform/http/id.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { IsInstant, IsPlainDate } from '../platform/http/plain-date.js';

export const SORTS = ['id', 'class', 'changed'] as const;
export type Sort = (typeof SORTS)[number];

export class StudentQuery extends PageQuery {
  /** 学校 @example 5cca9656-2893-595d-8a3f-f900c52b0f24 */
  @IsOptional()
  @IsId()
  schoolId?: string;

  /** 年级: year of intake. @example "2026" */
  @IsOptional()
  @Matches(/^20\d\d$/)
  grade?: string;

  /** An open class of the register, `GET /schools/{id}/classes`. @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  @IsOptional()
  @IsId()
  classId?: string;

  /** 班级名称: the name of the class, also of one that is closed. @example 2026级计算机应用2班 */
  @IsOptional()
  @IsText(60)
  className?: string;

  /** `true`: only active students who are in no class 未编班. `false`: only the others. @example true */
  @IsOptional()
  @IsFlag()
  unplaced?: boolean;

  /** 学籍状态 @example active */
  @IsOptional()
  @IsIn(ENROLMENT_STATES)
  state?: string;

  /** 专业, a code of the set `majors`. @example "710201" */
  @IsOptional()
  @IsText(20)
  majorCode?: string;

  /** 学习形式, of the code set `study-modes`. @example fullTime */
  @IsOptional()
  @IsIn(codesOf('study-modes'))
  studyMode?: string;

  /** Only students whose dossier changed after this instant. @example 2026-11-23T00:00:00+08:00 */
  @IsOptional()
  @IsInstant()
  changedSince?: string;

  /** Only suspended students whose suspension ends before this day. @example 2027-01-31 */
  @IsOptional()
  @IsPlainDate()
  endingBefore?: string;

  /** `class`: by grade and class; `changed`: what changed last comes first. Both are for the list of one school. @example class */
  @IsOptional()
  @IsIn(SORTS)
  sort: Sort = 'id';

  /** Whether to count all students whom the filters leave, 10,000 at most. @example true */
  @IsOptional()
  @IsFlag()
  count?: boolean;
}

/** The filters of the list, and what is personal and so stands in no address. */
export class StudentSearch extends StudentQuery {
  /** 姓名: in the own school the beginning of the name or of a part of it, elsewhere the whole name. @example 顾家 */
  @IsOptional()
  @IsText(60)
  name?: string;

  /** 学籍号, whole. @example G33010620100101123X */
  @IsOptional()
  @Matches(/^[A-Za-z0-9]{19}$/)
  studentNumber?: string;

  /** 学籍号后六位: the last six characters of the number, in the own school. @example 01123X */
  @IsOptional()
  @Matches(/^[A-Za-z0-9]{6}$/)
  numberEnding?: string;
}

/** The end of a suspension, and what the school has been told of it. */
export class SuspensionPeriodView {
  /** Last day. @example 2027-08-31 */
  until: string;
  /** When the school was reminded to file the resumption. */
  remindedAt: string | null;
  /** When the days of grace had passed without a resumption. */
  expiredAt: string | null;
  /** The order to file the withdrawal, where policy leads to one. */
  orderId: string | null;
}

export class StudentItem {
  /** @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  id: string;
  /** 姓名, in the list of the own school; null elsewhere. @example 顾家杰 */
  name: string | null;
  /** @example 顾** */
  maskedName: string;
  /** 学籍号: whole in the list of the own school, else masked. @example G33010620100101123X */
  studentNumber: string;
  /** Code of the set `sexes`. @example male */
  sex: string;
  school: OrganisationName;
  /** @example active */
  state: string;
  /** Year of intake. @example "2026" */
  grade: string;
  /** @example 2026级计算机应用2班 */
  className: string | null;
  /** 未编班: active, and in no class. @example false */
  unplaced: boolean;
  /** @example "710201" */
  majorCode: string | null;
  /** Code of the set `study-modes`. @example fullTime */
  studyMode: string;
  /** @example 2026-11-24T06:38:54.245+08:00 */
  changedAt: string;
  /** The end of the suspension, or null for a student who is not suspended. */
  suspension: SuspensionPeriodView | null;
}

/** How many students the filters leave. */
export class StudentCount {
  /** @example 1204 */
  students: number;
  /** Whether there are more than that: nobody counts beyond 10,000. @example false */
  more: boolean;
}

export class StudentPage {
  items: StudentItem[];
  /** The `cursor` of the next page, or null on the last one. */
  nextCursor: string | null;
  /** When it was asked for, else null. */
  count: StudentCount | null;
}
