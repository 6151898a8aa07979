import { spreadOverHalfHour } from './agenda.js';
import type { Kind } from '../procedure/procedure.js';
import type { ActedBy } from './acts.js';
import { holds, type Actor, type OfficeAt } from '../offices.js';
import { refusal, type Refusal } from '../refusal.js';
import { addDays, addWorkingDays, dateOf, instantOf, type PlainDate, type WorkingCalendar } from '../working-days.js';

/** `open`: the school has yet to answer; `replied`: its written reply waits for the authority. The other two end the order. */
export const ORDER_STATES = ['open', 'replied', 'answered', 'withdrawn'] as const;
export type OrderStatus = (typeof ORDER_STATES)[number];

/** What happened to an order 责令 (A18, Art 5). Codes and ids only; findings, replies and reasons stand beside the acts. */
export type OrderActBody =
  | {
      kind: 'ordered';
      authorityId: string;
      schoolId: string;
      studentId?: string;
      /** The kind of change request that the school is to file for the student. */
      changeKind?: Kind;
      dueDate: PlainDate;
      /** The school's superiors that day, nearest first, without the one who ordered: where silence climbs. */
      ladder: readonly string[];
      /** In working days: the first climb after the date, and each further one. */
      escalate: { readonly after: number; readonly every: number };
    }
  /** The school filed what was asked: that answers the order. */
  | { kind: 'filed'; requestId: string }
  /** The filing that answered was recalled, cancelled, or rejected by the school itself: the order stands again. */
  | { kind: 'reopened'; requestId: string; dueDate: PlainDate }
  /** Somebody else rejected the filing that answered: the school has done what was asked, and the order stays answered. */
  | { kind: 'filingRejected'; requestId: string }
  /**
   * The order passes to the school's successor, or to the authority that acts `onBehalf` of a closed school (Art 12, A25). `ladder`: the
   * other's superiors, nearest first, without the one who ordered.
   */
  | { kind: 'rerouted'; from: string; to: string; ladder: readonly string[]; onBehalf: boolean; changeId?: string }
  | { kind: 'replied' }
  | { kind: 'ruled'; verdict: 'accept' }
  | { kind: 'ruled'; verdict: 'refuse'; dueDate: PlainDate }
  | { kind: 'withdrawn' }
  | { kind: 'escalated'; level: number; to: string };

export type OrderAct = OrderActBody & { readonly seq: number; readonly at: number; readonly by?: ActedBy };

/** The state of an order: nothing but a fold of its acts. */
export interface OrderState {
  readonly status: OrderStatus;
  readonly seq: number;
  readonly authorityId: string;
  /** The school that is to answer: the one that was ordered, or its successor. */
  readonly schoolId: string;
  /** The authority that answers for the school since its closure (A25). */
  readonly actingId?: string;
  readonly dueDate: PlainDate;
  readonly ladder: readonly string[];
  readonly escalate: { readonly after: number; readonly every: number };
  readonly escalatedTo: readonly string[];
  /** How many levels had been told when the present date was set: a new date gives the next level its own wait. */
  readonly toldBefore: number;
  readonly requestId?: string;
}

const withDate = (state: OrderState, dueDate: PlainDate): OrderState => ({
  ...state,
  status: 'open',
  dueDate,
  requestId: undefined,
  toldBefore: state.escalatedTo.length,
});

/** Who is to answer the order now: the school, or the authority that acts for it. */
export const answererOf = ({ actingId, schoolId }: OrderState): string => actingId ?? schoolId;

/** How far silence has climbed stays, now to the superiors of whoever is to answer. */
function passedOn(state: OrderState, { to, ladder, onBehalf }: Extract<OrderAct, { kind: 'rerouted' }>): OrderState {
  const escalatedTo = ladder.slice(0, state.escalatedTo.length);
  const toldBefore = Math.min(state.toldBefore, escalatedTo.length);
  return { ...state, ladder, escalatedTo, toldBefore, ...(onBehalf ? { actingId: to } : { schoolId: to, actingId: undefined }) };
}

