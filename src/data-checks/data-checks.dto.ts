import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  Matches,
  Max,
  Min,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { OrganisationName } from '../organisations/organisations.dto.js';
import { IsId } from '../platform/http/id.js';
import { IsText } from '../platform/http/is-text.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { IsPlainDate } from '../platform/http/plain-date.js';
import { MultiLine } from '../platform/http/texts.js';
import { DOUBT_RULE_CODES, DOUBT_PURPOSES, type DoubtRuleCode, type DoubtPurpose } from './doubt-rules.js';
import { PROGRESS, type Progress } from './doubts.store.js';

export const ANSWERS = ['explained', 'corrected', 'willCorrect'] as const;
export type Answer = (typeof ANSWERS)[number];

export class RuleWords {
  /** @example 在读未编班 */
  zh: string;
  /** @example active and in no class */
  en: string;
}

/** A rule of data checks 核查规则 */
export class DoubtRuleView {
  /** @example unplaced */
  code: DoubtRuleCode;
  name: RuleWords;
  /** Article, rule or reading that it stands on. @example Art 3; R-02 */
  basis: string;
  /** What its doubts matter to: `dossiers`, `subsidies`. @example ["dossiers"] */
  purposes: DoubtPurpose[];
}

export class DoubtRuleList {
  items: DoubtRuleView[];
}

class AtSchool {
  /** The school. @example 5cca9656-2893-595d-8a3f-f900c52b0f24 */
  @IsId()
  schoolId: string;
}

export class DoubtQuery extends PageQuery {
  /** The school. @example 5cca9656-2893-595d-8a3f-f900c52b0f24 */
  @IsId()
  schoolId: string;

  /** Doubts of one rule alone. @example unplaced */
  @IsOptional()
  @IsIn(DOUBT_RULE_CODES)
  rule?: DoubtRuleCode;

  /** Doubts that matter to one purpose alone. @example subsidies */
  @IsOptional()
  @IsIn(DOUBT_PURPOSES)
  purpose?: DoubtPurpose;

  /** Whether they are answered: `overdue` were to be corrected by a day that has passed. @example open */
  @IsOptional()
  @IsIn(PROGRESS)
  progress?: Progress;
}

/** A doubt 疑点: what a rule finds of a student, with what the school answers. */
export class FoundDoubt {
  /** @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  studentId: string;
  /** @example 王** */
  maskedName: string;
  /** @example "2025" */
  grade: string;
  /** @example null */
  className: string | null;
  /** @example active */
  state: string;
  /** @example unplaced */
  rule: DoubtRuleCode;
  /** What the rule saw. When it sees something else, the answer lapses. @example {"since": "2025-09-01"} */
  seen: object;
  /** @example open */
  progress: Progress;
  /** @example null */
  answer: Answer | null;
  /** The last day of the answer, null for what is explained. @example null */
  correctBy: string | null;
  /** What the school says of it. @example null */
  text: string | null;
  /** @example null */
  answeredAt: string | null;
}

export class DoubtPage {
  items: FoundDoubt[];
  nextCursor: string | null;
}

export class DoubtCountsQuery extends AtSchool {}

export class DoubtCount {
  /** @example unplaced */
  rule: DoubtRuleCode;
  /** @example 12 */
  found: number;
  /** Answered, and not overdue. @example 10 */
  answered: number;
  /** @example 1 */
  overdue: number;
}

export class DoubtCounts {
  school: OrganisationName;
  /** On roll 在籍. @example 1240 */
  students: number;
  /** Rules that find something. */
  items: DoubtCount[];
}

export class DoubtAnswerInput {
  /** @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  @IsId()
  studentId: string;

  /** @example unplaced */
  @IsIn(DOUBT_RULE_CODES)
  rule: DoubtRuleCode;

  /**
   * `explained`: it is right as it is. `corrected`: the rule finds nothing from tomorrow on. `willCorrect`: by a day.
   * @example willCorrect
   */
  @IsIn(ANSWERS)
  answer: Answer;

  /** With `willCorrect`: by which day, within a year from today. @example 2026-12-15 */
  @ValidateIf(({ answer }: DoubtAnswerInput) => answer === 'willCorrect')
  @IsPlainDate()
  correctBy?: string;

  /** What the school says of it; `explained` needs it. It is kept encrypted. @example 该生寒假后编入新班 */
  @ValidateIf(({ answer, text }: DoubtAnswerInput) => answer === 'explained' || text !== undefined)
  @IsText(500)
  @MultiLine()
  text?: string;
}

export class AnswerDoubts extends AtSchool {
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(200)
  @ValidateNested({ each: true })
  @Type(() => DoubtAnswerInput)
  items: DoubtAnswerInput[];
}

export class AnsweredDoubts {
  /** @example 12 */
  answered: number;
}

export class DrawSample {
  /**
   * A school, or an authority whose schools are inspected: the own organisation or one below it.
   * @example 0b9c2f5e-6a52-5a0c-9b7d-7a6f1f3f2c11
   */
  @IsId()
  organisationId: string;

  /** 抽样种子: with the same seed the same students on roll give the same list. @example 2026秋季抽查 */
  @IsText(60)
  seed: string;

  /** How many students, 1 to 200. @example 30 */
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(200)
  size: number;
}

export class SampledStudent {
  /** @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  studentId: string;
  /** @example 王** */
  maskedName: string;
  school: OrganisationName;
  /** @example "2025" */
  grade: string;
  /** @example 2025级1班 */
  className: string | null;
  /** @example "710201" */
  majorCode: string | null;
  /** @example active */
  state: string;
}

/** A list for an inspection 抽查名单, in the order in which it was drawn. */
export class SampleView {
  /** @example 2026-11-30 */
  on: string;
  /** @example 2026秋季抽查 */
  seed: string;
  /** Students on roll among whom it was drawn. @example 18400 */
  population: number;
  items: SampledStudent[];
}

export class StatementQuery extends PageQuery {
  /** School year and first or second term, by default the one under way. @example 2026-1 */
  @IsOptional()
  @Matches(/^20\d\d-[12]$/)
  term?: string;
}

export class SignStatement extends AtSchool {}

export class ReturnStatement {
  /** @example 抽查发现未如实说明 */
  @IsText(500)
  @MultiLine()
  reason: string;
}

/** A statement of a school's data in a term 数据核查确认书; of a school that has not signed it holds the school alone. */
export class StatementView {
  school: OrganisationName;
  /** @example 2026-1 */
  term: string;
  /** @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  id: string | null;
  /** `signed` by the school, `confirmed` or `returned` by its authority. @example confirmed */
  state: 'signed' | 'confirmed' | 'returned' | null;
  /** On roll when it was signed. @example 1240 */
  students: number | null;
  /** Doubts by rule when it was signed. */
  @Type(() => DoubtCount)
  counts: DoubtCount[] | null;
  /** @example 2026-11-30T09:00:00+08:00 */
  signedAt: string | null;
  /** @example 2026-12-02T10:00:00+08:00 */
  settledAt: string | null;
}

export class StatementPage {
  /** @example 2026-1 */
  term: string;
  items: StatementView[];
  nextCursor: string | null;
}
