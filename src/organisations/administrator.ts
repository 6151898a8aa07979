import { organisationsOf, memberOf } from '../platform/access/caller.js';
import { Problem } from '../platform/http/problem.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { Actor, Level } from '../domain/offices.js';
import type { By } from '../platform/ledger/streams.js';

/**
 * In which office the actor may appoint at an organisation: as administrator of it or of its parent (A22). Locks the organisation's
 * row, which is the lock of its stream.
 * @throws Problem not-your-office or not-found
 */
export async function administratorOf(tx: Transaction, actor: Actor, organisationId: string): Promise<{ by: By; level: Level }> {
  const mine = organisationsOf(actor, 'orgAdmin');
  const [row] = await tx.query<{ at: string; level: Level }[]>(
    `select case when parent_id = any($2) then parent_id else id end as at, level from organisation where id = $1 and (id = any($2)
      or parent_id = any($2)) for update`,
    [organisationId, mine],
  );
  if (!row) throw new Problem(mine.length === 0 ? 'not-your-office' : 'not-found');
  return { by: { personId: actor.personId, office: 'orgAdmin', organisationId: row.at }, level: row.level };
}

/** An organisation's appointments are for its own people and its superiors. @throws Problem not-found */
export async function mustSeeOrganisation(tx: Transaction, actor: Actor, organisationId: string): Promise<void> {
  const [seen] = await tx.query<unknown[]>('select 1 from organisation where id = $1 and (id = any($2) or ancestors && $2)', [
    organisationId,
    memberOf(actor),
  ]);
  if (!seen) throw new Problem('not-found');
}
