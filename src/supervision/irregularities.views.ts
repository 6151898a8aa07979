import { isoInShanghai } from '../platform/clock.js';
import type { FieldCipher } from '../platform/database/field-cipher.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { readTexts } from '../platform/ledger/streams.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import { actorsOf } from '../organisations/actors.js';
import type { IrregularityDetail, IrregularityView } from './irregularities.dto.js';

export interface IrregularityRow extends Omit<IrregularityView, 'registeredAt' | 'outcomeAt'> {
  registeredAt: Date;
  outcomeAt: Date | null;
}

export const IRREGULARITY_ROW = `
  select i.id, i.category, ${ORGANISATION_NAME('o')} as organisation, ${ORGANISATION_NAME('a')} as authority, i.request_id as "requestId",
    i.student_id as "studentId", i.order_id as "orderId", i.outcome, i.registered_at as "registeredAt", i.outcome_at as "outcomeAt"
  from irregularity i join organisation o on o.id = i.organisation_id join organisation a on a.id = i.authority_id`;

export const irregularityView = ({ registeredAt, outcomeAt, ...row }: IrregularityRow): IrregularityView => ({
  ...row,
  registeredAt: isoInShanghai(registeredAt.getTime()),
  outcomeAt: outcomeAt && isoInShanghai(outcomeAt.getTime()),
});

export async function oneIrregularity(tx: Transaction, id: string): Promise<IrregularityView> {
  const [row] = await tx.query<IrregularityRow[]>(`${IRREGULARITY_ROW} where i.id = $1`, [id]);
  if (!row) throw new Error(`no irregularity ${id}`);
  return irregularityView(row);
}

/** The entry with who registered it and who recorded its outcome, and the texts that have not been erased. */
export async function irregularityDetail(tx: Transaction, cipher: FieldCipher, id: string): Promise<IrregularityDetail> {
  const [view, texts, by] = await Promise.all([oneIrregularity(tx, id), readTexts(tx, cipher, id), actorsOf(tx, id)]);
  return {
    ...view,
    findings: texts.get(1)?.findings ?? null,
    registeredBy: by.get(1) ?? null,
    note: texts.get(2)?.note ?? null,
    outcomeBy: by.get(2) ?? null,
  };
}
