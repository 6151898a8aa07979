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
  /** The grounds on which the document is asked for, or null for every ground. @example ["illness"] */
  @ApiProperty({ type: [String], nullable: true })
  grounds: string[] | null;
}

export class KindEvidenceView {
  /** How many files a filing needs at least. */
  least: number;
  /** The documents that the files should be. */
  documents: string[];
  /** The documents that must be there. A file of the filing names each in `evidence`. */
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

export class ChangeKindName {
  /** @example transfer */
  kind: string;
  /** @example 转学 */
  title: string;
  /** Of the regulation. @example Art 14 */
  article: string;
  /** The party of the change that files it. @example sourceSchool */
  filedBy: string;
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
  /**
   * 1. `each`: every step has its working days.
   * 2. `total`: all steps share them (A2).
   * @example each
   */
  deadlineScope: string;
  policy: KindPolicyView;
  /** Preconditions that the caller's policy switches on besides the regulation's. */
  rules: string[];
  /** What these rules require. */
  preconditions: KindPreconditionView[];
  /** What is asked under every policy. A rule that refuses for several reasons is listed with each. */
  always: KindPreconditionView[];
}
