import type { Ruling } from '../dossier/duplicates.js';
import type { Capacity, Route } from '../procedure/procedure.js';
import type { Office } from '../offices.js';
import type { Budget } from './remaining.js';

export type Verdict = 'approve' | 'reject' | 'return';
export type Outcome = 'approved' | 'rejected' | 'recalled' | 'superseded' | 'cancelled';

/** Who may have asked for a change (A21); of a minor's withdrawal student and guardian together. */
export const APPLICANTS = ['student', 'guardian', 'studentAndGuardian', 'school', 'court'] as const;

/** The person or body that asked for the change, and the day 'YYYY-MM-DD' (A21). */
export interface Application {
  readonly by: (typeof APPLICANTS)[number];
  readonly on: string;
}

/** Whether a guardian applies, alone or with the student. */
export const appliesAsGuardian = (application?: Pick<Application, 'by'>): boolean =>
  application?.by === 'guardian' || application?.by === 'studentAndGuardian';

/** Where the destination school places the student; what has a default may be left out. */
export interface Placement {
  readonly majorCode?: string;
  readonly grade?: string;
  readonly className?: string;
  /** First day at the destination school, 'YYYY-MM-DD'. */
  readonly firstDay?: string;
}

/** The sealed reply of a school that answers outside this system (A23). */
export interface SealedReply {
  readonly documentNumber: string;
  readonly repliedOn: string;
}

/** A file of a filing, and the item of the policy's list of evidence that it is said to be. */
export interface Proof {
  readonly id: string;
  readonly item: string;
}

/** A row of a batch that a reviewer returns; why is a text of the act. */
export interface ReturnedRow {
  readonly row: string;
  readonly verdict: 'return';
}

export interface DecisionData {
  readonly placement?: Placement;
  readonly reply?: SealedReply;
  readonly ruling?: Ruling;
  /** Of a batch: the rows that do not follow the verdict. */
  readonly rows?: readonly ReturnedRow[];
}

/** The natural person and the office in which that person acted. Absent on acts of the process. */
export interface ActedBy {
  readonly personId: string;
  readonly office: Office;
  readonly organisationId: string;
}

/** Why a case is paused: another request, or what the operator names. */
export const PAUSE_CAUSES = ['courtOrder', 'investigation', 'other'] as const;
export type HoldCause = 'death' | (typeof PAUSE_CAUSES)[number];

/** What has legal weight and moves a case; counted by the process's cursor and fence. Codes and ids only. */
export type ProcessAct =
  | {
      kind: 'filed';
      route: Route;
      /** Left out where the case is about a batch, which the details name. */
      studentId?: string;
      details: Readonly<Record<string, unknown>>;
      /** Unknown when left out. */
      application?: Application;
      evidenceIds: readonly string[];
      /** SHA-256 of each file's content by its id, so that the act stands for what was handed in. */
      evidenceDigests?: Readonly<Record<string, string>>;
      /** Which document of the policy's list a file is said to be. */
      evidence?: readonly Proof[];
      /** A correction filed later after its proof than policy has it, ten working days at most. */
      late?: boolean;
    }
  | {
      kind: 'opened';
      taskId: string;
      step: string;
      visit: number;
      supplement?: boolean;
      capacities: readonly Capacity[];
      holder: string;
      onBehalfOf?: string;
      office: Office;
      /** Working days of this visit's clock, counted from `arrivedOn`, by the calendar of that day. */
      workingDays: number;
      /** What they follow from, where some were used before; absent where none were. */
      budget?: Budget;
      arrivedOn: string;
      /** The holder's superiors on that day, nearest first: where escalation climbs (A4). */
      ladder: readonly string[];
    }
  | {
      kind: 'decided';
      taskId: string;
      step: string;
      visit: number;
      verdict: Verdict;
      data?: DecisionData;
      /** Of a return: the earlier step that decides again; left out, the filer supplements (A9). */
      to?: string;
      decidedOn: string;
      onBehalfOf?: string;
    }
  | {
      kind: 'supplemented';
      taskId: string;
      step: string;
      visit: number;
      evidenceIds: readonly string[];
      /** SHA-256 of each file's content by its id, so that the act stands for what was handed in. */
      evidenceDigests?: Readonly<Record<string, string>>;
      evidence?: readonly Proof[];
      late: boolean;
    }
  | { kind: 'recalled' }
  | { kind: 'reassigned'; taskId: string; step: string; to: string }
  | { kind: 'reminded'; taskId: string; step: string; visit: number; workingDaysLeft: number }
  | { kind: 'escalated'; taskId: string; step: string; visit: number; level: number; to: string }
  /**
   * An organisation passes its part of the case to its successor, or to the authority that acts `onBehalf` of a closed school (Art 12,
   * A25). `ladder` is the superiors of that organisation, nearest first.
   */
  | { kind: 'rerouted'; from: string; to: string; ladder: readonly string[]; onBehalf: boolean; changeId: string }
  | { kind: 'parked'; what: 'effect' | 'step'; cause: string; step?: string }
  /** Approved by everybody; it waits for its day 'YYYY-MM-DD', and takes effect at its first instant (A20). */
  | { kind: 'scheduled'; effectiveOn: string }
  | { kind: 'effected'; effectiveOn: string }
  /**
   * Another request of the student stops this one (A16), lets it go on, or makes it pointless by its effect; `requestId` is that other
   * one's. Without it an operator pauses the case, for an order of a court or another cause, and lets it go on.
   */
  | { kind: 'held'; requestId?: string; cause: HoldCause }
  | { kind: 'continued'; requestId?: string }
  | { kind: 'superseded'; requestId: string }
  /** A reviewer takes back the own decision, before anybody went on from it. */
  | { kind: 'retracted'; taskId: string; step: string; visit: number }
  | { kind: 'cancelled' }
  /** So many working days more for one visit. */
  | { kind: 'extended'; taskId: string; step: string; visit: number; workingDays: number }
  /** The step of this one case is decided by another organisation from now on. */
  | { kind: 'redirected'; step: string; to: string }
  /** What is parked is tried again at once. */
  | { kind: 'retried' }
  | { kind: 'closed'; outcome: Outcome };

