import { isoIfAny, isoInShanghai } from '../platform/clock.js';
import type { FieldCipher } from '../platform/database/field-cipher.js';
import { textPlace } from '../platform/ledger/streams.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import type { FilingNoticeView } from './filing-notices.dto.js';

export interface FilingNoticeRow extends Omit<
  FilingNoticeView,
  'recordedAt' | 'receivedAt' | 'queriedAt' | 'answeredAt' | 'question' | 'answer'
> {
  /** The organisation that answers for the school: itself, its successor, or the authority that acts for it. */
  readonly answerers: readonly string[];
  readonly recordedAt: Date;
  readonly receivedAt: Date | null;
  readonly queriedAt: Date | null;
  readonly answeredAt: Date | null;
  readonly queriedSeq: number | null;
  readonly answeredSeq: number | null;
  readonly question: Buffer | null;
  readonly answer: Buffer | null;
}

const TEXT = (seq: string, field: string): string =>
  `(select x.cipher from act_text x where x.stream_id = n.request_id and x.seq = n.${seq} and x.field = '${field}')`;

export const FILING_NOTICE_ROW = `
  select n.id, n.request_id as "requestId", r.number, r.kind, r.masked_name as "maskedName", ${ORGANISATION_NAME('s')} as "fromSchool",
    ${ORGANISATION_NAME('p')} as "toProvince", array_remove(array[n.from_school_id, s.successor_id, s.acting_id], null) as answerers,
    case when n.answered_seq is not null then 'answered' when n.queried_seq is not null then 'queried'
      when n.received_at is not null then 'received'
      else 'recorded' end as state,
    n.recorded_at as "recordedAt", n.received_at as "receivedAt", n.queried_at as "queriedAt", n.answered_at as "answeredAt",
    n.queried_seq as "queriedSeq", n.answered_seq as "answeredSeq", ${TEXT('queried_seq', 'question')} as question,
    ${TEXT('answered_seq', 'opinion')} as answer
  from filing_notice n join change_request r on r.id = n.request_id join organisation s on s.id = n.from_school_id
    join organisation p on p.id = n.to_province_id`;

export function filingNoticeView(cipher: FieldCipher, row: FilingNoticeRow): FilingNoticeView {
  const { answerers: _, queriedSeq, answeredSeq, question, answer, recordedAt, receivedAt, queriedAt, answeredAt, ...plain } = row;
  const text = (value: Buffer | null, seq: number | null, field: string) =>
    value && seq !== null ? cipher.decrypt(value, textPlace(row.requestId, seq, field)) : null;
  return {
    ...plain,
    question: text(question, queriedSeq, 'question'),
    answer: text(answer, answeredSeq, 'opinion'),
    recordedAt: isoInShanghai(recordedAt.getTime()),
    receivedAt: isoIfAny(receivedAt),
    queriedAt: isoIfAny(queriedAt),
    answeredAt: isoIfAny(answeredAt),
  };
}
