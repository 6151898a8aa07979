import { isoInShanghai } from '../platform/clock.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import type { AmendmentView, MoveView } from './amendments.dto.js';

export interface AmendmentRow extends Omit<AmendmentView, 'draftedAt' | 'approvedAt' | 'withdrawnAt' | 'preview' | 'move'> {
  draftedAt: Date | null;
  approvedAt: Date | null;
  withdrawnAt: Date | null;
  move: MoveView | null;
}

const PERSON = (p: string): string =>
  `case when ${p}.id is null then null else jsonb_build_object('id', ${p}.id, 'displayName', ${p}.display_name) end`;

/** The act that withdrew a draft, as a table of one row or none. */
const WITHDRAWAL = (v: string): string =>
  `(select a.at, a.person_id from act a where a.stream_id = ${v}.calendar_id and a.kind = 'withdrawn'
    and a.body ->> 'versionId' = ${v}.id::text)`;

/** `draft`, `approved`, or a draft that was `withdrawn`: so its act says, and nothing else. */
export const STATE_OF = (v: string): string => `case when exists ${WITHDRAWAL(v)} then 'withdrawn' else ${v}.state end`;

export const AMENDMENT = `
  select v.id, v.year, v.version, ${STATE_OF('v')} as state, v.based_on as "basedOn", v.notice, v.notice_url as "noticeUrl",
    to_char(v.valid_through, 'YYYY-MM-DD') as "validThrough",
    v.days, case when o.id is null then null else ${ORGANISATION_NAME('o')} end as province, ${PERSON('d')} as "draftedBy",
      v.drafted_at as "draftedAt",
    ${PERSON('a')} as "approvedBy", v.approved_at as "approvedAt", ${PERSON('wp')} as "withdrawnBy", w.at as "withdrawnAt",
    case when m.id is null then null else jsonb_build_object('phase', m.phase, 'moved', m.moved, 'annotated', m.annotated, 'woken',
      m.woken) end as move
  from calendar_version v join calendar c on c.id = v.calendar_id left join organisation o on o.id = c.organisation_id
    left join person d on d.id = v.drafted_by left join person a on a.id = v.approved_by left join deadline_move m on m.id = v.id
    left join lateral ${WITHDRAWAL('v')} w on true left join person wp on wp.id = w.person_id`;

export const amendmentView = ({ move, ...row }: AmendmentRow): AmendmentView => ({
  ...row,
  draftedAt: row.draftedAt && isoInShanghai(row.draftedAt.getTime()),
  approvedAt: row.approvedAt && isoInShanghai(row.approvedAt.getTime()),
  withdrawnAt: row.withdrawnAt && isoInShanghai(row.withdrawnAt.getTime()),
  ...(move ? { move } : {}),
});

export async function oneAmendment(tx: Transaction, id: string): Promise<AmendmentView | undefined> {
  const [row] = await tx.query<AmendmentRow[]>(`${AMENDMENT} where v.id = $1`, [id]);
  return row && amendmentView(row);
}
