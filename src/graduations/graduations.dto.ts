import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsArray, IsBoolean, IsIn, IsObject, IsOptional, ValidateNested } from 'class-validator';
import { EARLY_GROUNDS, LEAVING_OUTCOMES, type EarlyGround, type LeavingOutcome } from '../domain/graduation/outcomes.js';
import { Distinct } from '../platform/http/lists.js';
import { IsId } from '../platform/http/id.js';
import { IsText } from '../platform/http/is-text.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { IsPlainDate } from '../platform/http/plain-date.js';
import { MultiLine } from '../platform/http/texts.js';
import { OrganisationName } from '../organisations/organisations.dto.js';
import { MEMBER_STATES, type MemberState } from './graduation-member.entity.js';

/** Students of one graduation. */
export const MOST_MEMBERS = 1000;

/** 办理状态 of a graduation. */
export const GRADUATION_STATES = ['drawnUp', 'submitted', 'approved', 'effected', 'rejected', 'recalled', 'cancelled'] as const;
export type GraduationState = (typeof GRADUATION_STATES)[number];

/** A student who leaves otherwise than the class does, or one of a list. */
export class LeavingInput {
  /** @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  @IsId()
  studentId: string;

  /** `graduated` 毕业, `completed` 结业, `advanced` 转段 or `discontinued` 肄业; by default that of the class. @example completed */
  @IsOptional()
  @IsIn(LEAVING_OUTCOMES)
  outcome?: LeavingOutcome;

  /** 离校日期, by default that of the class. @example 2027-06-30 */
  @IsOptional()
  @IsPlainDate()
  leavingOn?: string;

  /** Why the student graduates before the class: `enlistment` 应征入伍. */
  @IsOptional()
  @IsIn(EARLY_GROUNDS)
  early?: EarlyGround;
}

/** A class or a list of students, with what each leaves with. */
export class DrawUpGraduation {
  /** The caller's own school. A clerk of one school only may leave it out. */
  @IsOptional()
  @IsId()
  schoolId?: string;

  /** An open class of the school: all who study in it. @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  @IsOptional()
  @IsId()
  classId?: string;

  /** With `classId` those who leave otherwise, without it all who leave. */
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1000)
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => LeavingInput)
  students?: LeavingInput[];

  /** Students of the class who do not leave with it. */
  @IsOptional()
  @IsId(true)
  @Distinct()
  @ArrayMaxSize(1000)
  except?: string[];

  /** For everybody of whom nothing else is said. @example graduated */
  @IsOptional()
  @IsIn(LEAVING_OUTCOMES)
  outcome: LeavingOutcome = 'graduated';

  /** 离校日期. @example 2027-06-30 */
  @IsPlainDate()
  leavingOn: string;

  /** `true`: names what stands in the way of each student, and draws nothing up. @example false */
  @IsOptional()
  @IsBoolean()
  dryRun: boolean = false;
}

export class SubmitGraduation {
  /**
   * 1. `all`: nothing is submitted unless nothing stands in the way of any student.
   * 2. `valid`: students in whose way something stands are left out.
   * @example all
   */
  @IsOptional()
  @IsIn(['all', 'valid'])
  mode: 'all' | 'valid' = 'all';

  /** What the school says of it. @example 2024级计算机应用1班毕业 */
  @IsOptional()
  @IsText(500)
  @MultiLine()
  reason?: string;
}

/** 撤出: students whom the school takes out of a graduation, for instance because another change of theirs comes first. */
export class WithdrawMembers {
  /** @example ["9e3b8136-9634-504a-984e-f340fb23cf18"] */
  @IsId(true)
  @Distinct()
  @ArrayMinSize(1)
  @ArrayMaxSize(1000)
  studentIds: string[];

  /** @example 因病需先办理休学 */
  @IsText(500)
  @MultiLine()
  reason: string;
}

/** 结业生换发毕业证书: a student who completed has passed the assessment since (Art 20). */
export class ConvertCompletion {
  /** The caller's own school. A clerk of one school only may leave it out. */
  @IsOptional()
  @IsId()
  schoolId?: string;

  /** @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  @IsId()
  studentId: string;

  /** 考核合格日期, within three years after completion or what policy says. @example 2028-05-20 */
  @IsPlainDate()
  assessmentPassedOn: string;

  /** 学校同意毕业的日期: the day of graduation, by default the day on which the school's reviewer approves. @example 2028-06-01 */
  @IsOptional()
  @IsPlainDate()
  agreedOn?: string;

  /** The results of the assessment, uploaded before. @example ["01a20a8f-e32f-7255-a9bf-4fac47019e5a"] */
  @IsId(true)
  @Distinct()
  @ArrayMinSize(1)
  @ArrayMaxSize(20)
  evidenceIds: string[];

