import type { Transaction } from '../platform/database/in-scope.js';
import type { PackFault } from '../domain/packs/policy-bound.js';
import { kindsThatAsk } from '../domain/packs/policy-bounds.js';
import type { PolicyContent } from '../domain/packs/policy-pack.js';
import { isProvince, levelOf, type Party } from '../domain/procedure/procedure.js';
import { dateOf } from '../domain/working-days.js';
import { HOLDS_OFFICE_AT } from '../platform/access/offices.sql.js';
import { IS_PERSON } from '../platform/access/service-account.sql.js';

/** The faults of a pack in organisations: those that it names, and those that it would give a step. */
export async function organisationFaults(tx: Transaction, provinceId: string, policy: PolicyContent, now: number): Promise<PackFault[]> {
  const [unknown, vacant] = await Promise.all([unknownCustodian(tx, provinceId, policy, now), withoutHolder(tx, provinceId, policy, now)]);
  return [...unknown, ...vacant];
}

const IS_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A custodian that is not there would stop every closure of a school of the province, long after. */
async function unknownCustodian(tx: Transaction, provinceId: string, { custodian }: PolicyContent, now: number): Promise<PackFault[]> {
  if (!IS_ID.test(custodian)) return []; // `authority`, or out of bounds
  const known = await tx.query<unknown[]>(
    'select 1 from organisation where id = $1 and coalesce(province_id, id) = $2 and (closed_on is null or closed_on > $3::date)',
    [custodian, provinceId, dateOf(now)],
  );
  if (known.length > 0) return [];
  return [{ code: 'unknown-organisation', pointer: '/content/custodian', article: 'Art 12, A25', detail: custodian }];
}

interface Vacant {
  code: string;
  why: 'authority' | 'superior' | 'province' | 'school' | 'confirming';
}

/**
 * Organisations of the province that would have a step and nobody to decide it now, by one statement:
 * 1. Schools, and authorities over a school, without a reviewer.
 * 2. If the pack gives them a step: the authorities next above, and the province.
 * 3. If a school confirms its own decision: schools with fewer than two reviewers, because nobody decides two steps (invariant 2).
 */
async function withoutHolder(tx: Transaction, provinceId: string, policy: PolicyContent, now: number): Promise<PackFault[]> {
  const asked = asking(policy);
  const vacant = await tx.query<Vacant[]>(
    `with school as (
       select id, code, parent_id, answers_outside from organisation where level = 'school' and province_id = $1 and (closed_on is null
         or closed_on > $2::date)),
     competent as (select distinct a.id, a.code, a.parent_id from school s join organisation a on a.id = s.parent_id),
     asked as (
       select id, code, 'authority' as why, 'authorityReviewer' as office, 1 as least from competent
       union select p.id, p.code, 'superior', 'authorityReviewer', 1 from competent c join organisation p on p.id = c.parent_id
         and p.level <> 'national' where $3
       union select id, code, 'province', 'authorityReviewer', 1 from organisation where id = $1 and $6
       union select id, code, 'school', 'schoolReviewer', 1 from school where not answers_outside
       union select id, code, 'confirming', 'schoolReviewer', 2 from school where $4 and not answers_outside),
     held as (
       select o.organisation_id, o.office, count(*) as n from office o join person p on p.id = o.person_id and ${IS_PERSON('p')}
       where o.organisation_id in (select id from asked) and ${HOLDS_OFFICE_AT('o', '$5')} group by 1, 2)
     select a.code, a.why from asked a left join held h on h.organisation_id = a.id and h.office = a.office where a.least > coalesce(h.n, 0)
     order by a.code, a.why limit 100`,
    [provinceId, dateOf(now), asked.superior !== undefined, asked.confirming !== undefined, new Date(now), asked.province !== undefined],
  );
  return vacant.map(({ code, why }) => ({
    code: 'step-without-holder',
    article: 'Art 5, A17',
    detail: code,
    pointer: asked[why] ?? '/content/kinds',
  }));
}

const isSuperior = (party: Party): boolean => levelOf(party) === 'superior';

/** Where a pack asks superiors, the province, and where schools to confirm: a pointer each, undefined when it does not. */
function asking(policy: PolicyContent): Partial<Record<Vacant['why'], string>> {
  const orderOf = ([kind]: readonly string[]) => (kind === undefined ? undefined : `/content/kinds/${kind}/order`);
  const ofDeaths = policy.unnaturalDeath.some(isSuperior) ? '/content/unnaturalDeath' : undefined;
  return {
    superior: orderOf(kindsThatAsk(policy, isSuperior)) ?? ofDeaths,
    province: orderOf(kindsThatAsk(policy, isProvince)) ?? (policy.filing.blocking ? '/content/filing' : undefined),
    confirming: orderOf(kindsThatAsk(policy, (party) => party === 'sourceReconfirmation')),
  };
}
