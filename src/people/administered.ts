import { organisationsOf } from '../platform/access/caller.js';
import { Problem } from '../platform/http/problem.js';
import type { Transaction } from '../platform/database/in-scope.js';
import type { Actor } from '../domain/offices.js';
import type { By } from '../platform/ledger/streams.js';

/**
 * An administrator ($2) in or above the organisation of entry and all organisations where the person holds an office or will; the lowest.
 */
const ADMINISTRATOR = `
  select a.id from person p join organisation a on a.id = any($2)
  where p.id = $1 and p.entered_in is not null and not exists (
    select 1 from organisation o
    where (o.id = p.entered_in or o.id in (select f.organisation_id from office f where f.person_id = p.id and (f.held_until is null
      or f.held_until > $3)))
      and o.id <> a.id and not o.ancestors @> array[a.id])
  order by cardinality(a.ancestors) desc limit 1`;

/**
 * In which office the actor looks after an account: whoever could reset the password of somebody with an office elsewhere would act in
 * that office. Locks the person, which is the lock of the person's `access` stream.
 * @throws Problem not-your-office, not-found, own-account
 */
export async function accountAdministrator(tx: Transaction, actor: Actor, personId: string, now: number): Promise<By> {
  const mine = organisationsOf(actor, 'orgAdmin');
  if (mine.length === 0) throw new Problem('not-your-office');
  await tx.query('select 1 from person where id = $1 for update', [personId]);
  const [at] = await tx.query<{ id: string }[]>(ADMINISTRATOR, [personId, mine, new Date(now)]);
  if (!at) throw new Problem('not-found');
  if (personId === actor.personId) throw new Problem('own-account');
  return { personId: actor.personId, office: 'orgAdmin', organisationId: at.id };
}
