import { Distinct } from '../platform/http/lists.js';
import { Type } from 'class-transformer';
import { ArrayMaxSize, ArrayMinSize, IsIn, IsObject, IsOptional, ValidateNested } from 'class-validator';
import { IsId } from '../platform/http/id.js';
import { IsPlainDate } from '../platform/http/plain-date.js';
import { ORGANISATION_CHANGES, type OrganisationChangeKind } from '../domain/organisation-change.js';
import { ApprovalDocument } from '../organisations/approval-document.dto.js';
import { OrganisationName } from '../organisations/organisations.dto.js';

export class StartOrganisationChange {
  /** `merger` 合并, `closure` 撤销. @example merger */
  @IsIn(ORGANISATION_CHANGES)
  kind: OrganisationChangeKind;

  /** The school that ends. @example 5cca9656-2893-595d-8a3f-f900c52b0f24 */
  @IsId()
  schoolId: string;

  /** The school that goes on after a merger. @example 0192f5c2-0000-7000-8000-000000000000 */
  @IsOptional()
  @IsId()
  intoSchoolId?: string;

  /** The day of effect, today or later. @example 2099-09-01 */
  @IsPlainDate()
  effectiveOn: string;

  @IsObject()
  @ValidateNested()
  @Type(() => ApprovalDocument)
  document: ApprovalDocument;

  /** The uploaded file of the document. @example ["01a20a8e-2b06-7506-a575-100996e46d36"] */
  @IsId(true)
  @Distinct()
  @ArrayMinSize(1)
  @ArrayMaxSize(50)
  evidenceIds: string[];
}

export class MovedCount {
  moved: number;
  left: number;
}

export class AwaitedStudents {
  /** State of the enrolment. @example suspended */
  state: string;
  /** @example 3 */
  students: number;
  /** @example 由代管部门代办复学后转学，或代办退学 the acting authority files their resumption and then a transfer, or their withdrawal */
  remedy: string;
}

export class ChangeProgress {
  /** Open cases whose tasks and filer's moves pass on. */
  cases: MovedCount;
  /** Unanswered orders 责令 to the school. */
  orders: MovedCount;
  /** Dossiers that move: all of a merged school, those of the leavers of a closed one. */
  dossiers: MovedCount;
  /** Offices granted at the successor. */
  officesMoved: number;
  /** Students of a closed school about whom something is still to be decided. */
  studentsLeft: number;
  /** The students for whom the closure waits, and what the authority that acts for the school can do about them. */
  waitingFor: AwaitedStudents[];
}

export class OrganisationChangeView {
  id: string;
  /** @example merger */
  kind: string;
  /** `planned` until its day, `running`, `done`. @example running */
  state: string;
  school: OrganisationName;
  intoSchool: OrganisationName | null;
  effectiveOn: string;
  document: ApprovalDocument;
  evidenceIds: string[];
  /** The authority whose supervisor started it. */
  authority: OrganisationName;
  startedAt: string;
  closedAt: string | null;
  completedAt: string | null;
  progress: ChangeProgress;
}

export class OrganisationChangePage {
  items: OrganisationChangeView[];
  nextCursor: string | null;
}
