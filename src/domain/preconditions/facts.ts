import type { Application } from '../case/acts.js';
import type { DetailsOf } from '../case/details.js';
import type { MessageCode } from '../messages/messages.js';
import type { NamedClass } from '../dossier/school-class.js';
import type { StudyPlace } from '../dossier/study.js';
import type { StudyFact } from '../dossier/study-data.js';
import type { EnrolmentState } from '../dossier/dossier.js';
import type { Policy } from '../policy/policy.js';
import type { Kind } from '../procedure/procedure.js';
import { blocker, type Blocker } from '../refusal.js';
import { addDays } from '../working-days.js';
import type { Correction } from './correction.js';

export type Track = 'vocational' | 'ordinary';

/** The enrolment that the change is about: the one on roll, else the latest. */
export interface AboutEnrolment extends Partial<Readonly<Record<StudyFact, string | null>>> {
  readonly state: EnrolmentState;
  readonly enrolledOn: string;
  readonly expectedLeavingOn: string;
  /** First day at this school. */
  readonly validFrom: string;
  /** Since when it stands as it does; no change takes effect before the one that it follows. */
  readonly since: string;
  readonly grade: string;
  readonly majorCode: string | null;
  /** Undefined where nobody asks. */
  readonly majorDirection?: string | null;
  readonly studyMode: string;
  readonly lengthYears: number;
  readonly suspendedUntil: string | null;
  /** The first day of the suspension that runs, without a break; what is changed during it moves `since`. */
  readonly suspendedSince?: string | null;
}

/** What the preconditions know of the student and the student's school. */
export interface AboutStudent {
  /** An exclusive one: neither a death, a ruling nor a change of personal information. */
  readonly openRequest: boolean;
  readonly openDeath: boolean;
  readonly openCorrection?: boolean;
  /** A ruling on a duplicate is open of which the student is one side or the other; undefined where nobody asks. */
  readonly beingRuled?: boolean;
  /** The graduation under way that names the student: its code, and the number of its case; null or undefined where there is none. */
  readonly graduation?: { readonly code: string; readonly number: string } | null;
  readonly enrolment: AboutEnrolment;
  readonly source: {
    readonly id: string;
    readonly track: Track;
    /** The school is closed, and its authority files for it (A25). */
    readonly acting?: boolean;
    /** How the school offers the major that the change is about; undefined where the kind is about none. */
    readonly offers?: StudyPlace['offers'];
    /** What its register says of the class that is named; undefined where none is. */
    readonly namedClass?: NamedClass;
    /** Of a change of major: to which intakes the catalogue has the new one open. */
    readonly catalogue?: StudyPlace['catalogue'];
    /** Its students, and how many repeat a year this year, this one included; undefined where no rule asks. */
    readonly repeating?: { readonly students: number; readonly repeats: number };
  };
  /** Undefined where no rule asks. */
  readonly birthDate?: string;
  /** Under eighteen; undefined where no rule asks. */
  readonly minor?: boolean;
  /** Name and relation of a guardian are on record; undefined unless a guardian applies. */
  readonly guardianOnRecord?: boolean;
  /** An irregularity about the student is on the register without an outcome (A18); undefined where no rule asks. */
  readonly openIrregularity?: boolean;
  /** Days for which the study was suspended so far, but for service in the army; undefined where no rule asks. */
  readonly suspendedDays?: number;
  /** Terms in which the student is registered, and not by entry: first day and last day to register. */
  readonly registeredTerms?: readonly { readonly firstDay: string; readonly dueDate: string }[];
  /** How often the present enrolment was suspended, and a year repeated. */
  readonly suspensions: number;
  readonly repeats: number;
}

/** An earlier request of the student that this one cites. */
export interface CitedRequest {
  readonly kind: string;
  readonly state: string;
  /** Whether nothing of what it changed was changed again since, but what was undone already. */
  readonly isLatest: boolean;
  /** Of a graduation: whether a certificate of it was handed over and is in force. */
  readonly certificateOut?: boolean;
}