/** What the population service said of a proposed identity. */
export interface IdentityChecked {
  readonly answer: 'matched' | 'nameDiffers' | 'unknownDocument' | 'unavailable';
  readonly attested: boolean;
}

/** Whether an answer lets the identity stand; what the service can't know, the reviewer of the authority has attested by approving. */
export const confirmsIdentity = ({ answer, attested }: IdentityChecked): boolean =>
  answer === 'matched' || (attested && answer === 'unknownDocument');

/** What is on record but moves nothing. */
export type NoteAct =
  /** For oneself; at the end of the n-th working day after it the claim lapses without an act. */
  | { kind: 'claimed'; taskId: string; step: string; workingDays: number }
  | { kind: 'released'; taskId: string; step: string }
  | {
      kind: 'identityChecked';
      answer: IdentityChecked['answer'];
      /** The service can't know such a document: the authority's reviewer attests the original. */
      attested: boolean;
    }
  /** A superior's urge may ask for an answer by a day 'YYYY-MM-DD'. */
  | { kind: 'urged'; taskId?: string; step?: string; answerBy?: string }
  | { kind: 'urgeAnswered'; taskId: string; step: string; urgeSeq: number; late: boolean }
  /** The day of answer has passed without one; the task is still open. */
  | { kind: 'urgeUnanswered'; taskId: string; step: string; urgeSeq: number; answerBy: string }
  /** No person has moved the case since that instant (ISO 8601), for as long as its policy says (A4). */
  | { kind: 'stale'; since: string }
  /** 委派: a colleague looks into the task and answers, then it is the delegator's again. */
  | { kind: 'delegated'; taskId: string; step: string; to: string }
  | { kind: 'delegationEnded'; taskId: string; step: string; how: 'answered' | 'withdrawn' }
  /** Who had the task in hand no longer holds the office, so that claim, assignment and delegation of these persons end. */
  | { kind: 'vacated'; taskId: string; step: string; persons: readonly string[] }
  /** 征求意见: another organisation is asked before the decision; it moves neither the task nor its deadline. */
  | { kind: 'consulted'; consultationId: string; taskId: string; step: string; organisationId: string; dueDate: string }
  | { kind: 'consultationAnswered'; consultationId: string; step: string; late: boolean }
  /** The opinion's date has passed without one. */
  | { kind: 'consultationReminded'; consultationId: string; taskId: string; step: string; organisationId: string; dueDate: string }
  /** A province acknowledges a school's report 备案 of a transfer, asks for missing particulars, and is answered. */
  | { kind: 'noticeReceived' | 'noticeQueried' | 'noticeAnswered'; fromSchoolId: string; provinceId: string }
  /** The school held the paper dossier against the electronic one after the change, on that day 'YYYY-MM-DD' (Art 3, R-02). */
  | { kind: 'paperChecked'; on: string }
  | { kind: 'copied'; to: string }
  | { kind: 'commented'; mentions?: readonly string[] }
  /** Student or guardian do not agree (A21); their words are the act's text. */
  | { kind: 'objected'; objector: 'student' | 'guardian' }
  /** An amended calendar moved the deadline of a task after it was escalated (A8); 'YYYY-MM-DD'. */
  | { kind: 'deadlineMoved'; taskId: string; step: string; visit: number; dueFrom: string; dueTo: string; calendarVersion: number };

export type ActBody = ProcessAct | NoteAct;
export type ActKind = ActBody['kind'];

/** An act as it stands in its request's stream. */
export type Act = ActBody & {
  readonly seq: number;
  readonly at: number;
  readonly by?: ActedBy;
  /** The absent person in whose office a proxy 代理 acted; `by` is the proxy. */
  readonly onBehalfOfPerson?: string;
  /** Of an act by a service account 服务账号: the administrator who issued its key. */
  readonly accountIssuedBy?: string;
};
