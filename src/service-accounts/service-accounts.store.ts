import { HOLDS_OFFICE_AT } from '../platform/access/offices.sql.js';
import { USED } from '../platform/access/rate-limit.js';
import { isoIfAny, isoInShanghai } from '../platform/clock.js';
import { ORGANISATION_NAME, PERSON_NAME } from '../organisations/organisations.store.js';
import type { ServiceAccountView } from './service-accounts.dto.js';

/** $1 is the present instant. */
const STATE = `case when a.revoked_at is not null then 'revoked' when a.expires_at <= $1 then 'expired' else 'active' end`;

const ACCOUNTS = `
  select a.person_id as id, p.display_name as name, ${ORGANISATION_NAME('o')} as organisation, a.purpose, a.areas, a.kinds,
    a.per_minute as "perMinute", ${STATE} as state, a.expires_at as "expiresAt", a.key_prefix as "keyPrefix",
    ${PERSON_NAME('a.issued_by')} as "issuedBy", a.issued_at as "issuedAt", ${PERSON_NAME('a.revoked_by')} as "revokedBy",
    a.revoked_at as "revokedAt", (select u.since from usage u where u.holder_id = a.person_id and u.what = '${USED}') as "lastUsedAt",
    (select coalesce(jsonb_agg(jsonb_build_object('office', h.office, 'pending', h.pending) order by h.office), '[]') from (
       select f.office, false as pending from office f where f.person_id = a.person_id and ${HOLDS_OFFICE_AT('f', '$1')}
       union all
       select g.office, true from office_grant g where g.person_id = a.person_id and g.state = 'pending' and g.lapses_at > $1) h) as offices
  from service_account a join person p on p.id = a.person_id join organisation o on o.id = a.organisation_id`;

/** Of organisations that the caller administers ($2), or directly below. */
const KEPT = '(o.id = any($2) or o.parent_id = any($2))';
export const ACCOUNTS_KEPT = `${ACCOUNTS} where ${KEPT} and ($3::text is null or ${STATE} = $3) and ($4::uuid is null or a.person_id < $4)
  order by a.person_id desc limit $5`;
export const ONE_KEPT = `${ACCOUNTS} where ${KEPT} and a.person_id = $3`;

type Instants = 'expiresAt' | 'issuedAt' | 'revokedAt' | 'lastUsedAt';
export type AccountRow = Omit<ServiceAccountView, Instants> & {
  readonly expiresAt: Date;
  readonly issuedAt: Date;
  readonly revokedAt: Date | null;
  readonly lastUsedAt: Date | null;
};

export const accountView = (row: AccountRow): ServiceAccountView => ({
  ...row,
  expiresAt: isoInShanghai(row.expiresAt.getTime()),
  issuedAt: isoInShanghai(row.issuedAt.getTime()),
  revokedAt: isoIfAny(row.revokedAt),
  lastUsedAt: isoIfAny(row.lastUsedAt),
});
