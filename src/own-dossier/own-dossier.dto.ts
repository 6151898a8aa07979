import { ApiProperty, OmitType } from '@nestjs/swagger';
import { IsOptional } from 'class-validator';
import { OrganisationName } from '../organisations/organisations.dto.js';
import { IsId } from '../platform/http/id.js';
import { IsText } from '../platform/http/is-text.js';
import { PageQuery } from '../platform/http/page.dto.js';
import { MultiLine } from '../platform/http/texts.js';
import { EnrolmentView, FactView, RegisteredTermView } from '../students/students.dto.js';
import { VerificationCodeView } from '../verifications/verification-codes.dto.js';

export class OwnRegistrationView extends OmitType(RegisteredTermView, ['by'] as const) {}

/** Who has an open request in hand. */
export class OwnTaskView {
  /** @example sourceAuthority */
  step: string;
  holder: OrganisationName;
  /** The last day to decide. @example 2026-12-08 */
  dueDate: string;
  overdue: boolean;
}

/** A request 异动申请 about the student. */
export class OwnChangeView {
  /** @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  id: string;
  /** @example R2026-0000123 */
  number: string;
  /** @example suspension */
  kind: string;
  /** `open`, or how it ended. @example open */
  state: string;
  /** @example 2026-11-24T09:00:00.000+08:00 */
  filedAt: string;
  /** @example null */
  closedAt: string | null;
  /** The steps that are open, of an open request. */
  openTasks: OwnTaskView[];
}

/** A certificate 学历证书 or letter of the student. */
export class OwnCertificateView {
  /** @example graduation */
  kind: string;
  /** `issued`, `void`, `superseded` or `revoked`. @example issued */
  state: string;
  /** 证书编号 @example B33010620290000001X */
  number: string;
  school: OrganisationName;
  /** The day on it. @example 2029-06-30 */
  issuedOn: string;
  /** When the school handed it over, or null. @example null */
  handedOverOn: string | null;
}

export class OwnQueryOffice {
  /** @example schoolClerk */
  office: string;
  organisation: OrganisationName;
}

/** That somebody read of the student, or verified. */
export class OwnQueryView {
  /** @example 2026-11-24T06:38:54.245+08:00 */
  at: string;
  /**
   * `lookup`, `student`, `dossier`, `evidence`, `unmasking`, `subject`, `export` or `signInCode` by an office, and `verification` by the
   * public.
   * @example dossier
   */
  what: string;
  /** The offices that the reader held; none of the public. */
  offices: OwnQueryOffice[];
  /** What was verified, and by which of the student's codes. @example null */
  purpose: string | null;
  /** @example null */
  codeId: string | null;
}

export class OwnQueryPage {
  /** The latest first. */
  items: OwnQueryView[];
  nextCursor: string | null;
}

export class OwnQueriesQuery extends PageQuery {}

/** What the student or guardian objected. */
export class ObjectionView {
  /** @example 2026-11-24T06:38:54.245+08:00 */
  at: string;
  /** @example student */
  objector: string;
  /** @example 本人未申请休学 */
  objection: string;
  /** The request objected to, or null of the dossier. @example null */
  requestId: string | null;
}

export class ObjectionList {
  /** The latest first, at most a hundred. */
  items: ObjectionView[];
}

/** 本人学籍: all that the dossier says, for the student or guardian. */
export class OwnDossierView {
  /** Whose code opened the session. @example student */
  holder: string;
  /** @example 顾家杰 */
  name: string;
  /** @example G****************3X */
  studentNumber: string;
  /** @example residentId */
  documentType: string;
  /** @example "****************3X" */
  documentNumber: string;
  /** @example male */
  sex: string;
  /** Whole, so that it can be checked. @example 2010-01-01 */
  birthDate: string;
  facts: FactView[];
  @ApiProperty({ type: () => [EnrolmentView] })
  enrolments: EnrolmentView[];
  terms: OwnRegistrationView[];
  changes: OwnChangeView[];
  certificates: OwnCertificateView[];
  objections: ObjectionView[];
  verificationCodes: VerificationCodeView[];
  /** The latest twenty; all of them by `GET /own-dossier/queries`. */
  queries: OwnQueryView[];
}

/** 异议: what the student or guardian says against a request, or against what the dossier says (A21). */
export class OwnObjection {
  /** An open request about the student. Without it, each open one; where none is open, the dossier. */
  @IsOptional()
  @IsId()
  requestId?: string;

  /** @example 本人未申请休学 */
  @IsText(2000)
  @MultiLine()
  objection: string;
}

/** Where an objection stands. */
export class ObjectionNoted {
  /** The requests at which it is noted; none where it is noted in the dossier. */
  requestIds: string[];
}
