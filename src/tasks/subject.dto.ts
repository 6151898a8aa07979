import { ApiProperty } from '@nestjs/swagger';
import { CaseFileView, CorrectedValueView, CorrectionMarks } from '../requests/request-views.dto.js';
import { EnrolmentView, FactView, RegisteredTermView } from '../students/students.dto.js';
import { OrganisationName } from '../organisations/organisations.dto.js';

export class SuspensionView {
  school: OrganisationName;
  /** First day. @example 2026-03-01 */
  from: string;
  /** Last day, as it was approved. @example 2027-02-28 */
  until: string | null;
  /** The day on which the student was no longer suspended, or null. @example 2027-03-01 */
  endedOn: string | null;
}

/** A change of status 异动 that took effect. */
export class FormerChangeView {
  /** @example 2026-0000017 */
  number: string;
  /** @example suspension */
  kind: string;
  sourceSchool: OrganisationName;
  /** The destination of a transfer, or null for a change within one school. */
  destinationSchool: OrganisationName | null;
  /** @example 2026-03-01T10:12:30.118+08:00 */
  filedAt: string;
  /** The day of effect. @example 2026-03-01 */
  effectiveOn: string | null;
  /** Whether a reinstatement has undone it; then it counts no more. */
  undone: boolean;
}

/** An assertion 主张 of one side of a duplicate. */
export class SideAssertionView {
  /** @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  requestId: string;
  /** @example 2026-0000042 */
  number: string;
  /** @example corroborate */
  action: string;
  /** @example studiesHere */
  ground: string;
  /** @example 2026-11-23T10:12:30.118+08:00 */
  filedAt: string;
}

/** A student as whoever decides must know it: name and birth date whole, numbers masked as everywhere. */
export class SubjectStudent {
  /** @example 9e3b8136-9634-504a-984e-f340fb23cf18 */
  id: string;
  /** @example 顾家杰 */
  name: string;
  /** Code of the set `sexes`. @example male */
  sex: string;
  /** Whole, because age decides what may be done and is compared with the files. @example 2010-09-17 */
  birthDate: string;
  /** @example residentId */
  documentType: string;
  /** The last two characters. @example "****************3X" */
  documentNumber: string;
  /** Masked, because it holds the document's number. @example G****************3X */
  studentNumber: string;
}

export class SubjectSide {
  /** Of a ruling: `A` is the record found, `B` the registration held. Null for any other case. @example null */
  @ApiProperty({ type: String, nullable: true, enum: ['A', 'B', null] })
  side: 'A' | 'B' | null;
  student: SubjectStudent;
  /** Further facts of the dossier 学籍登记内容 as they stand, numbers of documents masked; contacts are not among them. */
  @ApiProperty({ type: () => [FactView] })
  facts: FactView[];
  /** The enrolment on roll, or else the latest. */
  enrolment: EnrolmentView | null;
  /** Present and former ones, the latest first. */
  enrolments: EnrolmentView[];
  /** 学期注册: the terms in which the student is registered, the first one first. */
  terms: RegisteredTermView[];
  suspensions: SuspensionView[];
  /** Changes that took effect, the latest first, 100 at most. */
  changes: FormerChangeView[];
  /** The id of the picture that was handed in as the item `photograph`, or null. `GET /evidence/{id}` has it. @example null */
  photograph: string | null;
  /** What was handed in: with the filing and its supplements, or of a ruling by this side. `GET /evidence/{id}` has the contents. */
  evidence: CaseFileView[];
  /** The assertions of this side, of a ruling alone. */
  assertions: SideAssertionView[];
}

export class SubjectCorrection extends CorrectionMarks {
  /** Old beside new. What is proposed is whole for who decides, and masked for others. */
  values: CorrectedValueView[];
}

/** The batch that a case is about. Its rows are read where the batch is: `GET /intakes/{id}/rows`, for one. */
export class SubjectBatch {
  /** `intake` or `graduation`. @example intake */
  kind: string;
  /** @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  id: string;
  /** What people call it. @example 2026 autumn-1 */
  name: string;
  /** Rows that were submitted. @example 300 */
  rows: number;
  /** Of these, the ones that reviewers have returned so far. @example 2 */
  returned: number;
}

export class SubjectView {
  /** @example 01a20a8f-e41c-7b05-8d52-6c1a3f0e9b77 */
  taskId: string;
  /** @example 01a20a8f-e32f-7255-a9bf-4fac47019e5a */
  requestId: string;
  /** @example 2026-0000042 */
  number: string;
  /** @example transfer */
  kind: string;
  /** As what the caller reads: `decides`, `advises` or `supervises`. @example decides */
  as: string;
  /** One student, or of a ruling both sides; empty where the case is about a batch. */
  sides: SubjectSide[];
  /** Of a correction, or of an assertion that amends; else null. */
  correction: SubjectCorrection | null;
  /** The batch, or null where the case is about a student. */
  batch: SubjectBatch | null;
}
