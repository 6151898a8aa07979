import type { Logger } from 'pino';
import { wakeOrder } from '../cases/order-wakes.js';
import { wakeOne, workflowIdOf, type WakeDeps } from '../cases/wakes.js';
import type { Nearer } from './nearer-wakes.js';

type Deps = WakeDeps & { readonly log: Logger };

const KIND = 'calendarAmended';

/** Wakes a case for an amended calendar. If the wake fails, the reconciler reads the cursor and wakes the case. */
export const wakeCase = (deps: Deps, { requestId, kind, number }: Nearer): Promise<void> =>
  unlessAway(deps, number, wakeOne(deps, { requestId, kind: KIND, workflowId: workflowIdOf(kind, number) }));

/** The same with an order 责令. */
export const wakeOrderAnew = (deps: Deps, orderId: string): Promise<void> => unlessAway(deps, orderId, wakeOrder(deps, orderId, KIND));

const unlessAway = ({ log }: Deps, which: string, woken: Promise<void>): Promise<void> =>
  woken.catch((error: unknown) => log.error({ err: error, which }, 'a process could not be woken'));
