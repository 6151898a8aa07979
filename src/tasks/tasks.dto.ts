import { IsText } from '../platform/http/is-text.js';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  Matches,
  Min,
  ValidateNested,
} from 'class-validator';
import { IsId } from '../platform/http/id.js';
import { IsFlag } from '../platform/http/flag.js';
import { IsPlainDate } from '../platform/http/plain-date.js';
import type { Verdict } from '../domain/case/acts.js';
import { RULINGS, type Ruling } from '../domain/dossier/duplicates.js';
import { IsMajorCode } from '../code-sets/is-major-code.js';
import { OrganisationName } from '../organisations/organisations.dto.js';
import { CaseFilters, NamedStudent } from '../requests/case-filters.dto.js';
import { ActionView, BarredView } from '../requests/actions.dto.js';
import { CorrectionMarks, HoldView } from '../requests/request-views.dto.js';
import { PersonName } from '../organisations/actors.dto.js';
import { MultiLine } from '../platform/http/texts.js';

const VERDICTS = ['approve', 'reject', 'return'] as const;

/** The sealed reply of a school outside this system, recorded on its behalf (A23). */
export class SealedReplyInput {
  /** Number of the sealed reply. @example 〔2026〕12号 */
  @IsText(100)
  documentNumber: string;

  /** Date on the reply. @example 2026-11-20 */
  @IsPlainDate()
  repliedOn: string;
}

/** A row of a batch that does not follow the verdict. */
export class ReturnedRowInput {
  /** The row: a registration of the intake, or a member of the graduating class. @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  @IsId()
  row: string;

  /** @example return */
  @IsIn(['return'])
  verdict: 'return';

  /** Told to the school. @example 出生日期与户口簿不符 */
  @IsText(500)
  @MultiLine()
  reason: string;
}

/** The most rows that one decision returns: a batch with more is returned as a whole. */
export const MOST_RETURNED = 1000;

/** What a decision carries besides verdict and opinion, as the task's `dataSchema` describes. A value left out keeps its default. */
export class DecisionDataInput {
  /** The major of the placement, of the code set `majors`, by default the student's present major. @example "710201" */
  @IsOptional()
  @IsMajorCode()
  majorCode?: string;

  /** Year of intake, near the present one, which is the default. The expected leaving day moves with it. @example "2026" */
  @IsOptional()
  @Matches(/^20\d\d$/)
  grade?: string;

  /** An open class of the school, of that grade and major. @example 2026级计算机应用2班 */
  @IsOptional()
  @IsText(60)
  className?: string;

  /** First day at the school, by default the day of effect. @example 2026-12-01 */
  @IsOptional()
  @IsPlainDate()
  firstDay?: string;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => SealedReplyInput)
  reply?: SealedReplyInput;

  /** Result of a ruling on a duplicate. A is the record that was found, B the registration that is held. @example keepA */
  @IsOptional()
  @IsIn(RULINGS)
  ruling?: Ruling;

  /** Of a batch: rows that are returned to the school, while all others follow the verdict. */
  @IsOptional()
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => ReturnedRowInput)
  @ArrayMaxSize(1000)
  @ArrayUnique(({ row }: ReturnedRowInput) => row)
  rows?: ReturnedRowInput[];
}

export class Decision {
  /** `approve` 同意, `reject` 不同意 (ends the request), `return` 退回补正. @example approve */
  @IsIn(VERDICTS)
  verdict: Verdict;

  /** Required to reject or return. @example 材料齐全，同意。 */
  @IsText(2000, { least: 0 })
  @MultiLine()
  opinion: string = '';

  /** The task's version that was read. @example 1 */
  @IsInt()
  @Min(1)
  version: number;

  /** The earlier step that decides again after a return, one of the task's `returnTo`. Without it the filer supplements. */
  @IsOptional()
  @IsText(40)
  to?: string;

