import { IsText } from '../platform/http/is-text.js';
import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { Allow, IsInt, IsIn, IsObject, IsOptional, Max, Min, ValidateNested } from 'class-validator';
import { IsId } from '../platform/http/id.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { IsPlainDate } from '../platform/http/plain-date.js';
import { PersonName } from '../organisations/actors.dto.js';
import { OrganisationName } from '../organisations/organisations.dto.js';
import { MultiLine } from '../platform/http/texts.js';

export class PackDocumentView {
  /** 文号 @example 示教职成〔2026〕8号 */
  number: string;
  /** 印发机关 @example 示范省教育厅 */
  issuingBody: string;
  /** @example 2026-09-01 */
  date: string;
  /** 备案号: the number under which it is filed with the ministry. @example 备〔2026〕33号 */
  filingNumber: string;
}

const CONTENT_EXAMPLE = {
  kinds: { suspension: { workingDays: { authority: 5 } }, reinstatement: { order: ['school', 'authority', 'superior'] } },
  limits: { suspensionMonths: 24 },
  remindBefore: [5, 2, 1],
};

export class PolicyVersionName {
  /** @example 5f0b7c1e-4f0b-5a53-9d9e-0e7a5b1c2d3e */
  id: string;
  /** @example 2 */
  version: number;
}

/** A version that is named. */
export class NamedPolicy implements PolicyVersionName {
  /** @example national */
  @IsText(100)
  id: string;

  /** @example 1 */
  @IsInt()
  @Min(1)
  @Max(999_999)
  version: number;
}

export class DraftPolicy {
  /** The province, by default the only one that the caller supervises. @example 0192f5c2-0000-7000-8000-000000000000 */
  @IsOptional()
  @IsId()
  organisationId?: string;

  /** The document that settles the pack. Without one no pack is taken (A17). */
  @Allow()
  document: PackDocumentView;

  /**
   * The version from which the pack inherits what it leaves out, by default the one in force for the province today. It may also be one
   * that is decided for a later day, or the national default. The latter drops what the province has set so far.
   */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => NamedPolicy)
  basedOn?: NamedPolicy;

  /** The pack. A key that it leaves out is inherited from `basedOn`. Its schema is at `GET /policies/schema`. */
  @Allow()
  @ApiProperty({ type: 'object', additionalProperties: true, example: CONTENT_EXAMPLE })
  content: object;
}

export class Activation {
  /** First day in force, today or later. @example 2027-02-01 */
  @IsPlainDate()
  effectiveFrom: string;
}

export class Rebasing {
  /** By default the version in force for the province today. */
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => NamedPolicy)
  basedOn?: NamedPolicy;
}

export class Revocation {
  /** @example 文件重新征求意见 */
  @IsText(500)
  @MultiLine()
  reason: string;
}

export class PolicyQuery extends PageQuery {
  /** Only versions of this province. */
  @IsOptional()
  @IsId()
  organisationId?: string;

  @IsOptional()
  @IsIn(['draft', 'activated', 'revoked'])
  state?: string;
}

export class PolicyView extends PolicyVersionName {
  /** The province, or null for the national default. */
  organisation: OrganisationName | null;
  /** `draft`, `activated` or `revoked`. @example draft */
  state: string;
  /** Whether a filing of today falls under it. @example false */
  inForce: boolean;
  /** @example 2027-02-01 */
  effectiveFrom: string | null;
  document: PackDocumentView | null;
  /** The version from which it inherits what it is silent about; null of the national default. */
  basedOn: PolicyVersionName | null;
  /** The version that it follows: on its first day no other may be in force. Null of the national default. */
  inPlaceOf: PolicyVersionName | null;
  /** What the version says itself. The rest is inherited. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  content: object;
  /** Null for a version that came with the installation. */
  draftedBy: PersonName | null;
  draftedAt: string | null;
  activatedBy: PersonName | null;
  activatedAt: string | null;
  revokedBy: PersonName | null;
  revokedAt: string | null;
}

/** Whose a setting is: of a version of a province, or of the national default. */
export class SettledByView {
  /** @example /limits/suspensionMonths */
  setting: string;
  policy: PolicyVersionName;
  /** The province, or null for the national default. */
  organisation: OrganisationName | null;
  /** Number of the province's document. @example 示教职成〔2026〕8号 */
  document: string | null;
}

export class InheritedSettingView {
  /** @example /limits/suspensions */
  pointer: string;
  @ApiProperty({ nullable: true })
  value: unknown;
  from: PolicyVersionName;
}

export class PolicyDetail extends PolicyView {
  /** What it inherits from earlier versions of the province. All other settings that it leaves out are the national default's. */
  inherited: InheritedSettingView[];
  /** The whole policy with what it inherits. */
  @ApiProperty({ type: 'object', additionalProperties: true })
  whole: object;
}

export class PolicyPage {
  items: PolicyView[];
  nextCursor: string | null;
}

export class DifferenceView {
  /** @example /kinds/suspension/workingDays/authority */
  pointer: string;
  /** The value in force now, or null without the key. */
  @ApiProperty({ nullable: true })
  inForce: unknown;
  @ApiProperty({ nullable: true })
  proposed: unknown;
  /** Who settles the value in force now. */
  inForceBy: SettledByView;
  /** Who would settle the proposed one. */
  proposedBy: SettledByView;
  /** The version does not say the setting itself: the present value is dropped for an inherited one. @example false */
  dropped: boolean;
}

export class PackReasonView {
  /** @example step-without-holder */
  code: string;
  /** @example /content/kinds */
  pointer: string;
  /** @example Art 5, A17 */
  article: string;
  message: string;
  detail: string | null;
  /** The version on which the pack is based, where that one says it and the pack does not; otherwise null. */
  inheritedFrom: PolicyVersionName | null;
}

export class PreviewStepView {
  /** @example sourceAuthority */
  id: string;
  stage: number;
  organisation: OrganisationName;
  workingDays: number;
}

export class PreviewBlockerView {
  code: string;
  message: string;
  owner: string;
  remedy: string;
  pointer?: string;
  item?: string;
  sources?: SettledByView[];
}

/** One case under one policy. */
export class CaseUnderPolicyView {
  policy: PolicyVersionName;
  steps: PreviewStepView[];
  /** Working days of all stages together, if every holder takes all of its own. @example 40 */
  workingDays: number;
  /** The day on which they end, counted from the filing. @example 2027-01-22 */
  latestEndOn: string;
  /** The blockers on the day of filing. Under the policy that the case was filed under there are none. */
  blockers: PreviewBlockerView[];
}

export class CasePreviewView {
  requestId: string;
  /** @example 2026-0000042 */
  number: string;
  /** @example suspension */
  kind: string;
  state: string;
  filedAt: string;
  had: CaseUnderPolicyView;
  would: CaseUnderPolicyView;
  /** Whether steps, days or blockers differ. */
  differs: boolean;
}

export class PolicyPreview {
  /** The version that it is compared with. */
  inForce: PolicyVersionName;
  /** The version from which it inherits. */
  basedOn: PolicyVersionName;
  /** Another version than the one that it follows is in force: it is refused until it is based anew. @example false */
  stale: boolean;
  differences: DifferenceView[];
  /** Every reason why the version could not be activated now. */
  reasons: PackReasonView[];
  /** The province's twenty latest cases under the policy that they had and under this one. */
  cases: CasePreviewView[];
}
