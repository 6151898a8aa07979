import { afterCommit, type Transaction } from '../../platform/database/in-scope.js';
import type { CaseDeps } from '../../cases/cases.store.js';
import type { RequestRow } from '../../cases/read-model.js';
import { workflowIdOf } from '../../cases/wakes.js';

/**
 * Claims that wait for what has just been decided look again as soon as it is committed. Their cursor says so too: should the wake be lost,
 * the reconciler finds them within a minute or so.
 */
export async function wakeAssertions(
  tx: Transaction,
  deps: CaseDeps,
  { id, details }: Pick<RequestRow, 'details'> & { readonly id?: string },
): Promise<void> {
  const [waiting] = await tx.query<[Pick<RequestRow, 'id' | 'kind' | 'number'>[], number]>(
    `update process_cursor c set next_wake_at = $3 from change_request r
     where r.id = c.request_id and r.kind = 'registrationException' and r.state = 'open' and r.details ->> 'registrationId' = $1
       and r.id is distinct from $2 returning r.id, r.kind, r.number`,
    [details.registrationId, id ?? null, new Date(deps.clock.now())],
  );
  for (const { id: requestId, kind, number } of waiting)
    afterCommit(tx, () => deps.wake?.({ requestId, kind: 'counterClaimSettled', workflowId: workflowIdOf(kind, number) }));
}
