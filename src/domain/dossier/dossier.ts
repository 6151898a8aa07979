import type { Kind } from '../procedure/procedure.js';

/** States of an enrolment 学籍 (state model of the matrix). On roll 在籍 is the person's one registration. */
export const ENROLMENT_STATES = [
  'heldDuplicate',
  'pending',
  'active',
  'suspended',
  'transferredOut',
  'withdrawn',
  'deregistered',
  'deceased',
  'completed',
  'graduated',
  'advanced',
] as const;
export type EnrolmentState = (typeof ENROLMENT_STATES)[number];

export const isOnRoll = (state: EnrolmentState): boolean => state === 'active' || state === 'suspended';

/**
 * From which states a kind may start, and where its effect leads. `same` leaves the state as it is; `registered` makes who is not held yet
 * active; `asFound` leads back to what the undone change found.
 */
export interface Transition {
  readonly from: readonly EnrolmentState[];
  readonly to: EnrolmentState | 'same' | 'registered' | 'asFound';
}

const HELD: readonly EnrolmentState[] = ['active', 'suspended'];
/** On its way to a registration. 退学 ends a 学籍, which these have not got yet: a registration that comes to nothing is voided (注销, A10). */
const COMING: readonly EnrolmentState[] = ['pending', 'heldDuplicate'];

export const TRANSITIONS: Readonly<Record<Kind, Transition>> = {
  transfer: { from: ['active'], to: 'transferredOut' },
  crossTrackTransfer: { from: ['active'], to: 'transferredOut' },
  repeatYear: { from: ['active'], to: 'same' },
  changeMajor: { from: ['active'], to: 'same' },
  changeStudyMode: { from: ['active'], to: 'same' },
  suspension: { from: ['active'], to: 'suspended' },
  resumption: { from: ['suspended'], to: 'active' },
  withdrawal: { from: HELD, to: 'withdrawn' },
  deregistration: { from: [...HELD, ...COMING], to: 'deregistered' },
  death: { from: [...HELD, ...COMING], to: 'deceased' },
  // Personal information is put right at any time, also of who has left (state model: "except info correction").
  infoCorrection: { from: [...HELD, 'withdrawn', 'deregistered', 'deceased', 'completed', 'graduated', 'advanced'], to: 'same' },
  // Study data are of who studies, also while the study is suspended.
  studyCorrection: { from: HELD, to: 'same' },
  // Also the other side, registered or not, states its assertion of the person (Art 11); who is held already stays so.
  registrationException: { from: ['heldDuplicate', 'pending', ...HELD], to: 'registered' },
  // Whoever was suspended, held as a duplicate or at another school is so again (A19).
  reinstatement: {
    from: [...HELD, 'transferredOut', 'withdrawn', 'deregistered', 'deceased', 'completed', 'graduated', 'advanced'],
    to: 'asFound',
  },
};

/** Of the versions of an enrolment that has ended, oldest first, the one that the end found. */
export const foundByTheEnd = <V extends { readonly state: EnrolmentState }>(versions: readonly V[]): V | undefined =>
  versions.findLast(({ state }) => [...HELD, ...COMING].includes(state));

/**
 * The state an effected change leads to, or undefined when the change is illegal from here (`illegal-transition`). `found` is the state
 * that a reinstatement reopens.
 */
export function stateAfter(kind: Kind, from: EnrolmentState, found: EnrolmentState = 'active'): EnrolmentState | undefined {
  const { from: allowed, to } = TRANSITIONS[kind];
  if (!allowed.includes(from)) return undefined;
  if (to === 'same') return from;
  if (to === 'registered') return isOnRoll(from) ? from : 'active';
  return to === 'asFound' ? found : to;
}
