import { ApiProperty } from '@nestjs/swagger';

export class KindStepView {
  party: string;
  title: string;
  office: string;
  workingDays: number;
}

export class KindEvidenceItemView {
  /** @example hospitalProof */
  id: string;
  /** @example 县级以上医院证明 certificate of a county hospital or above */
  title: string;
  /** On which grounds it is asked for; on every one when null. @example ["illness"] */
  @ApiProperty({ type: [String], nullable: true })
  grounds: string[] | null;
}

export class KindEvidenceView {
  /** How many files a filing needs at least. */
  least: number;
  /** What they should be. */
  documents: string[];
  /** Which of them must be there, each named by a file in `evidence` of the filing. */
  items: KindEvidenceItemView[];
  mediaTypes: string[];
}

export class KindPolicyView {
  id: string;
  version: number;
}

/** A precondition with one of the codes by which it refuses; precheck names all that fail. */
export class KindPreconditionView {
  /** @example minorNeedsGuardian */
  rule: string;
  /** How precheck and filing name it. @example guardian-must-apply */
  code: string;
  message: string;
  remedy: string;
}

export class ChangeKindView {
  kind: string;
  title: string;
  article: string;
  filedBy: string;
  @ApiProperty({ type: 'object', additionalProperties: true })
  detailsSchema: object;
  evidence: KindEvidenceView;
  steps: KindStepView[];
  /** `each`: every step has its working days; `total`: all steps together (A2). @example each */
  deadlineScope: string;
  policy: KindPolicyView;
  /** Preconditions that the caller's policy switches on besides the regulation's. */
  rules: string[];
  /** What these rules ask. */
  preconditions: KindPreconditionView[];
  /** What is asked under every policy; a rule that refuses for several reasons stands here with each. */
  always: KindPreconditionView[];
}