  /** Everything that is missing, which a return names at once (A9). */
  @IsOptional()
  @IsText(500, { each: true })
  @ArrayMaxSize(50)
  missing?: string[];

  /** The data that the task's `dataSchema` describes. What has a default may be left out. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => DecisionDataInput)
  data?: DecisionDataInput;
}

export class BatchItem extends Decision {
  /** @example 01a20a8f-e41c-7b05-8d52-6c1a3f0e9b77 */
  @IsId()
  taskId: string;
}

export class BatchDecisions {
  @IsObject({ each: true })
  @ValidateNested({ each: true })
  @Type(() => BatchItem)
  @ArrayMinSize(1)
  @ArrayMaxSize(500)
  items: BatchItem[];

  /** `true`: says what each decision would be answered, and decides nothing. @example false */
  @IsOptional()
  @IsBoolean()
  dryRun: boolean = false;
}

export class Retraction {
  /** @example 误点同意 */
  @IsText(2000)
  @MultiLine()
  reason: string;
}

export class Delegation {
  /** The colleague, who must hold the task's office at the holder. @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  @IsId()
  to: string;

  /** @example 请核对户籍材料 */
  @IsText(2000)
  @MultiLine()
  question: string;
}

export class DelegationAnswer {
  /** @example 材料属实 */
  @IsText(2000)
  @MultiLine()
  answer: string;
}

export class Reassignment {
  /** The person who takes over, who must hold the task's office at the holder. @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  @IsId()
  to: string;

  /** @example 经办人休假 */
  @IsText(2000)
  @MultiLine()
  reason: string;
}

export class TaskQuery extends CaseFilters {
  /** `paused`: tasks that were open at the caller's offices when their request was paused, and open again once it goes on. */
  @IsOptional()
  @IsIn(['open', 'decided', 'paused'])
  state: 'open' | 'decided' | 'paused' = 'open';

  /** `true`: only open tasks that the caller was handed, was delegated or has claimed. `false`: only the others. */
  @IsOptional()
  @IsFlag()
  mine?: boolean;

  /** `true`: only supplements 补正, for which a request was returned to who filed it. `false`: only the others. */
  @IsOptional()
  @IsFlag()
  returned?: boolean;

  /** By due date or filing. Decided tasks come by decision, the latest first, when nothing is said. @example dueAt */
  @IsOptional()
  @IsIn(['dueAt', 'filedAt'])
  sort?: 'dueAt' | 'filedAt';
}

/** Up to how many are counted: then the total stands for that many or more. */
export const MOST_TASKS_COUNTED = 10_000;

export class TaskCount {
  kind: string;
  step: string;
  /** `overdue`, `today`, or `later`. @example today */
  due: string;
  /** @example 17 */
  count: number;
}

/** How many tasks fit a question. */
export class TaskCounts {
  /** At most 10000. @example 42 */
  total: number;
  /** Whether there may be more than the total says. @example false */
  isCapped: boolean;
  /** The same by kind, step and due state together; a page adds up what it shows. */
  items: TaskCount[];
}

export class TaskSearch extends TaskQuery {
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => NamedStudent)
  student?: NamedStudent;
}

