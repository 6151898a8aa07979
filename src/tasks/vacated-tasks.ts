import type { DataSource } from 'typeorm';
import { HOLDS_OFFICE_AT } from '../platform/access/offices.sql.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { eachInTurn } from '../platform/each.js';
import { taskOf } from '../domain/case/case.js';
import { lockCase, record, type CaseDeps } from '../cases/cases.store.js';

const AT_ONCE = 500;

interface InHand {
  id: string;
  requestId: string;
  persons: string[];
}

/** Persons who have an open task in hand and do not hold its office at an instant ($1), or whose account is disabled. */
export const VACATED = (of = ''): string => `
  select t.id, t.request_id as "requestId", array_agg(distinct t.person_id) as persons from (
    select id, request_id, holder_id, office, assignee_id as person_id from task where state = 'open' and assignee_id is not null
    union all
    select id, request_id, holder_id, office, claimant_id from task where state = 'open' and claimant_id is not null
    union all
    select id, request_id, holder_id, office, delegate_id from task where state = 'open' and delegate_id is not null) t
  where not exists (select 1 from office o join person p on p.id = o.person_id and p.disabled_at is null
      where o.person_id = t.person_id and o.organisation_id = t.holder_id and o.office = t.office and ${HOLDS_OFFICE_AT('o', '$1')}) ${of}
  group by t.id, t.request_id order by t.id limit ${AT_ONCE}`;

/**
 * Gives tasks back to their office whose holder has left it, so that nobody's name bars colleagues for days. The office gets one notice.
 * Offices end by the clock too, so they are looked for and not only heard of. True when there may be more.
 */
export async function giveBackVacated(deps: CaseDeps & { readonly db: DataSource }): Promise<boolean> {
  const { db, clock } = deps;
  const found = await inScope(db, 'process', (tx) => tx.query<InHand[]>(VACATED(), [new Date(clock.now())]));
  await eachInTurn(found, ({ id, requestId }) => inScope(db, 'process', (tx) => giveBack(tx, deps, id, requestId)));
  return found.length === AT_ONCE;
}

/** Under the request's lock: who decided or reassigned the task meanwhile has settled it. */
async function giveBack(tx: Transaction, deps: CaseDeps, id: string, requestId: string): Promise<void> {
  const loaded = await lockCase(tx, requestId);
  const task = loaded && taskOf(loaded.state, id);
  const [still] = await tx.query<InHand[]>(VACATED('and t.id = $2'), [new Date(deps.clock.now()), id]);
  if (!loaded || !task || !still) return;
  await record(tx, deps, loaded, { kind: 'vacated', taskId: id, step: task.step, persons: still.persons });
}
