import type { Outcome, Verdict } from './acts.js';
import type { Claim } from './claims.js';
import type { OpinionsAsked } from './consultations.js';
import type { Capacity, Route, RouteStep } from '../procedure/procedure.js';
import type { Office } from '../offices.js';
import type { Allowance } from './remaining.js';
import type { Visit } from './visits.js';
import { instantOf } from '../working-days.js';

/** An open task of a case. */
export interface OpenTask extends Allowance {
  readonly taskId: string;
  readonly step: string;
  readonly visit: number;
  readonly supplement: boolean;
  readonly capacities: readonly Capacity[];
  readonly holder: string;
  readonly onBehalfOf?: string;
  readonly office: Office;
  readonly arrivedOn: string;
  readonly ladder: readonly string[];
  /** Reminders and escalations that have gone out: `remind:3`, `escalate:1`. */
  readonly sent: readonly string[];
  readonly escalatedTo: readonly string[];
  readonly assignee?: string;
  /** Lapses without an act: to be asked with `claimantOf`. */
  readonly claim?: Claim;
  /** A colleague looks into it for the delegator; until it ends nobody decides. */
  readonly delegation?: { readonly to: string; readonly by: string };
  readonly version: number;
}

/** The last decision of a step and who made it, which that person may take back while nobody has gone on from it. */
export interface LastDecision {
  readonly taskId: string;
  readonly seq: number;
  readonly verdict: Verdict;
  readonly to?: string;
  readonly personId?: string;
  /** The absent person in whose office a proxy decided. */
  readonly principalId?: string;
  readonly holder: string;
  readonly office: Office;
}

export interface StepState {
  /** The visit that runs or comes next; a return makes it one more. */
  readonly visit: number;
  readonly status: 'waiting' | 'open' | 'approved' | 'rejected' | 'returned' | 'supplementing';
  readonly task?: OpenTask;
  readonly returns: number;
  readonly supplements: number;
  /** Each visit so far, from which the remaining working days follow (A9). */
  readonly spent: readonly Visit[];
  /** Persons who decided it, and those in whose office a proxy did. */
  readonly deciders: readonly string[];
  readonly decision?: LastDecision;
  /** The organisation to which an operator redirected it; else the route's. */
  readonly redirectedTo?: string;
  /** When the status last changed, epoch milliseconds. */
  readonly since: number;
}

/** Who holds a case, a request or the operator, and since when (epoch milliseconds). */
export interface Holding {
  readonly by: string;
  readonly cause: string;
  readonly at: number;
}

/** The state of a case: nothing but a fold of its acts. */
export interface CaseState {
  readonly route: Route;
  /** Sequence of the last process act folded; 0 before any. */
  readonly seen: number;
  /** Moves with holder, evidence, supplement and decision; not with reminders, urges, claims or deadlines. */
  readonly version: number;
  readonly steps: Readonly<Record<string, StepState>>;
  /** Who stands in whose place since a merger or closure, by the former organisation's id. */
  readonly inPlaceOf: Readonly<Record<string, string>>;
  /** Decided to end this way, not yet closed. */
  readonly ending?: Outcome;
  readonly parked?: { readonly what: 'effect' | 'step'; readonly cause: string; readonly step?: string; readonly at: number };
  /** Approved, and not in force before this day 'YYYY-MM-DD' (A20); since when it waits (epoch milliseconds). */
  readonly scheduled?: { readonly until: string; readonly at: number };
  /** Another request of the student holds this one (A16), or an operator has paused it; it goes on when nobody holds it any more. */
  readonly held?: Holding;
  readonly holds: readonly Holding[];
  /** Organisations asked for an opinion 征求意见, by the consultation's id. */
  readonly consultations: OpinionsAsked;
  /** Persons who stated the case and handed in its evidence where the process had asked: they are its filers. */
  readonly statedBy?: readonly string[];
  readonly effected: boolean;
  readonly closed?: Outcome;
}

const FRESH: StepState = { visit: 1, status: 'waiting', returns: 0, supplements: 0, spent: [], deciders: [], since: 0 };

/** As after a return, though nobody has returned it: its filer is to hand in first. */
const ASKED: StepState = { ...FRESH, status: 'returned' };

