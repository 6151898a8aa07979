import type { Rung } from './ladder.js';
import type { Office } from '../offices.js';

/** Kinds of change request, an extensible registry (Art 12 "等", A19): a new kind is one entry in each table that is keyed by `Kind`. */
export const KINDS = [
  'transfer',
  'crossTrackTransfer',
  'repeatYear',
  'changeMajor',
  'changeStudyMode',
  'suspension',
  'resumption',
  'withdrawal',
  'deregistration',
  'death',
  'infoCorrection',
  'studyCorrection',
  'registrationException',
  'reinstatement',
] as const;
export type Kind = (typeof KINDS)[number];

/** Cases about a batch 批次 of students. A slice of their own opens them when the school submits; nobody files them by kind. */
export const BATCH_CASE_KINDS = ['intake', 'graduation'] as const;
export type BatchKind = (typeof BATCH_CASE_KINDS)[number];

/** With what the process itself opens and nobody files, the ruling on a duplicate, and with batches. */
export const CASE_KINDS = [...KINDS, 'duplicateRuling', ...BATCH_CASE_KINDS] as const;
export type CaseKind = (typeof CASE_KINDS)[number];

/** Whether the subject of a case is a batch, and no single student. */
export const isBatch = (kind: string): kind is BatchKind => (BATCH_CASE_KINDS as readonly string[]).includes(kind);
/** Whether a case is of a kind that people file by `POST /change-requests`. */
export const isFiled = (kind: CaseKind): kind is Kind => kind !== 'duplicateRuling' && !isBatch(kind);

/** Kinds that move a student between two schools, so that both sides decide (Art 14). */
export type TransferKind = 'transfer' | 'crossTrackTransfer';
export const isTransfer = (kind: CaseKind): kind is TransferKind => kind === 'transfer' || kind === 'crossTrackTransfer';

export const CAPACITIES = [
  'sourceSchool',
  'destinationSchool',
  'sourceAuthority',
  'destinationAuthority',
  'school',
  'authority',
  'superior',
  'notice',
  'supplement',
] as const;
/** In what capacity a holder decides a step. */
export type Capacity = (typeof CAPACITIES)[number];

/**
 * Who decides a step; the id of the step too. From `superior` on they are never in the regulation's own procedure: a province may add them
 * (A17). A superior is the authority next above the competent one within the province.
 */
export type Party =
  | 'sourceSchool'
  | 'destinationSchool'
  | 'sourceAuthority'
  | 'destinationAuthority'
  | 'school'
  | 'authority'
  | 'superior'
  | 'sourceReconfirmation'
  | 'sourceSuperior'
  | 'destinationSuperior'
  | 'sourceProvince'
  | 'destinationProvince';

/** Whose organisation decides: that of one side of a transfer, or the student's own. */
export type Side = 'source' | 'destination' | 'own';
/** The school, its competent authority, the authority next above that one, or the province. */
type Level = 'school' | 'authority' | 'superior' | 'province';

/** Where a party stands. */
interface Standpoint {
  readonly side: Side;
  readonly level: Level;
  /** In what capacity it decides. */
  readonly capacity: Capacity;
}

/** Every party once: one that is left out does not compile. */
export const PARTIES: Readonly<Record<Party, Standpoint>> = {
  sourceSchool: { side: 'source', level: 'school', capacity: 'sourceSchool' },
  destinationSchool: { side: 'destination', level: 'school', capacity: 'destinationSchool' },
  sourceAuthority: { side: 'source', level: 'authority', capacity: 'sourceAuthority' },
  destinationAuthority: { side: 'destination', level: 'authority', capacity: 'destinationAuthority' },
  school: { side: 'own', level: 'school', capacity: 'school' },
  authority: { side: 'own', level: 'authority', capacity: 'authority' },
  superior: { side: 'own', level: 'superior', capacity: 'superior' },
  sourceReconfirmation: { side: 'source', level: 'school', capacity: 'sourceSchool' },
  sourceSuperior: { side: 'source', level: 'superior', capacity: 'superior' },
  destinationSuperior: { side: 'destination', level: 'superior', capacity: 'superior' },
  sourceProvince: { side: 'source', level: 'province', capacity: 'superior' },
  destinationProvince: { side: 'destination', level: 'province', capacity: 'superior' },
};

/** Who decides on a transfer between two provinces where policy has their filing block it (A3), or wherever a province's order names it. */
export const PROVINCES = ['sourceProvince', 'destinationProvince'] as const satisfies readonly Party[];
/** Undefined of what is no party: a draft of a policy may name anything. */
export const levelOf = (party: string): Level | undefined => (PARTIES as Readonly<Partial<Record<string, Standpoint>>>)[party]?.level;
export const isProvince = (party: Party): boolean => levelOf(party) === 'province';

