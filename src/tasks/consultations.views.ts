import { isoInShanghai } from '../platform/clock.js';
import type { FieldCipher } from '../platform/database/field-cipher.js';
import { dateOf } from '../domain/working-days.js';
import { textPlace } from '../platform/ledger/streams.js';
import { ORGANISATION_NAME } from '../organisations/organisations.store.js';
import type { ConsultationView } from './consultations.dto.js';

export interface ConsultationRow extends Omit<ConsultationView, 'overdue' | 'question' | 'answer' | 'askedAt' | 'answeredAt'> {
  askedSeq: number;
  answeredSeq: number | null;
  askedAt: Date;
  answeredAt: Date | null;
  question: Buffer | null;
  opinion: Buffer | null;
}

/** A consultation whose task is no longer open is void, without an act of its own. */
export const CONSULTATION = `
  select c.id, c.request_id as "requestId", r.number, r.kind, c.task_id as "taskId", r.masked_name as "maskedName",
    ${ORGANISATION_NAME('a')} as asking, ${ORGANISATION_NAME('b')} as asked,
    case when c.answered_at is not null then 'answered' when t.state = 'open' then 'open' else 'void' end as state,
    to_char(c.due_date, 'YYYY-MM-DD') as "dueDate", c.asked_seq as "askedSeq", c.asked_at as "askedAt", c.answered_seq as "answeredSeq",
    c.answered_at as "answeredAt",
    (select x.cipher from act_text x where x.stream_id = c.request_id and x.seq = c.asked_seq and x.field = 'question') as question,
    (select x.cipher from act_text x where x.stream_id = c.request_id and x.seq = c.answered_seq and x.field = 'opinion') as opinion
  from consultation c join change_request r on r.id = c.request_id join task t on t.id = c.task_id
    join organisation a on a.id = c.asking_id join organisation b on b.id = c.asked_id`;

export function consultationView(cipher: FieldCipher, row: ConsultationRow, now: number): ConsultationView {
  const { askedSeq, answeredSeq, question, opinion, askedAt, answeredAt, ...plain } = row;
  const text = (value: Buffer | null, seq: number | null, field: string) =>
    value && seq !== null ? cipher.decrypt(value, textPlace(row.requestId, seq, field)) : null;
  return {
    ...plain,
    overdue: row.state === 'open' && dateOf(now) > row.dueDate,
    question: text(question, askedSeq, 'question'),
    answer: text(opinion, answeredSeq, 'opinion'),
    askedAt: isoInShanghai(askedAt.getTime()),
    answeredAt: answeredAt && isoInShanghai(answeredAt.getTime()),
  };
}