  /** @example 补考合格 */
  @IsText(500)
  @MultiLine()
  reason: string;
}

/** What stands in the way of a student, and who clears it how. */
export class LeavingBlockerView {
  /** @example leaving-term-unregistered */
  code: string;
  message: string;
  /** @example filer */
  owner: string;
  remedy: string;
  pointer?: string;
  item?: string;
}

export class BlockedStudentView {
  /** @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  studentId: string;
  /** @example 顾** */
  maskedName: string;
  blockers: LeavingBlockerView[];
}

/** The result of a dry run, or what stands in the way of who was drawn up. */
export class DrawnUpView {
  /** Null in a dry run. @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  id: string | null;
  /** @example 2027-1 */
  code: string | null;
  /** Students of the list. @example 42 */
  students: number;
  /** Students in whose way nothing stands. @example 40 */
  clear: number;
  /** First working day on which it may be submitted. @example 2027-06-01 */
  opensOn: string;
  /** 在办业务清理: the others. */
  blocked: BlockedStudentView[];
}

export class GraduationCountsView {
  listed: number;
  leftOut: number;
  returned: number;
  heldBack: number;
  withdrawn: number;
  effected: number;
  undone: number;
}

export class OutcomeCountsView {
  graduated: number;
  completed: number;
  advanced: number;
  discontinued: number;
}

export class GraduationRequestView {
  /** @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  id: string;
  /** @example 2027-0000042 */
  number: string;
}

export class GraduationClassView {
  /** @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  id: string;
  /** @example 2024级计算机应用1班 */
  name: string;
}

/** A graduation 毕业批次 of a school. */
export class GraduationView {
  /** @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  id: string;
  school: OrganisationName;
  /** Year and place within the school. @example 2027-1 */
  code: string;
  /** `class`, or `conversion` 结业→毕业 of one student. @example class */
  purpose: string;
  /** The class for which it was drawn up. */
  @ApiProperty({ type: GraduationClassView, nullable: true })
  class: GraduationClassView | null;
  @ApiProperty({ enum: GRADUATION_STATES })
  state: GraduationState;
  /** Its case, once it is submitted. */
  @ApiProperty({ type: GraduationRequestView, nullable: true })
  request: GraduationRequestView | null;
  /** 离校日期 of the class. @example 2027-06-30 */
  leavingOn: string;
  /** First working day on which it may be submitted. @example 2027-06-01 */
  opensOn: string;
  /** @example 2027-05-28T10:00:00+08:00 */
  drawnUpAt: string;
  submittedAt: string | null;
  /** 办结日: the day of the last approval. @example 2027-06-22 */
  completedOn: string | null;
  /** It was not completed, its reviews included, on the leaving day of somebody on the list (Art 18). */
  late: boolean;
  students: number;
  counts: GraduationCountsView;
  outcomes: OutcomeCountsView;
  /** Of its students how many are done with, 0 to 1. @example 0.5 */
  progress: number;
}

export class GraduationPage {
  items: GraduationView[];
  nextCursor: string | null;
}

export class GraduationQuery extends PageQuery {
  /** Of one school. */
  @IsOptional()
  @IsId()
  schoolId?: string;

  @IsOptional()
  @IsIn(GRADUATION_STATES)
  @ApiPropertyOptional({ enum: GRADUATION_STATES })
  state?: GraduationState;
}

export class GraduationMembersQuery extends PageQuery {
  @IsOptional()
  @IsIn(MEMBER_STATES)
  @ApiPropertyOptional({ enum: MEMBER_STATES })
  state?: MemberState;
}

export class GraduationMemberView {
  /** The row by which a reviewer returns the student. @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  row: string;
  /** @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  studentId: string;
  /** @example 顾** */
  maskedName: string;
  @ApiProperty({ enum: LEAVING_OUTCOMES })
  outcome: LeavingOutcome;
  /** @example 2027-06-30 */
  leavingOn: string;
  @ApiProperty({ enum: EARLY_GROUNDS, nullable: true })
  early: EarlyGround | null;
  assessmentPassedOn: string | null;
  @ApiProperty({ enum: MEMBER_STATES })
  state: MemberState;
  /** Not completed on the leaving day. */
  late: boolean;
  /** Of who was left out or held back: a code of the catalogue. @example change-already-open */
  cause: string | null;
  /** Why, in words: of who was left out, held back or returned. */
  why: string | null;
  effectedAt: string | null;
  /** What stands in the way now, as long as it is not submitted. */
  blockers: LeavingBlockerView[];
}

export class GraduationMembersPage {
  items: GraduationMemberView[];
  nextCursor: string | null;
}
