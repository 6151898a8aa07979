import type { Transaction } from '../platform/database/in-scope.js';
import { nextNumberSql } from '../platform/database/numbered.js';
import { answererOf, foldOrder, orderOf, type OrderAct, type OrderActBody, type OrderState } from '../domain/case/order.js';
import { append, readStreams, type LedgerDeps, type StoredAct } from '../platform/ledger/streams.js';
import type { LivingHolder } from '../organisations/succession.js';
import type { Signature } from '../platform/ledger/acted-by.js';
import { newId } from '../platform/ledger/new-id.js';

/** An order whose row is locked, with its acts and their fold. */
export interface LoadedOrder {
  readonly id: string;
  readonly acts: readonly StoredAct[];
  readonly state: OrderState;
}

export const asOrderAct = ({ body, kind, seq, at }: StoredAct): OrderAct => ({ ...body, kind, seq, at }) as OrderAct;

/** Locks an order's row and folds its acts. In the lock order of the whole system orders come last: requests, task, student, order. */
export const lockOrder = async (tx: Transaction, id: string): Promise<LoadedOrder | undefined> => (await lockOrders(tx, [id]))[0];

/** The same for many, by ascending id. The acts are read after the locks were got, so none is missed. */
export async function lockOrders(tx: Transaction, ids: readonly string[]): Promise<LoadedOrder[]> {
  const [found, streams] = await Promise.all([
    tx.query<{ id: string }[]>('select id from supervision_order where id = any($1::uuid[]) order by id for update', [ids]),
    readStreams(tx, ids),
  ]);
  return found.map(({ id }) => {
    const acts = streams.get(id) ?? [];
    return { id, acts, state: orderOf(acts.map(asOrderAct)) };
  });
}

/** An order as it is placed, with who may read it. */
export type PlacedOrder = Omit<Extract<OrderActBody, { kind: 'ordered' }>, 'kind'> & { readonly seenBy: readonly string[] };

/** Places an order: by a supervisor, or by policy, when nobody signs. Returns its id; whoever calls wakes its process after the commit. */
export async function placeOrder(
  tx: Transaction,
  deps: LedgerDeps,
  { seenBy, ...ordered }: PlacedOrder,
  { findings, by }: { findings: string; by?: Signature },
): Promise<string> {
  const id = newId();
  const { authorityId, schoolId, studentId = null, changeKind = null, dueDate } = ordered;
  await tx.query(
    `insert into supervision_order (id, number, authority_id, school_id, student_id, kind, state, due_date, seen_by, ordered_at, last_seq)
     values ($1, ${nextNumberSql('supervision_order_number', '$8::timestamptz')}, $2,$3,$4,$5,'open',$6,$7,$8,0)`,
    [id, authorityId, schoolId, studentId, changeKind, dueDate, seenBy, new Date(deps.clock.now())],
  );
  await recordOrderAct(tx, deps, { id, acts: [] }, { kind: 'ordered', ...ordered }, { ...(by ? { by } : {}), texts: { findings } });
  return id;
}

export interface OrderActMore {
  readonly key?: string;
  readonly by?: Signature;
  readonly texts?: Readonly<Record<string, string>>;
}

/** Appends one act to a locked order and brings its row up to it: the only way an act of an order is written. */
export async function recordOrderAct(
  tx: Transaction,
  deps: LedgerDeps,
  { id, acts, state }: Pick<LoadedOrder, 'id' | 'acts'> & { state?: OrderState },
  body: OrderActBody,
  more: OrderActMore = {},
): Promise<LoadedOrder> {
  const { kind, ...rest } = body;
  const last = acts.at(-1) ?? { seq: 0, at: 0 };
  const stored = await append(tx, deps, 'order', id, last, { kind, process: true, body: rest, ...more });
  const act = asOrderAct(stored);
  const after = state ? foldOrder(state, act) : orderOf([act]);
  await tx.query(
    `update supervision_order set state = $2, due_date = $3, escalated_to = $4, request_id = $5, last_seq = $6, school_id = $8,
      acting_id = $9,
       closed_at = case when $2 in ('open','replied') then null else coalesce(closed_at, $7) end where id = $1`,
    [
      id,
      after.status,
      after.dueDate,
      after.escalatedTo,
      after.requestId ?? null,
      after.seq,
      new Date(stored.at),
      after.schoolId,
      after.actingId ?? null,
    ],
  );
  return { id, acts: [...acts, stored], state: after };
}

/**
 * Records on a locked order, once, the organisation in the school's place (Art 12, A25). From now on that organisation sees and answers the
 * order, and its superiors are told of the silence.
 */
export async function passOn(
  tx: Transaction,
  deps: LedgerDeps,
  loaded: LoadedOrder,
  { id: to, ladder, onBehalfOf }: LivingHolder,
  changeId?: string,
): Promise<LoadedOrder> {
  const from = answererOf(loaded.state);
  if (from === to) return loaded;
  const above = ladder.filter((id) => id !== loaded.state.authorityId);
  await showTo(tx, [loaded.id], [to, ...ladder]);
  const act = { kind: 'rerouted', from, to, ladder: above, onBehalf: onBehalfOf !== undefined, ...(changeId ? { changeId } : {}) } as const;
  return recordOrderAct(tx, deps, loaded, act, { key: `rerouted:${from}` });
}

/** Lets organisations read orders. */
export const showTo = (tx: Transaction, ids: readonly string[], organisationIds: readonly string[]): Promise<unknown> =>
  tx.query(`update supervision_order set seen_by = array(select distinct unnest(seen_by || $2::uuid[])) where id = any($1::uuid[])`, [
    ids,
    organisationIds,
  ]);
