import { ApiProperty } from '@nestjs/swagger';

export class KindStepView {
  party: string;
  title: string;
  office: string;
  workingDays: number;
}

export class KindEvidenceView {
  /** How many files a filing needs at least. */
  least: number;
  /** What they should be. */
  documents: string[];
  mediaTypes: string[];
}

export class KindPolicyView {
  id: string;
  version: number;
}

/** A precondition that the policy switches on for this kind; what always holds is in docs/procedures.md, and precheck names all that fail. */
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
  preconditions: KindPreconditionView[];
}
