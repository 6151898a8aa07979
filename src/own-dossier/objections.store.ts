import { isoInShanghai } from '../platform/clock.js';
import type { FieldCipher } from '../platform/database/field-cipher.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { textPlace } from '../platform/ledger/streams.js';
import type { ObjectionView } from './own-dossier.dto.js';

interface Row {
  readonly streamId: string;
  readonly seq: number;
  readonly at: Date;
  readonly objector: string;
  readonly requestId: string | null;
  readonly sealed: Buffer | null;
}

/** What was objected to the dossier, and to the requests about the student. */
const OBJECTIONS = `
  select a.stream_id as "streamId", a.seq, a.at, a.body ->> 'objector' as objector, s.request_id as "requestId", t.cipher as sealed
  from (select $1::uuid as id, null::uuid as request_id union all select id, id from change_request where student_id = $1) s
    join act a on a.stream_id = s.id and a.kind = case when s.request_id is null then 'dossierObjected' else 'objected' end
    left join act_text t on t.stream_id = a.stream_id and t.seq = a.seq and t.field = 'objection'
  order by a.at desc, a.stream_id, a.seq desc limit 100`;

export async function objectionsOf(tx: Transaction, cipher: FieldCipher, studentId: string): Promise<ObjectionView[]> {
  const rows = await tx.query<Row[]>(OBJECTIONS, [studentId]);
  return rows.map(({ streamId, seq, at, objector, requestId, sealed }) => ({
    at: isoInShanghai(at.getTime()),
    objector,
    objection: sealed ? cipher.decrypt(sealed, textPlace(streamId, seq, 'objection')) : '',
    requestId,
  }));
}
