import { HOLDS_OFFICE_AT } from './offices.sql.js';

/**
 * Whether a proxy 代理 (alias `x`) runs at an instant (`at`, a parameter). The absent person must still hold the office, and the proxy some
 * office at the same organisation beside that of an administrator.
 */
export const RUNS_AT = (x: string, at: string): string => `
  ${x}.valid_from <= ${at} and ${x}.valid_until > ${at} and ${x}.ended_at is null
     and exists (select 1 from office po join person pp on pp.id = po.person_id and pp.disabled_at is null
       where po.person_id = ${x}.principal_id and po.office = ${x}.office and po.organisation_id = ${x}.organisation_id
         and ${HOLDS_OFFICE_AT('po', at)})
     and exists (select 1 from office xo where xo.person_id = ${x}.proxy_id and xo.organisation_id = ${x}.organisation_id
       and xo.office <> 'orgAdmin'
       and ${HOLDS_OFFICE_AT('xo', at)})`;

/** The proxies of a person (`proxy`, a parameter) that run at an instant (`at`, a parameter), as JSON. */
export const PROXIES_OF = (proxy: string, at: string): string => `
  (select coalesce(jsonb_agg(jsonb_build_object('office', x.office, 'organisationId', x.organisation_id, 'principalId', x.principal_id,
    'kinds', x.kinds) order by x.created_at, x.id), '[]')
   from proxy x where x.proxy_id = ${proxy} and ${RUNS_AT('x', at)})`;
