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

export class ChangeKindView {
  kind: string;
  title: string;
  article: string;
  filedBy: string;
  @ApiProperty({ type: 'object', additionalProperties: true })
  detailsSchema: object;
  evidence: KindEvidenceView;
  steps: KindStepView[];
  policy: KindPolicyView;
  /** Preconditions that the caller's policy switches on besides the regulation's. */
  rules: string[];
}
