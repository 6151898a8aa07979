import type { Kind } from './procedure.js';

/** States of an enrolment 学籍 (state model of the matrix). Held = the person's one registration. */
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

export const isHeld = (state: EnrolmentState): boolean => state === 'active' || state === 'suspended';

const TRANSITIONS: Readonly<Record<Kind, { from: readonly EnrolmentState[]; to: EnrolmentState }>> = {
  transfer: { from: ['active'], to: 'transferredOut' },
  crossTrackTransfer: { from: ['active'], to: 'transferredOut' },
};

/** The state an effected change leads to, or undefined when the change is illegal from here (`illegal-transition`). */
export const stateAfter = (kind: Kind, from: EnrolmentState): EnrolmentState | undefined =>
  TRANSITIONS[kind].from.includes(from) ? TRANSITIONS[kind].to : undefined;
