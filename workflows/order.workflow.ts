import {
  ApplicationFailure,
  continueAsNew,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import type { Activities } from '../activities/index.js';
import type { OrderReading } from '../activities/orders.js';
import { nextOfOrder, type OrderStatus } from '../src/domain/case/order.js';
import { addDays, instantOf } from '../src/domain/working-days.js';
import { DUE_AT, HOLDER_ORG, OVERDUE, STAGE, wake, type OrderInput } from './messages.js';
import { wokenOr } from './woken-or.js';

const acts = proxyLocalActivities<Pick<Activities, 'readOrder' | 'escalateOrder'>>({
  startToCloseTimeout: '5 seconds',
  localRetryThreshold: '3 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '1 minute' },
});

const MANY_EVENTS = 4000;

/**
 * The process of one order 责令: while the school is silent after the date, it tells the superiors, level by level. It keeps no state,
 * because each turn reads the ledger. So a lost, doubled or late wake is harmless, and a run may start again at any time.
 */
export async function order(input: OrderInput): Promise<OrderStatus> {
  const { orderId } = input;
  const show = orderStory(input);
  let wakes = 0;
  setHandler(wake, () => void (wakes += 1));
  for (;;) {
    const wakesSeen = wakes;
    let stands = await acts.readOrder({ orderId });
    let todo = nextOfOrder(stands, Date.now());
    while (todo.do === 'escalate' && stands.retryAfter === undefined) {
      stands = await acts.escalateOrder({ orderId, level: todo.level });
      todo = nextOfOrder(stands, Date.now());
    }
    if (stands.diverged) throw ApplicationFailure.nonRetryable('the ledger was restored to an earlier time', 'diverged');
    show(stands);
    if (todo.do === 'end') return todo.outcome;
    const until = stands.retryAfter === undefined ? (todo.do === 'wait' ? todo.until : undefined) : Date.now() + stands.retryAfter;
    await wokenOr(until, () => wakes !== wakesSeen, summaryOf(input, stands));
    if (workflowInfo().historyLength > MANY_EVENTS) await continueAsNew<typeof order>(input);
  }
}

const STATES = {
  open: '待办 open',
  replied: '已答复，待认定 replied',
  answered: '已落实 answered',
  withdrawn: '已撤销 withdrawn',
} as const;
const nameOf = ({ organisations }: Pick<OrderInput, 'organisations'>, id: string): string => organisations[id]?.name ?? id;

/** The names that the run was started with, and those learned since: an order may pass to an organisation unknown at its start. */
const withNames = ({ organisations }: OrderInput, { passedTo }: OrderReading): Pick<OrderInput, 'organisations'> => ({
  organisations: { ...organisations, ...passedTo?.organisations },
});

function summaryOf(input: OrderInput, stands: OrderReading): string {
  const [next] = stands.climbs;
  return next ? `逾期上报 escalate, level ${next.level}: ${nameOf(withNames(input, stands), next.to)}` : 'look again';
}

/** Keeps what an operator sees in the Temporal Web UI true, upserted only when it changes. */
function orderStory(input: OrderInput): (stands: OrderReading) => void {
  let told = '';
  return (stands) => {
    const { status, dueDate, escalatedTo } = stands;
    const known = withNames(input, stands);
    const answerer = stands.passedTo?.holder ?? input.schoolId;
    const lines = [
      `责令 Order ${input.number}: ${nameOf(known, input.authorityId)} → ${nameOf(known, answerer)}${input.kind ? `, ${input.kind}` : ''}`,
      `**${STATES[status]}, 期限 due ${dueDate}**`,
      ...escalatedTo.map((id) => `已上报 escalated to ${nameOf(known, id)}`),
    ];
    if (lines.join() === told) return;
    told = lines.join();
    setCurrentDetails(lines.join('\n\n'));
    const dueAt = instantOf(addDays(dueDate, 1));
    const holder = status === 'open' ? [answerer] : status === 'replied' ? [input.authorityId] : [];
    upsertSearchAttributes([
      { key: STAGE, value: [`order:${status}`] },
      { key: HOLDER_ORG, value: holder.map((id) => known.organisations[id]?.code ?? id) },
      { key: DUE_AT, value: holder.length === 0 ? null : new Date(dueAt) },
      { key: OVERDUE, value: status === 'open' && dueAt <= Date.now() },
    ]);
  };
}
