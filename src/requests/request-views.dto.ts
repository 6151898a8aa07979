import { PersonName, ActorView } from '../organisations/actors.dto.js';
import { ApiProperty } from '@nestjs/swagger';
import { OrganisationName } from '../organisations/organisations.dto.js';
import { ApplicationInput } from './requests.dto.js';

export class StepView {
  /** @example sourceSchool */
  id: string;
  /** Steps of the same stage run side by side. */
  stage: number;
  /** @example sourceSchool */
  capacity: string;
  capacities: string[];
  organisation: OrganisationName;
  /** The school outside this system whose sealed reply is recorded (A23). */
  onBehalfOf?: OrganisationName;
  /** @example open */
  state: string;
  visit: number;
  returns: number;
}

export class CurrentTaskView {
  id: string;
  step: string;
  visit: number;
  capacity: string;
  holder: OrganisationName;
  /** @example 2026-12-07 */
  dueDate: string;
  dueAt: string;
  provisional: boolean;
  overdue: boolean;
  version: number;
}

export class HoldView {
  /** `effectParked`, `stepParked`, `paused` (by a death, A16, or by an operator) or `awaitingSupplement`. @example effectParked */
  kind: string;
  cause: string;
  since: string;
}

export class ChangeRequestView {
  id: string;
  /** @example 2026-0000042 */
  number: string;
  kind: string;
  /** @example open */
  state: string;
  /** Why nothing moves, or null. */
  hold: HoldView | null;
  steps: StepView[];
  /** May be empty right after filing or deciding; see `processing`. */
  currentTasks: CurrentTaskView[];
  /** True until the process caught up with the last act. */
  processing: boolean;
  version: number;
  studentId: string;
  maskedName: string;
  sourceSchool: OrganisationName;
  /** Of a transfer; null for a change within one school. */
  destinationSchool: OrganisationName | null;
  filer: OrganisationName;
  filedAt: string;
  closedAt: string | null;
  externalId: string | null;
}

/** The sealed reply of a school outside this system. */
export class SealedReplyView {
  documentNumber: string;
  /** @example 2026-11-23 */
  repliedOn: string;
}

export class TimelineEntry {
  seq: number;
  /** @example decided */
  kind: string;
  at: string;
  /** The natural person, office and organisation that acted; absent for acts of the process. */
  by?: ActorView;
  step?: string;
  visit?: number;
  /** @example approve */
  verdict?: string;
  opinion?: string;
  reason?: string;
  note?: string;
  /** Whose task was opened. */
  holder?: OrganisationName;
  /** To whom an overdue task was shown. */
  escalatedTo?: OrganisationName;
  /** The person to whom a task was handed. */
  assigneeId?: string;
  assignee?: PersonName;
  outcome?: string;
  cause?: string;
  workingDaysLeft?: number;
  late?: boolean;
  /** Who objected (A21). @example guardian */
  objector?: string;
  /** The opened task is a supplement at the filer. */
  supplement?: boolean;
  effectiveOn?: string;
  /** An amended calendar moved the deadline of a task that had been escalated: from this due date … */
  dueFrom?: string;
  /** … to this one. */
  dueTo?: string;
  calendarVersion?: number;
  /** Of a return: the earlier step that decides again. */
  returnedTo?: string;
  /** Of a return: everything that is missing. */
  missing?: string[];
  /** Working days that an operator added. */
  addedWorkingDays?: number;
  /** The colleague to whom a task was delegated. */
  delegateId?: string;
  delegate?: PersonName;
  /** How a delegation ended: `answered` or `withdrawn`. */
  how?: string;
  /** The organisation asked for an opinion, and by when. */
  consulted?: OrganisationName;
  consultationId?: string;
  dueDate?: string;
  /** What a colleague or another organisation was asked; their answer is the `opinion` of its own entry. */
  question?: string;
  /** The organisation that got a copy. */
  copiedTo?: OrganisationName;
  comment?: string;
  /** Persons mentioned in a comment. */
  mentions?: string[];
  mentioned?: PersonName[];
  /** Of an escalation: the rung of the ladder, from 1. */
  level?: number;
  /** Of a superior's urge 督办: the day by which the holder must answer. @example 2026-12-01 */
  answerBy?: string;
  /** What the student or guardian says against the request. */
  objection?: string;
  /** The absent person for whom a proxy acted. */
  onBehalfOfPerson?: PersonName;
  /** The school outside this system for which an authority recorded the decision (A23). */
  onBehalfOf?: OrganisationName;
  recordedOnBehalf?: boolean;
  reply?: SealedReplyView;
  /** What the population service said, as a code; or the holder's words in answer to an urge. @example matched */
  answer?: string;
  attested?: boolean;
}