/** A joint programme 联合办学: students of these majors and this intake move between these schools (Art 17, A24). */
export interface Programme {
  readonly schoolIds: readonly string[];
  readonly majorCodes: readonly string[];
  readonly intakeYear: string;
  readonly from: string;
  readonly to: string;
}

/** Of the evidence that is handed in. */
export interface EvidenceFacts {
  readonly evidence: number;
  /** Which item of the policy's list a file is said to be, and whether the filing carries that file. */
  readonly proofs?: readonly { readonly item: string; readonly handedIn: boolean }[];
  /** Some of it is not there, or was uploaded by another organisation. */
  readonly strangeEvidence?: boolean;
}

/** Of who may decide. */
export interface ReviewerFacts {
  /** Reviewers of the filing school other than the filer. */
  readonly otherReviewers: number;
  /** Reviewers of the source school other than the filer, where policy has it confirm what it decided; undefined where nobody asks. */
  readonly confirmers?: number;
}

/** Of what the details name. */
export interface NamedFacts {
  readonly cited?: CitedRequest;
  /** The joint programme that a transfer names, if there is such a one (A24). */
  readonly programme?: Programme;
  /** Of the registration that an exception names: undefined when it is not held, or not against this student. */
  readonly dispute?: { readonly beingRuled: boolean };
}

/** What a kind's preconditions look at; gathered once for the dry run and the filing alike, each part by a loader of its own. */
export interface Facts<K extends Kind = Kind> extends EvidenceFacts, ReviewerFacts, NamedFacts {
  readonly kind: K;
  readonly policy: Policy;
  readonly details: DetailsOf[K];
  readonly today: string;
  /** Undefined when a cross-track transfer names a number and a name that do not belong together. */
  readonly student?: AboutStudent;
  readonly destination?: { readonly id: string; readonly track: Track; readonly closed: boolean };
  /** Of a correction of personal information, and of an exception that amends some. */
  readonly correction?: Correction;
  readonly application?: Application;
}

/** A precondition on what the filer knows: its own office, evidence and details. */
export type OwnRule<K extends Kind> = (facts: Facts<K>) => Blocker | readonly Blocker[] | undefined;
/** A precondition on the student, whom the filer of a cross-track transfer may not see. */
export type StudentRule<K extends Kind> = (student: AboutStudent, facts: Facts<K>) => Blocker | readonly Blocker[] | undefined;

/** A rule with every code by which it refuses; of those for every kind, which kinds it never refuses. */
export interface Coded<Rule> {
  readonly codes: readonly [MessageCode, ...MessageCode[]];
  readonly check: Rule;
  readonly never?: ReadonlySet<Kind>;
}
export const coded = <Rule>(codes: MessageCode | Coded<Rule>['codes'], check: Rule, never?: ReadonlySet<Kind>): Coded<Rule> => ({
  codes: typeof codes === 'string' ? [codes] : codes,
  check,
  never,
});

/** The preconditions of one kind, by name. */
export interface Rules<K extends Kind> {
  readonly own: Readonly<Record<string, Coded<OwnRule<K>>>>;
  readonly student: Readonly<Record<string, Coded<StudentRule<K>>>>;
}

export const outOfRange = blocker('effective-date-out-of-range', 'filer', '/details/effectiveOn');

/** A year ahead at most; back as far as policy says (A20). */
export const withinAYear = (on: string, today: string, { effectiveDaysBack }: Pick<Policy, 'effectiveDaysBack'>): boolean =>
  on >= addDays(today, -effectiveDaysBack) && on <= addDays(today, 365);

/** No change takes effect before the one that it follows, nor on the very day on which the enrolment begins. */
export const followsThePresent = (on: string, { validFrom, since }: Pick<AboutEnrolment, 'validFrom' | 'since'>): boolean =>
  on > validFrom && on >= since;

/** Whether a change may take effect on a day: the filer's `effectiveOn` and the first day of a placement, which is its default, alike. */
export const mayTakeEffectOn = (
  on: string,
  enrolment: Pick<AboutEnrolment, 'validFrom' | 'since'>,
  today: string,
  policy: Pick<Policy, 'effectiveDaysBack'>,
): boolean => followsThePresent(on, enrolment) && withinAYear(on, today, policy);
