import type { EnrolmentState } from './dossier.js';

/** What the automatic check finds before a registration (Art 8, Art 11, R-08, R-11). */
export const DUPLICATE_TYPES = [
  'sameDocument',
  'documentNotFound',
  'documentNameDiffers',
  'sameNameSexBirthDate',
  'documentChanged',
  'otherRegister',
] as const;
export type DuplicateType = (typeof DUPLICATE_TYPES)[number];

/** What of a person already on record is like the person to be registered. */
export interface Likeness {
  readonly document: boolean;
  /** The document of one is a former document of the other. */
  readonly formerDocument: boolean;
  readonly name: boolean;
  readonly sex: boolean;
  readonly birthDate: boolean;
  /** Of the latest enrolment on record. */
  readonly state: EnrolmentState;
}

/** A registration that takes a place: held, or on its way to it. */
export const isLive = (state: EnrolmentState): boolean => ['heldDuplicate', 'pending', 'active', 'suspended'].includes(state);

/** Art 7: the same person in every respect, with a dossier and no living registration, who is continued and not registered anew. */
export const isToContinue = (like: Likeness): boolean =>
  like.document && like.name && like.sex && like.birthDate && !isLive(like.state) && like.state !== 'deceased';

/** The types by which two records are duplicates of one another; empty when they are not. */
export function typesOf(like: Likeness): DuplicateType[] {
  const types: DuplicateType[] = [];
  if (like.document) types.push('sameDocument');
  if (like.document && !like.name) types.push('documentNameDiffers');
  if (!like.document && like.name && like.sex && like.birthDate) types.push('sameNameSexBirthDate');
  if (!like.document && like.formerDocument) types.push('documentChanged');
  return types;
}

/** Two records that say they are one person: both can't be registered, whatever else is proved. */
export const areOnePerson = (types: readonly DuplicateType[]): boolean =>
  types.includes('sameDocument') || types.includes('documentChanged');

/** Namesakes 同名: alike by name, sex and birth date alone, and both authenticated with documents of their own. A note, not a hold. */
export const areNamesakes = (types: readonly DuplicateType[], authenticated: boolean): boolean =>
  authenticated && types.every((type) => type === 'sameNameSexBirthDate');

/** What the common superior, or the one authority of both sides, may rule; A is the record found, B the registration held (A5). */
export const RULINGS = ['keepA', 'keepB', 'twoPersons', 'voidBoth'] as const;
export type Ruling = (typeof RULINGS)[number];

/** State of one side's assertion; `none` also after it was recalled. */
export type AssertionState = 'none' | 'open' | 'approved' | 'rejected';

/** What an approved assertion knows of the other side. */
export interface OtherSide {
  readonly assertion: AssertionState;
  /** Whether the other record takes a place. */
  readonly live: boolean;
  /** Whether both records, with the amendments of this assertion, say that they are one person. */
  readonly onePerson: boolean;
  /** Whether the authority decided this assertion too. An authority that has both sides decides once, by ruling. */
  readonly authorityDecided: boolean;
}

/**
 * What an approved assertion does about one other side (Art 11, A5). Nobody wins or loses by silence.
 * 1. `clear`: undisputed, or the other side was rejected. This side registers.
 * 2. `ask`: the other side is asked for its assertion. Its silence is escalated to its own superiors.
 * 3. `wait`: the other assertion is being decided.
 * 4. `rule`: both stand, or one authority has both. A ruling decides.
 */
export function nextOfAssertion({ assertion: claim, live, onePerson, authorityDecided }: OtherSide): 'clear' | 'ask' | 'wait' | 'rule' {
  if (claim === 'open') return 'wait';
  if (claim === 'approved') return 'rule';
  if (claim === 'none' && live && onePerson) return 'ask';
  return authorityDecided ? 'clear' : 'rule';
}
