import { ActionView } from './actions.dto.js';
import { PersonName, ActorView } from '../organisations/actors.dto.js';
import { ApiProperty } from '@nestjs/swagger';
import { OrganisationName } from '../organisations/organisations.dto.js';
import { FileView } from '../evidence/evidence.dto.js';
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
  /**
   * `effectParked`, `stepParked`, `paused` (by a death, A16, or by an operator), `awaitingSupplement`, or `awaitingEffect`: approved, and
   * not in force before its day (A20).
   * @example awaitingEffect
   */
  kind: string;
  /** @example not-yet-in-force */
  cause: string;
  /** Why, in words. @example 本校未开设该专业。 */
  message: string | null;
  /** Who can clear it, as `owner` of a blocker; null where it passes by itself. @example filer */
  owner: string | null;
  /** Who can do what. @example 条件恢复后自动继续；发起单位可以撤回申请，运维人员可以重试或者终止办理。 */
  remedy: string | null;
  since: string;
  /** Of `awaitingEffect`: the day on which the change takes effect, at 00:00 in Asia/Shanghai. @example 2027-03-01 */
  until?: string;
}

export class ChangeRequestView {
  id: string;
  /** @example 2026-0000042 */
  number: string;
  kind: string;
  /** @example open */
  state: string;
  /** Why the request does not move, or null. */
  hold: HoldView | null;
  steps: StepView[];
  /** The open tasks. Right after a filing or a decision there may be none: see `processing`. */
  currentTasks: CurrentTaskView[];
  /** True until the process caught up with the last act. */
  processing: boolean;
  version: number;
  /** Null where the case is about a batch, which `details` names. */
  studentId: string | null;
  /** `*` for who sees how requests stand and not what they say; null where the case is about a batch. @example 戴** */
  maskedName: string | null;
  /** What people call the batch, or null where the case is about one student. @example null */
  batch: string | null;
  sourceSchool: OrganisationName;
  /** The destination of a transfer, or null for a change within one school. */
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
  /** The natural person, office and organisation that acted. Acts of the process have none. */
  by?: ActorView;
  step?: string;
  visit?: number;
  /** @example approve */
  verdict?: string;
  opinion?: string;
  reason?: string;
  note?: string;
  /** The organisation whose task was opened. */
  holder?: OrganisationName;
  /** The superior that an overdue task was escalated to. */
  escalatedTo?: OrganisationName;
  /** The person to whom a task was handed. */
  assigneeId?: string;
  assignee?: PersonName;
  outcome?: string;
  cause?: string;
  workingDaysLeft?: number;
  late?: boolean;
  /** The person who objected (A21). @example guardian */
  objector?: string;
  /** The opened task is a supplement at the filer. */
  supplement?: boolean;
  effectiveOn?: string;
  /** The day on which the paper dossier was held against the electronic one (Art 3). @example 2026-12-02 */
  on?: string;
  /** An amended calendar moved the deadline of a task that had been escalated: from this due date … */
  dueFrom?: string;
  /** … to this one. */
  dueTo?: string;
  calendarVersion?: number;
  /** The earlier step that a return names to decide again. */
  returnedTo?: string;
  /** Everything that a return names as missing. */
  missing?: string[];
  /** Working days that an operator added. */
  addedWorkingDays?: number;
  /** The colleague to whom a task was delegated. */
  delegateId?: string;
  delegate?: PersonName;
  /** How a delegation ended: `answered` or `withdrawn`. */
  how?: string;
  /** The organisation that is asked for an opinion, and its date. */
  consulted?: OrganisationName;
  consultationId?: string;
  dueDate?: string;
  /** The question to a colleague or another organisation. Their answer is the `opinion` of an entry of its own. */
  question?: string;
  /** The organisation that got a copy. */
  copiedTo?: OrganisationName;
  comment?: string;
  /** Persons mentioned in a comment. */
  mentions?: string[];
  mentioned?: PersonName[];
  /** The rung of the ladder that an escalation reached, from 1. */
  level?: number;
  /** The day by which the holder must answer a superior's urge 督办. @example 2026-12-01 */
  answerBy?: string;
  /** What the student or guardian says against the request. */
  objection?: string;
  /** The absent person for whom a proxy acted. */
  onBehalfOfPerson?: PersonName;
  /** Of an act by a service account 服务账号: the administrator who issued its key and answers for it. */
  accountIssuedBy?: PersonName;
  /** The school outside this system for which an authority recorded the decision (A23). */
  onBehalfOf?: OrganisationName;
  recordedOnBehalf?: boolean;
  reply?: SealedReplyView;
  /** The population service's answer as a code, or the holder's answer to an urge. @example matched */
  answer?: string;
  attested?: boolean;
}

