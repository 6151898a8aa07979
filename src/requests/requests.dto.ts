import { IsText } from '../platform/http/is-text.js';
import { Distinct } from '../platform/http/lists.js';
import { ApiProperty, IntersectionType, OmitType, PartialType, PickType } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { ArrayMaxSize, IsArray, IsIn, IsObject, IsOptional, ValidateNested } from 'class-validator';
import { IsId } from '../platform/http/id.js';
import { IsPlainDate } from '../platform/http/plain-date.js';
import { APPLICANTS } from '../domain/case/acts.js';
import { HOLDS } from '../domain/case/case.js';
import { KINDS, type Kind } from '../domain/procedure/procedure.js';
import { SettledByView } from '../policies/policies.dto.js';
import { CaseFilters, NamedStudent } from './case-filters.dto.js';
import { JudgedAs } from '../platform/http/parts.js';
import { DETAILS_INPUT } from './details.js';
import { MultiLine } from '../platform/http/texts.js';

const isKind = (kind: unknown): kind is Kind => (KINDS as readonly unknown[]).includes(kind);

/** Who asked for the change, and on which day (A21). */
export class ApplicationInput {
  /** @example student */
  @IsIn(APPLICANTS)
  by: (typeof APPLICANTS)[number];

  /** @example 2026-11-23 */
  @IsPlainDate()
  on: string;
}

/** The document of the policy's list that a file is. */
export class ProofInput {
  /** One of `evidenceIds`. @example 01a20a8e-2b06-7506-a575-100996e46d36 */
  @IsId()
  id: string;

  /** The `id` of an item, as `GET /change-kinds/{kind}` lists them. @example hospitalProof */
  @IsText(40)
  item: string;
}

/** The files of a filing or a supplement. */
class HandedIn {
  /** Files uploaded before with `POST /evidence`. @example ["01a20a8e-2b06-7506-a575-100996e46d36"] */
  @IsId(true)
  @Distinct()
  @ArrayMaxSize(50)
  evidenceIds: string[];

  /** Which document each file is, where the policy asks for documents by name. Files handed in before count; one file may be several. */
  @IsOptional()
  @IsArray()
  @IsObject({ each: true })
  @ArrayMaxSize(50)
  @ValidateNested({ each: true })
  @Type(() => ProofInput)
  evidence?: ProofInput[];
}

export class FileRequest extends HandedIn {
  /** @example transfer */
  @IsIn(KINDS)
  kind: Kind;

  /** The student. @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  @IsOptional()
  @IsId()
  studentId?: string;

  /** The details of the kind: `describeByKind` puts them here. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  @IsObject()
  @JudgedAs(({ kind }) => (isKind(kind) ? DETAILS_INPUT[kind] : undefined))
  details: Record<string, unknown>;

  /** @example 详见所附材料 */
  @IsText(2000)
  @MultiLine()
  reason: string;

  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => ApplicationInput)
  application?: ApplicationInput;

  /** The caller's own number of this case. @example XJ-2026-118 */
  @IsOptional()
  @IsText(100)
  externalId?: string;
}

/** What a dry run needs: a filing whose evidence and reason may still be missing. */
export class PrecheckRequest extends IntersectionType(
  OmitType(FileRequest, ['evidenceIds', 'reason'] as const),
  PartialType(PickType(FileRequest, ['evidenceIds', 'reason'] as const)),
) {}

export class BlockerAnswer {
  /** @example change-already-open */
  code: string;
  message: string;
  /** Who can clear the blocker. @example filer */
  owner: string;
  /** How the blocker is cleared. */
  remedy: string;
  /** The input field that is the reason, if one is. @example /details/effectiveOn */
  pointer?: string;
  /** What the reason is about: a document, by its `id` in the policy's list, or a school. @example hospitalProof */
  item?: string;
  /** Whose rules refuse, setting by setting, where a policy could have it otherwise. */
  sources?: SettledByView[];
}

export class PrecheckView {
  allowed: boolean;
  blockers: BlockerAnswer[];
}

export class RecallRequest {
  /** @example 家长改变决定 */
  @IsText(2000)
  @MultiLine()
  reason: string;
}

export class SupplementRequest extends HandedIn {
  /** @example 已补交户口迁移证明 */
  @IsText(2000)
  @MultiLine()
  note: string;
}

export class RequestQuery extends CaseFilters {
  @IsOptional()
  @IsIn(['open', 'approved', 'rejected', 'recalled', 'superseded', 'cancelled'])
  state?: string;

  /** Only requests that stand still for this reason. @example effectParked */
  @IsOptional()
  @IsIn(HOLDS)
  hold?: string;

  /** By filing, or by the nearest due date of an open task: then only requests that have one. @example dueAt */
  @IsOptional()
  @IsIn(['filedAt', 'dueAt'])
  sort: 'filedAt' | 'dueAt' = 'filedAt';
}

export class RequestSearch extends RequestQuery {
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => NamedStudent)
  student?: NamedStudent;
}
