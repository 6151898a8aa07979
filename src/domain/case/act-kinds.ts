import type { ActBody, ActKind } from './acts.js';

/** What holds of every act of a kind. */
interface ActTraits {
  /** A process act moves the case: it wakes the process, and cursor and fence count it. A note is on record and moves nothing. */
  readonly sort: 'process' | 'note';
  /** Whether it changes what a case is, or is on record alone. */
  readonly changes: boolean;
  /** Whether the version of the request moves, so that a decision on what was read before is refused. */
  readonly newVersion: boolean;
  /** The organisation that it names: where in its body, and under which name the timeline shows it. */
  readonly organisation?: OrganisationNamed;
  /** Whether that organisation, and its superiors where the act has them, must see the request from then on. */
  readonly seenByIt?: true;
}

interface OrganisationNamed {
  readonly in: 'holder' | 'to' | 'organisationId';
  readonly as: 'holder' | 'escalatedTo' | 'copiedTo' | 'consulted';
}

const moves = { sort: 'process', changes: true, newVersion: true } as const;
const sends = { sort: 'process', changes: true, newVersion: false } as const;
const inHand = { sort: 'note', changes: true, newVersion: false } as const;
const said = { sort: 'note', changes: false, newVersion: false } as const;

/** Every kind once: one that is left out does not compile. */
const TRAITS = {
  filed: { sort: 'process', changes: false, newVersion: true },
  opened: { ...moves, organisation: { in: 'holder', as: 'holder' }, seenByIt: true },
  decided: moves,
  supplemented: moves,
  recalled: moves,
  reassigned: moves,
  reminded: sends,
  escalated: { ...sends, organisation: { in: 'to', as: 'escalatedTo' } },
  rerouted: { ...moves, organisation: { in: 'to', as: 'holder' }, seenByIt: true },
  parked: sends,
  scheduled: moves,
  effected: moves,
  held: moves,
  continued: moves,
  superseded: moves,
  retracted: moves,
  cancelled: moves,
  extended: sends,
  redirected: { ...moves, organisation: { in: 'to', as: 'holder' }, seenByIt: true },
  retried: sends,
  closed: moves,
  claimed: inHand,
  released: inHand,
  delegated: inHand,
  delegationEnded: inHand,
  vacated: inHand,
  consulted: { ...inHand, organisation: { in: 'organisationId', as: 'consulted' }, seenByIt: true },
  consultationAnswered: inHand,
  consultationReminded: { ...said, organisation: { in: 'organisationId', as: 'consulted' } },
  copied: { ...said, organisation: { in: 'to', as: 'copiedTo' }, seenByIt: true },
  commented: said,
  objected: said,
  urged: said,
  urgeAnswered: said,
  urgeUnanswered: said,
  identityChecked: said,
  deadlineMoved: said,
  stale: said,
  noticeReceived: said,
  noticeQueried: said,
  noticeAnswered: said,
  paperChecked: said,
} as const satisfies Readonly<Record<ActKind, ActTraits>>;

/** Kinds that change nothing that a case is. */
type SaidKind = { [K in ActKind]: (typeof TRAITS)[K]['changes'] extends false ? K : never }[ActKind];

const traitsOf = (kind: ActKind): ActTraits => TRAITS[kind];

export const ACT_KINDS = Object.keys(TRAITS) as readonly ActKind[];

/** A kind that is not known counts as one that moves the case. */
export const isProcessAct = (kind: ActKind): boolean => (TRAITS as Readonly<Record<string, ActTraits>>)[kind]?.sort !== 'note';

export const movesVersion = (kind: ActKind): boolean => traitsOf(kind).newVersion;

export const isSaid = <A extends ActBody>(act: A): act is Extract<A, { kind: SaidKind }> => !traitsOf(act.kind).changes;

/** Where acts of a kind name an organisation; undefined where they name none. */
export const organisationIn = (kind: ActKind): OrganisationNamed | undefined => traitsOf(kind).organisation;

/** The organisation by which an act has the request seen; undefined where it has none. */
export function organisationThatSees(act: ActBody): string | undefined {
  const { organisation, seenByIt } = traitsOf(act.kind);
  return seenByIt && organisation ? (act as Partial<Record<OrganisationNamed['in'], string>>)[organisation.in] : undefined;
}