/** The handover to or from a school outside this system. Only the enrolment kept here was opened or closed (A23). */
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
  /** `true`: the service can't know such a document, so the authority's reviewer attests the original. */
  attested: boolean;
  at: string | null;
}

/** What reviewers must know of a correction 信息变更 besides its values. */
export class CorrectionMarks {
  /** Filed later after the receipt of the proof than policy allows, at most ten working days (Art 16). */
  late: boolean;
  /** Null when the identity does not change. */
  identity: IdentityCheckView | null;
}

export class CorrectedValueView {
  /** @example name */
  field: string;
  /** The value at the filing, with a document number or birth date masked, or null when there was none. @example 李蕾 */
  former: string | null;
  /** Masked likewise, but for whoever filed the open request or has a task of it. @example 李雷 */
  proposed: string;
}

export class CorrectionView extends CorrectionMarks {
  /** The values, for the parties of the case. Others who may see the request get null. */
  @ApiProperty({ type: () => [CorrectedValueView], nullable: true })
  values: CorrectedValueView[] | null;
}

/** An incident of the request's workflow run or of its read model. The request stands by its ledger. */
export class IncidentOfRequest {
  /** See `GET /operations/incidents`. @example terminated */
  found: string;
  /** @example 01a20a90-1c55-7f1e-8c3a-0f6d5c9f2b11 */
  runId: string;
  /** @example 2026-11-24T10:12:00.000+08:00 */
  at: string;
}

/** A document of the policy's list. */
export class ItemName {
  /** @example hospitalProof */
  item: string;
  /** @example 县级以上医院证明 certificate of a county hospital or above */
  title: string;
}

export class ProofView extends ItemName {
  /** One of `evidenceIds`. @example 01a20a8e-2b06-7506-a575-100996e46d36 */
  id: string;
}

/** A file of the request, with the documents of the policy's list that the filer says it is. */
export class CaseFileView extends FileView {
  items: ItemName[];
}

export class ChangeRequestDetail extends ChangeRequestView {
  @ApiProperty({ type: 'object', additionalProperties: true })
  details: Record<string, unknown>;
  /** `true`: the caller's offices see how the request stands and not what it says, so contents and texts are left out. @example false */
  withheld: boolean;
  application: ApplicationInput | null;
  reason: string | null;
  evidenceIds: string[];
  /** The documents of the policy's list that the files are, as the filer says. */
  evidence: ProofView[];
  /** The files of `evidenceIds`, each with its name. */
  files: CaseFileView[];
  /** The schools' reports to both provinces (备案), recorded when a cross-province transfer takes effect. */
  notices: FilingNoticeOfRequest[];
  /** Incidents of the request, latest first, for operators. */
  incidents?: IncidentOfRequest[];
  /** Every move on the request, for this caller, now: what is barred says why. Those on a task are at the task. */
  allowedActions: ActionView[];
  /** `true`: nobody has moved the open request for as long as its policy allows (A4). It stays open. @example false */
  stale: boolean;
  /** The handover with a school outside this system, after the effect, or null. */
  handover: HandoverView | null;
  /** The correction of personal information, or null for another kind. */
  correction: CorrectionView | null;
  timeline: TimelineEntry[];
}

export class ChangeRequestPage {
  items: ChangeRequestView[];
  nextCursor: string | null;
}
