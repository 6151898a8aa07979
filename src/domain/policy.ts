import type { Kind, TransferParty } from './procedure.js';

/** Preconditions that a policy switches on; all of them are common provincial practice, none is in the regulation (matrix, "C"). */
export const OPTIONAL_RULES = ['notUnderOneTerm', 'notGraduatingGrade', 'withinTransferWindow'] as const;
export type OptionalRule = (typeof OPTIONAL_RULES)[number];

/** What one kind's policy may set, within the national bounds (A17). */
export interface KindPolicy {
  /** Order of the steps (A1); a permutation of the procedure's parties. */
  readonly order: readonly TransferParty[];
  /** Both authorities at the same time (A1). */
  readonly parallelAuthorities: boolean;
  readonly workingDays: Readonly<Partial<Record<TransferParty, number>>>;
  /** How many pieces of evidence a filing needs at least (Art 14 上传证明材料). */
  readonly leastEvidence: number;
  readonly rules: readonly OptionalRule[];
}

/** A province's rules, effective-dated; a case keeps the policy of the day it was filed. */
export interface Policy {
  readonly id: string;
  readonly version: number;
  readonly kinds: Readonly<Record<Kind, KindPolicy>>;
  /** Allowed directions of a cross-track transfer (A14). */
  readonly directions: readonly ('toVocational' | 'toOrdinary')[];
  readonly supplementWorkingDays: number;
  readonly leastRemainingWorkingDays: number;
  readonly remindBefore: readonly number[];
  readonly escalate: { readonly after: number; readonly every: number };
  /** How many days back `effectiveOn` may lie (A20). */
  readonly effectiveDaysBack: number;
}

const kind = (order: readonly TransferParty[]): KindPolicy => ({
  order,
  parallelAuthorities: false,
  workingDays: {},
  leastEvidence: 1,
  rules: ['notUnderOneTerm', 'notGraduatingGrade'],
});

/** The national default: the listed order of Art 14 (A1), 10 working days each (A2), ladder of A4, clocks of A9. */
export const NATIONAL_DEFAULT: Policy = {
  id: 'national',
  version: 1,
  kinds: {
    transfer: kind(['sourceSchool', 'destinationSchool', 'sourceAuthority', 'destinationAuthority']),
    crossTrackTransfer: kind(['destinationSchool', 'sourceSchool', 'destinationAuthority', 'sourceAuthority']),
  },
  directions: ['toVocational', 'toOrdinary'],
  supplementWorkingDays: 10,
  leastRemainingWorkingDays: 3,
  remindBefore: [3, 1],
  escalate: { after: 1, every: 5 },
  effectiveDaysBack: 365,
};
