import { isoIfAny } from '../platform/clock.js';
import type { VersionSummary } from './versions.dto.js';

type Instants = 'draftedAt' | 'activatedAt' | 'withdrawnAt';
export type VersionRow = Omit<VersionSummary, Instants> & Record<Instants, Date | null>;

const PERSON = (p: string): string =>
  `case when ${p}.id is null then null else jsonb_build_object('id', ${p}.id, 'displayName', ${p}.display_name) end`;

/** The latest activated version of a set; `v` is a row of the set. */
export const IS_IN_FORCE = `v.state = 'activated' and not exists (select 1 from code_set_version n
  where n.code_set_id = v.code_set_id and n.state = 'activated' and n.version > v.version)`;

export const VERSION_ROW = `
  select s.name as set, v.version, v.based_on as "basedOn", v.state, ${IS_IN_FORCE} as "inForce", v.document,
    v.first_intake as "firstIntake", jsonb_array_length(v.entries) as majors, ${PERSON('d')} as "draftedBy", v.drafted_at as "draftedAt",
    ${PERSON('a')} as "activatedBy", v.activated_at as "activatedAt", ${PERSON('w')} as "withdrawnBy", v.withdrawn_at as "withdrawnAt"
  from code_set_version v join code_set s on s.id = v.code_set_id left join person d on d.id = v.drafted_by
    left join person a on a.id = v.activated_by left join person w on w.id = v.withdrawn_by`;

export const versionSummary = (row: VersionRow): VersionSummary => ({
  ...row,
  draftedAt: isoIfAny(row.draftedAt),
  activatedAt: isoIfAny(row.activatedAt),
  withdrawnAt: isoIfAny(row.withdrawnAt),
});