/** A case before its first act. */
export const newCase = (route: Route): CaseState => ({
  route,
  seen: 0,
  version: 0,
  steps: Object.fromEntries(route.steps.map((step, nth) => [step.id, route.beginsWithFiler && nth === 0 ? ASKED : FRESH])),
  inPlaceOf: {},
  holds: [],
  consultations: {},
  effected: false,
});

/** The organisation that stands now where one of the route stood: itself, or whoever followed it, to the end. */
export function standsNow(state: Pick<CaseState, 'inPlaceOf'>, organisationId: string): string {
  let id = organisationId;
  for (let steps = 0; steps < 10; steps += 1) id = state.inPlaceOf[id] ?? id;
  return id;
}

/** Whose moves the filer's are: the organisation that filed, or who stands in its place. */
export const filerNow = (state: CaseState): string => standsNow(state, state.route.filer.organisationId);

export const stepOf = (state: CaseState, id: string): StepState => state.steps[id] ?? FRESH;

export const openTasks = (state: CaseState): OpenTask[] => state.route.steps.flatMap((step) => stepOf(state, step.id).task ?? []);

export const taskOf = (state: CaseState, taskId: string): OpenTask | undefined => openTasks(state).find((task) => task.taskId === taskId);

/** Every step approved: from here only an operator may cancel, and the filer recall what waits for its day, before the effect. */
export const fullyApproved = (state: CaseState): boolean => state.route.steps.every((step) => stepOf(state, step.id).status === 'approved');

/** The steps of the stage that runs now. */
export function currentStage(state: CaseState): RouteStep[] {
  const first = state.route.steps.find((step) => stepOf(state, step.id).status !== 'approved');
  return first ? state.route.steps.filter((step) => step.stage === first.stage) : [];
}

const stageOf = ({ route }: CaseState, id: string): number => route.steps.find((step) => step.id === id)?.stage ?? Infinity;

/** The steps of the stages after this step's. */
export const stepsAfter = (state: CaseState, id: string): RouteStep[] =>
  state.route.steps.filter(({ stage }) => stage > stageOf(state, id));
/** The steps of the stages before this step's: to each it may be returned. */
export const stepsBefore = (state: CaseState, id: string): RouteStep[] =>
  state.route.steps.filter(({ stage }) => stage < stageOf(state, id));

/** Who decides a step when it opens: the route's organisation, or the one to which an operator redirected it. */
export const decidesAt = (state: CaseState, step: RouteStep): string => stepOf(state, step.id).redirectedTo ?? step.organisationId;

/** Names the operator among those who hold a case; the others are requests. */
export const OPERATOR = 'operator';

export const isPausedBy = ({ holds }: CaseState, by: string): boolean => holds.some((one) => one.by === by);

/** Why an open case may stand still. */
export const HOLDS = ['effectParked', 'stepParked', 'paused', 'awaitingSupplement', 'awaitingEffect'] as const;

export interface Hold {
  readonly kind: (typeof HOLDS)[number];
  readonly cause: string;
  readonly since: number;
  /** Of what waits for its day: that day 'YYYY-MM-DD'. */
  readonly until?: string;
}

/** The instant at which an approved change that waits takes effect: 00:00 in Asia/Shanghai of its day (A20). */
export const takesEffectAt = ({ scheduled }: Pick<CaseState, 'scheduled'>): number | undefined => scheduled && instantOf(scheduled.until);

/** Why nothing moves, in the words outside clients know; null when the case is with a reviewer. */
export function holdOf(state: CaseState): Hold | null {
  const { parked, scheduled, held: by } = state;
  if (state.closed || state.ending) return null;
  if (by) return { kind: 'paused', cause: by.cause, since: by.at };
  if (parked) return { kind: parked.what === 'effect' ? 'effectParked' : 'stepParked', cause: parked.cause, since: parked.at };
  if (scheduled) return { kind: 'awaitingEffect', cause: 'not-yet-in-force', since: scheduled.at, until: scheduled.until };
  const undecided = currentStage(state).filter(({ id }) => stepOf(state, id).status !== 'approved');
  const returned = undecided.filter(
    ({ id }) => ['returned', 'supplementing'].includes(stepOf(state, id).status) && stepOf(state, id).since > 0,
  );
  if (returned.length === 0 || returned.length < undecided.length) return null;
  return {
    kind: 'awaitingSupplement',
    cause: returned.map(({ id }) => id).join(' '),
    since: Math.max(...returned.map(({ id }) => stepOf(state, id).since)),
  };
}
