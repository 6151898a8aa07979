import { dateOf } from '../../domain/working-days.js';
import type { DuplicateType } from '../../domain/dossier/duplicates.js';
import type { LedgerDeps } from '../../platform/ledger/streams.js';
import type { Transaction } from '../../platform/database/in-scope.js';

/**
 * After a duplicate was settled: of these types of likeness, findings end that no open duplicate bears out. A registration that nothing
 * holds any longer is pending again (Art 8, R-08).
 */
export async function freeOf(
  tx: Transaction,
  { clock }: Pick<LedgerDeps, 'clock'>,
  registrations: readonly string[],
  types: readonly DuplicateType[],
): Promise<void> {
  const now = new Date(clock.now());
  await tx.query(
    `update registration g set findings = array(select f from unnest(g.findings) with ordinality f (f, nth)
       where f <> all($2::text[])
         or exists (select 1 from duplicate d where d.registration_id = g.id and d.state = 'open' and f = any(d.types))
       order by nth)
     where id = any($1::uuid[])`,
    [registrations, types],
  );
  await tx.query(
    `update enrolment e set state = 'pending', since = greatest(e.since, $2::date), changed_at = $3, changed_by = null from registration g
     where g.id = any($1::uuid[]) and e.id = g.enrolment_id and e.state = 'heldDuplicate' and g.findings = '{}'
       and not exists (select 1 from duplicate d where d.registration_id = g.id and d.state = 'open')`,
    [registrations, dateOf(now.getTime()), now],
  );
}