export class TaskView {
  /** @example 01a20a8f-e41c-7b05-8d52-6c1a3f0e9b77 */
  id: string;
  /** @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  requestId: string;
  /** @example 2026-0000042 */
  number: string;
  /** @example transfer */
  kind: string;
  /** @example destinationSchool */
  step: string;
  /** 1, and one more after each return. @example 1 */
  visit: number;
  /** @example destinationSchool */
  capacity: string;
  /** The capacities in which it decides: more than one if one authority has both sides. @example ["destinationSchool"] */
  capacities: string[];
  holder: OrganisationName;
  /** The office that decides. @example schoolReviewer */
  office: string;
  /** The school outside this system whose sealed reply is recorded (A23). */
  onBehalfOf: OrganisationName | null;
  /** @example false */
  recordedOnBehalf: boolean;
  /** The highest superior that sees the overdue task, or null. */
  escalatedTo: OrganisationName | null;
  escalations: OrganisationName[];
  /** `open`, `decided`, `void`, or `paused`: open again once its request goes on. @example open */
  state: string;
  /** The version to send with the decision. @example 1 */
  version: number;
  /** @example 2026-12-07 */
  dueDate: string;
  /** The midnight after the due date, exclusive. @example 2026-12-08T00:00:00.000+08:00 */
  dueAt: string;
  /** The due date lies in a year whose calendar is not published. @example false */
  provisional: boolean;
  /** @example false */
  overdue: boolean;
  /** Working days of this visit. @example 10 */
  workingDays: number;
  /** @example 2026-11-23 */
  arrivedOn: string;
  /** Null where the case is about a batch. @example 顾** */
  maskedName: string | null;
  /** What people call the batch, or null where the case is about one student. @example null */
  batch: string | null;
  /** Student or guardian have objected (A21). @example false */
  objected: boolean;
  sourceSchool: OrganisationName;
  /** The destination of a transfer, or null for a change within one school. */
  destinationSchool: OrganisationName | null;
  filer: OrganisationName;
  /** @example 2026-11-23T10:12:30.118+08:00 */
  filedAt: string;
  /** Returns of this step so far. @example 0 */
  returns: number;
  /** The person to whom the task was reassigned, or null. */
  assigneeId: string | null;
  assignee: PersonName | null;
  /** The person in whose name the task is claimed, or null. A claim that has lapsed is none. */
  claimantId: string | null;
  claimant: PersonName | null;
  /** When the claim lapses by itself. */
  claimLapsesAt: string | null;
  /** The colleague who looks into the task for its assignee 委派, or null. */
  delegateId: string | null;
  delegate: PersonName | null;
  /** The earliest day by which a superior's urge 督办 asks for an answer, or null. The timeline has the question. @example 2026-12-01 */
  answerBy: string | null;
  verdict: string | null;
  decidedAt: string | null;
  /** Whether the decision was late by the calendar of that day. It never changes (A8). */
  decidedLate: boolean | null;
  /** The same by the calendar in force now. */
  decidedLateReevaluated: boolean | null;
}

export class TaskDetail extends TaskView {
  /** When its decision was retracted 收回, or null when it stands. @example null */
  retractedAt: string | null;
  /** The verdicts that the caller may give now. A caller who may only look has none. @example ["approve", "reject", "return"] */
  allowedVerdicts: string[];
  /** The earlier steps to which the task may be returned. It may always be returned to the filer. @example ["sourceSchool"] */
  returnTo: string[];
  /** JSON Schema of `data`, or null when the decision carries none. */
  @ApiProperty({ type: 'object', additionalProperties: true, nullable: true })
  dataSchema: Record<string, unknown> | null;
  /** The marks of a correction of personal information. Its values are at the request. */
  correction: CorrectionMarks | null;
  /** Every move on the task, for this caller, now: what is barred says why. */
  allowedActions: ActionView[];
  /** Why the request does not move, or null. */
  hold: HoldView | null;
}

export class TaskPage {
  items: TaskView[];
  /** The `cursor` of the next page, or null on the last one. */
  nextCursor: string | null;
}

export class BatchResult {
  /** @example 01a20a8f-e41c-7b05-8d52-6c1a3f0e9b77 */
  taskId: string;
  /** HTTP status that the single decision would have had. @example 200 */
  status: number;
  task?: TaskDetail;
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  problem?: Record<string, unknown>;
}

export class BatchAnswer {
  items: BatchResult[];
}

/** A colleague who holds the task's office at its holder. */
export class CandidateView {
  person: PersonName;
  /** Whether the task may be handed to this person: not who filed the request or decided another step of it. @example true */
  allowed: boolean;
  /** Why not, or null. */
  barred: BarredView | null;
}