function applied(state: OrderState, act: OrderAct): OrderState {
  switch (act.kind) {
    case 'ordered':
    case 'filingRejected':
      return state;
    case 'rerouted':
      return passedOn(state, act);
    case 'filed':
      return { ...state, status: 'answered', requestId: act.requestId };
    case 'replied':
      return { ...state, status: 'replied' };
    case 'reopened':
      return withDate(state, act.dueDate);
    case 'ruled':
      return act.verdict === 'accept' ? { ...state, status: 'answered' } : withDate(state, act.dueDate);
    case 'withdrawn':
      return { ...state, status: 'withdrawn' };
    case 'escalated':
      return { ...state, escalatedTo: [...state.escalatedTo, act.to] };
  }
}

export const foldOrder = (state: OrderState, act: OrderAct): OrderState => ({ ...applied(state, act), seq: act.seq });

/** The state of an order from all its acts; the first must be `ordered`. */
export function orderOf(acts: readonly OrderAct[]): OrderState {
  const [first, ...rest] = acts;
  if (first?.kind !== 'ordered') throw new Error('an order begins with an ordered act');
  const { authorityId, schoolId, dueDate, ladder, escalate, seq } = first;
  const begun: OrderState = {
    status: 'open',
    seq,
    authorityId,
    schoolId,
    dueDate,
    ladder,
    escalate,
    escalatedTo: [],
    toldBefore: 0,
  };
  return rest.reduce(foldOrder, begun);
}

/** One level of climbing, from 1, and when it is due (epoch milliseconds). */
export interface Climb {
  readonly level: number;
  readonly to: string;
  readonly at: number;
}

/** Whom silence still climbs to, the next first: from 09:00 on working days after the date, each level once (A4, A18). */
export function climbsOf(state: OrderState, calendar: WorkingCalendar, orderId: string): Climb[] {
  if (state.status !== 'open') return [];
  const { ladder, escalatedTo, toldBefore, dueDate, escalate } = state;
  return ladder.slice(escalatedTo.length).map((to, i) => {
    const level = escalatedTo.length + i + 1;
    const { date } = addWorkingDays(calendar, dueDate, escalate.after + (level - 1 - toldBefore) * escalate.every);
    return { level, to, at: instantOf(date, 9) + spreadOverHalfHour(orderId) };
  });
}

/** From the midnight after its date an unanswered order is overdue. */
export const isOverdue = (status: OrderStatus, dueDate: PlainDate, now: number): boolean =>
  status === 'open' && now >= instantOf(addDays(dueDate, 1));

/** The date of an order that stands again: its own, or today when that has passed. */
export const dateAgain = ({ dueDate }: OrderState, now: number): PlainDate => (dueDate > dateOf(now) ? dueDate : dateOf(now));

export type OrderTodo =
  | { readonly do: 'end'; readonly outcome: OrderStatus }
  | { readonly do: 'escalate'; readonly level: number }
  | { readonly do: 'wait'; readonly until?: number };

/** The next move of an order's process: pure, from where it stands and the present instant. */
export function nextOfOrder({ status, climbs }: { status: OrderStatus; climbs: readonly Climb[] }, now: number): OrderTodo {
  if (status === 'answered' || status === 'withdrawn') return { do: 'end', outcome: status };
  const climb = climbs[0];
  return climb && climb.at <= now ? { do: 'escalate', level: climb.level } : { do: 'wait', until: climb?.at };
}

/** The offices in which an order is answered in writing. */
export const repliersOf = ({ schoolId, actingId }: OrderState): OfficeAt[] =>
  actingId
    ? [{ office: 'authoritySupervisor', organisationId: actingId }]
    : (['schoolClerk', 'schoolReviewer'] as const).map((office) => ({ office, organisationId: schoolId }));

export type OrderMove = 'reply' | 'rule' | 'withdraw';

/**
 * Whether a person may make this move now:
 * 1. The school, or a supervisor of the authority that acts for it, replies.
 * 2. The authority that ordered rules on the reply, or withdraws the order.
 */
export function orderRefusal(state: OrderState, move: OrderMove, actor: Actor): Refusal | undefined {
  const { status, authorityId } = state;
  const may =
    move === 'reply'
      ? repliersOf(state).some(({ office, organisationId }) => holds(actor, office, organisationId))
      : holds(actor, 'authoritySupervisor', authorityId);
  if (!may) return refusal('not-your-order');
  if (status === 'answered' || status === 'withdrawn') return refusal('order-closed');
  if (move === 'reply' && status === 'replied') return refusal('already-replied');
  if (move === 'rule' && status !== 'replied') return refusal('no-reply-yet');
  return undefined;
}