/** What passed to or from a school outside this system: only the enrolment kept here was opened or closed (A23). */
export class HandoverView {
  /** `in` or `out` of this system. */
  direction: string;
  /** The school outside. */
  school: OrganisationName;
  effectiveOn: string;
  reply: SealedReplyView | null;
}

export class FilingNoticeOfRequest {
  fromSchool: OrganisationName;
  toProvince: OrganisationName;
  recordedAt: string;
}

/** What the population service said of the proposed identity. */
export class IdentityCheckView {
  /** `pending`, `matched`, `nameDiffers`, `unknownDocument` or `unavailable`. @example matched */
  answer: string;
  /** Whether the change may take effect by this answer. */
  confirmed: boolean;
  /** The service can't know such a document: the authority's reviewer attests the original. */
  attested: boolean;
  at: string | null;
}

/** What reviewers must know of a correction 信息变更 besides its values. */
export class CorrectionMarks {
  /** Filed later after the receipt of the proof than policy has it, ten working days at most (Art 16). */
  late: boolean;
  /** Null when the identity does not change. */
  identity: IdentityCheckView | null;
}

export class CorrectedValueView {
  /** @example name */
  field: string;
  /** As it stood at the filing; null when there was none, a document number masked. @example 李蕾 */
  former: string | null;
  /** @example 李雷 */
  proposed: string;
}

export class CorrectionView extends CorrectionMarks {
  /** For the parties of the case; null for others who may see the request. */
  @ApiProperty({ type: () => [CorrectedValueView], nullable: true })
  values: CorrectedValueView[] | null;
}

/** What befell a run of the request's workflow from outside, or its read model; the request stands by its ledger. */
export class IncidentOfRequest {
  /** See `GET /operations/incidents`. @example terminated */
  found: string;
  /** @example 01a20a90-1c55-7f1e-8c3a-0f6d5c9f2b11 */
  runId: string;
  /** @example 2026-11-24T10:12:00.000+08:00 */
  at: string;
}

export class ProofView {
  /** One of `evidenceIds`. @example 01a20a8e-2b06-7506-a575-100996e46d36 */
  id: string;
  /** @example hospitalProof */
  item: string;
  /** @example 县级以上医院证明 certificate of a county hospital or above */
  title: string;
}

export class ChangeRequestDetail extends ChangeRequestView {
  @ApiProperty({ type: 'object', additionalProperties: true })
  details: Record<string, unknown>;
  application: ApplicationInput;
  reason: string | null;
  evidenceIds: string[];
  /** Which documents of the policy's list the filer says the files are. */
  evidence: ProofView[];
  /** The schools' reports to both provinces (备案), recorded when a cross-province transfer takes effect. */
  notices: FilingNoticeOfRequest[];
  /** For operators, the latest first. */
  incidents?: IncidentOfRequest[];
  /** Open, and moved by nobody for as long as its policy allows (A4); it stays open. @example false */
  stale: boolean;
  /** Once a change with a school outside this system has taken effect; else null. */
  handover: HandoverView | null;
  /** Of a correction of personal information; else null. */
  correction: CorrectionView | null;
  timeline: TimelineEntry[];
}

export class ChangeRequestPage {
  items: ChangeRequestView[];
  nextCursor: string | null;
}
