import type { Transaction } from '../database/in-scope.js';
import { NATIONAL_DEFAULT } from '../domain/policy.js';
import { boundFaults, kindsThatAsk, type PackFault } from '../domain/policy-bounds.js';
import { inherited, type PolicyContent } from '../domain/policy-pack.js';
import { capacityOf } from '../domain/procedure.js';
import { dateOf, parsePlainDate } from '../domain/working-days.js';
import { HELD_AT } from '../organisations/organisations.sql.js';
import { shapeFaults, type Pack } from './policy-schema.js';

/**
 * Every reason why a province's pack is refused: its shape, its document, the national bounds and steps that nobody would hold (A17). What
 * has not the right shape cannot be judged further. Pointers begin at the pack: `/document/…`, `/content/…`.
 */
export async function packFaults(tx: Transaction, organisationId: string, pack: unknown, now: number): Promise<PackFault[]> {
  const shape = shapeFaults(pack);
  if (shape.some(({ code, pointer }) => code === 'wrong-shape' || pointer === '/content')) return shape;
  const { document, content } = pack as Pack;
  const policy = inherited<PolicyContent>(NATIONAL_DEFAULT, content);
  const bounds = boundFaults(policy).map((fault) => ({ ...fault, pointer: `/content${fault.pointer}` }));
  return unrepeated([
    ...shape,
    ...documentFaults(document, dateOf(now)),
    ...bounds,
    ...(await withoutHolder(tx, organisationId, policy, now)),
  ]);
}

function documentFaults(document: Partial<Pack['document']> | undefined, today: string): PackFault[] {
  const { date } = document ?? {};
  if (date === undefined) return [];
  const at = { pointer: '/document/date', article: 'A17' };
  if (!parsePlainDate(date)) return [{ code: 'wrong-shape', ...at, detail: 'must be a date YYYY-MM-DD' }];
  return date > today ? [{ code: 'document-date-impossible', ...at }] : [];
}

interface Vacant {
  code: string;
  why: 'authority' | 'superior' | 'school';
}

/**
 * Who of the province would have a step and nobody to decide it now: authorities over a school and, where the pack asks them, those next
 * above, that have no reviewer; where a school confirms its own decision, schools with fewer than two, for nobody decides two steps of a
 * case (invariant 2). In one statement over the whole province.
 */
async function withoutHolder(tx: Transaction, organisationId: string, policy: PolicyContent, now: number): Promise<PackFault[]> {
  const [superior] = kindsThatAsk(policy, (party) => capacityOf(party) === 'superior');
  const [twice] = kindsThatAsk(policy, (party) => party === 'sourceReconfirmation');
  const vacant = await tx.query<Vacant[]>(
    `with school as (
       select id, code, parent_id, answers_outside from organisation where level = 'school' and province_id = $1 and (closed_on is null or closed_on > $2::date)),
     competent as (select distinct a.id, a.code, a.parent_id from school s join organisation a on a.id = s.parent_id),
     asked as (
       select id, code, 'authority' as why, 'authorityReviewer' as office, 1 as least from competent
       union select p.id, p.code, 'superior', 'authorityReviewer', 1 from competent c join organisation p on p.id = c.parent_id and p.level <> 'national' where $3
       union select id, code, 'school', 'schoolReviewer', 2 from school where $4 and not answers_outside)
     select code, why from asked where least > (
       select count(*) from office o join person p on p.id = o.person_id and p.disabled_at is null
       where o.organisation_id = asked.id and o.office = asked.office and ${HELD_AT('o', '$5')})
     order by code, why limit 100`,
    [organisationId, dateOf(now), superior !== undefined, twice !== undefined, new Date(now)],
  );
  const orderOf = { authority: undefined, superior, school: twice };
  return vacant.map(({ code, why }) => ({
    ...{ code: 'step-without-holder', article: 'Art 5, A17', detail: code },
    pointer: orderOf[why] ? `/content/kinds/${orderOf[why]}/order` : '/content/kinds',
  }));
}

const unrepeated = (faults: readonly PackFault[]): PackFault[] =>
  faults.filter(({ code, pointer, detail }, i) => {
    const first = faults.findIndex((one) => one.code === code && one.pointer === pointer);
    return first === i || (detail !== undefined && faults[first]?.detail !== undefined && faults[first]?.detail !== detail);
  });