/** What a decision carries: the place of a student, the result of a ruling, or the rows of a batch that are returned. */
export type DecisionAsks = 'placement' | 'ruling' | 'rows';

/** One step of a procedure: who decides, in what office, in how many working days, and on which article. A closed record, no conditions. */
export interface ProcedureStep extends Standpoint {
  readonly party: Party;
  readonly title: { readonly zh: string; readonly en: string };
  readonly office: Office;
  /** Working days; the national bound of Art 14–16 is 10 (A17). */
  readonly workingDays: number;
  readonly onOverdue: 'remindThenEscalate';
  /** Data the decision carries besides verdict and opinion. */
  readonly asks?: DecisionAsks;
  readonly article: string;
}

/** The regulation's procedure for one kind; a route is made from it at filing and frozen there. */
export interface Procedure<K extends CaseKind = Kind> {
  readonly kind: K;
  readonly version: number;
  readonly title: { readonly zh: string; readonly en: string };
  readonly article: string;
  /** Which party files. Fixed by the regulation: a policy may not move it (A17). */
  readonly filedBy: 'sourceSchool' | 'destinationSchool' | 'school';
  readonly steps: readonly ProcedureStep[];
  /** Steps that a province may add, never remove (A17). */
  readonly mayAdd: readonly ProcedureStep[];
  /** In place of the student's own school and its authority, where the change concerns two schools: both sides decide. */
  readonly bothSides?: readonly ProcedureStep[];
}

/** One step of a concrete route: organisation ids in place of parties. */
export interface RouteStep {
  readonly id: string;
  /** Steps of the same stage run side by side; a stage begins when all steps of the one before are approved. */
  readonly stage: number;
  /** More than one when the same authority stands on both sides: it decides once, in both (A1). */
  readonly capacities: readonly Capacity[];
  readonly organisationId: string;
  readonly level: Level;
  /** The organisation that answers outside this system; `organisationId` then records its sealed reply (A23). */
  readonly onBehalfOf?: string;
  readonly office: Office;
  readonly workingDays: number;
  readonly asks?: DecisionAsks;
}

/** Organisation ids: both sides of a transfer, or the student's school with its authority and province. */
export interface RouteParties {
  readonly sourceSchool?: string;
  readonly destinationSchool?: string;
  readonly sourceAuthority?: string;
  readonly destinationAuthority?: string;
  readonly sourceProvince?: string;
  readonly destinationProvince?: string;
  readonly school?: string;
  readonly authority?: string;
  readonly province?: string;
}

/** The schools of a route, the source first. */
export const schoolsOf = ({ sourceSchool, destinationSchool, school }: RouteParties): string[] =>
  [sourceSchool, destinationSchool, school].filter((id) => id !== undefined);

/** The provinces of a route, each once. */
export const provincesOf = ({ sourceProvince, destinationProvince, province }: RouteParties): string[] => [
  ...new Set([sourceProvince, destinationProvince, province].filter((id) => id !== undefined)),
];

/** The concrete way of one request, frozen in its `filed` act: rules changed later do not touch it. */
export interface Route {
  readonly kind: CaseKind;
  readonly procedureVersion: number;
  readonly policy: { readonly id: string; readonly version: number };
  /**
   * Without a person when the process itself opened the case: no person is then kept from deciding it as its filer. `onBehalfOf`: the
   * closed school for which its authority files (A25).
   */
  readonly filer: {
    readonly organisationId: string;
    readonly personId?: string;
    readonly onBehalfOf?: string;
    /** Who issued the service account that filed. */
    readonly accountIssuedBy?: string;
  };
  /** What people call the batch, for instance `2026 autumn-1`; of cases about a batch alone. No personal data. */
  readonly batch?: string;
  /** The process asked the filer, whose clerk states the case and hands in its evidence before the first step opens (A5). */
  readonly beginsWithFiler?: true;
  readonly parties: RouteParties;
  readonly steps: readonly RouteStep[];
  /** All steps together within so many working days, where a province counts them so (A2). */
  readonly totalWorkingDays?: number;
  /** Working days of a supplement's own clock (A9). */
  readonly supplementWorkingDays: number;
  /** A returned step goes on with what is left of its days, at least this many (A9). */
  readonly leastRemainingWorkingDays: number;
  /** Reminders, in working days before the due date. */
  readonly remindBefore: readonly number[];
  /** Escalation in working days after the due date: first, then one level up every so many (A4). */
  readonly escalate: { readonly after: number; readonly every: number };
  /** Which superiors of a holder it climbs to. */
  readonly escalateTo: readonly Rung[];
  /** After so many months without an act the open request counts as stale (A4); a ruling never does. */
  readonly staleAfterMonths?: number;
  /** Both provincial authorities, when they differ: on effect each school's report to them is recorded. */
  readonly noticesTo: readonly string[];
}
