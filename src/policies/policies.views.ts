import { isoIfAny } from '../platform/clock.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import type { PackContent } from '../domain/packs/policy-pack.js';
import type { PolicyView } from './policies.dto.js';

type Instants = 'draftedAt' | 'activatedAt' | 'revokedAt';
export type PolicyRow = Omit<PolicyView, Instants> & Record<Instants, Date | null> & { whole: PackContent | null };

const PERSON = (p: string): string =>
  `case when ${p}.id is null then null else jsonb_build_object('id', ${p}.id, 'displayName', ${p}.display_name) end`;

/** A version as every answer shows it; `today` is a parameter. */
export const POLICY_ROW = (today: string): string => `
  select p.id, p.version, p.state, to_char(p.effective_from, 'YYYY-MM-DD') as "effectiveFrom", p.document,
    p.based_on as "basedOn", p.in_place_of as "inPlaceOf", p.content - '{id,version}'::text[] as content,
    case when p.organisation_id is null then p.content else p.whole end as whole,
    case when o.id is null then null else ${ORGANISATION_NAME('o')} end as organisation,
    coalesce((p.id, p.version) = (select q.id, q.version from policy q where q.organisation_id is not distinct from p.organisation_id
      and q.state = 'activated'
       and q.effective_from <= ${today}::date order by q.effective_from desc, q.version desc limit 1), false) as "inForce",
    ${PERSON('d')} as "draftedBy", p.drafted_at as "draftedAt", ${PERSON('a')} as "activatedBy", p.activated_at as "activatedAt",
    ${PERSON('r')} as "revokedBy", p.revoked_at as "revokedAt"
  from policy p left join organisation o on o.id = p.organisation_id left join person d on d.id = p.drafted_by
    left join person a on a.id = p.activated_by left join person r on r.id = p.revoked_by`;

/** Rules that were put into force are public; drafts and what was taken back are for the province's own people. */
export const MAY_SEE = (organisations: string): string => `(p.state = 'activated' or p.organisation_id = any(${organisations}))`;

export const policyView = ({ whole: _whole, ...row }: PolicyRow): PolicyView => ({
  ...row,
  draftedAt: isoIfAny(row.draftedAt),
  activatedAt: isoIfAny(row.activatedAt),
  revokedAt: isoIfAny(row.revokedAt),
});
