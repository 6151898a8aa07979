import type { DataSource } from 'typeorm';
import { isProcessAct } from '../../domain/case/act-kinds.js';
import type { ActKind } from '../../domain/case/acts.js';
import type { FieldCipher } from '../../platform/database/field-cipher.js';
import { inScope } from '../../platform/database/in-scope.js';
import { digestOf, hashOf, sealOf, type DerivedRows } from '../../platform/ledger/chain.js';
import { ERASURES } from '../../platform/ledger/erasure.js';
import { textPlace, type ActRow } from '../../platform/ledger/streams.js';
import { missingRows } from './derived.js';
import type { Report } from './report.js';

interface Text {
  readonly field: string;
  readonly salt: string | null;
  readonly cipher: string | null;
  /** An act of erasure says so. */
  readonly erased: boolean;
}

/** An act as it stands in its table, without its texts. */
export interface HashedRow extends ActRow {
  stream_id: string;
  stream: string;
  text_digests: Record<string, string> | null;
  derived: DerivedRows | null;
}

interface Row extends HashedRow {
  position: string;
  seal: Buffer;
  texts: Text[];
  /** Of a first act: whether its stream has a head. */
  headed: boolean | null;
}

const PAGE = `
  select a.*, case when a.seq = 1 then exists (select 1 from stream_head h where h.stream_id = a.stream_id) end as headed,
    (select coalesce(jsonb_agg(jsonb_build_object('field', t.field, 'salt', encode(t.salt, 'hex'), 'cipher', encode(t.cipher, 'hex'),
      'erased', t.cipher is null and exists (select 1 from act e where e.stream_id = '${ERASURES}' and e.stream = 'erasure'
        and e.key = concat_ws('/', t.stream_id, t.seq, t.field)))), '[]')
    from act_text t where t.stream_id = a.stream_id and t.seq = a.seq) as texts
  from act a where (a.stream_id, a.seq) > ($1::uuid, $2) order by a.stream_id, a.seq limit 2000`;

/** Every chain is unbroken, every text is what its digest says or was erased by an act, and what acts made is there. */
export async function verifyChains(db: DataSource, cipher: FieldCipher, report: Report): Promise<{ acts: number; streams: number }> {
  let last: Row | undefined;
  let acts = 0;
  let streams = 0;
  for (;;) {
    const after = last;
    const rows = await inScope(db, 'system', (tx) =>
      tx.query<Row[]>(PAGE, [after?.stream_id ?? '00000000-0000-0000-0000-000000000000', after?.seq ?? 0]),
    );
    if (rows.length === 0) return { acts, streams };
    for (const row of rows) {
      const previous = last?.stream_id === row.stream_id ? last : undefined;
      if (!previous) streams += 1;
      report(...faultsOf(row, previous, cipher), ...textFaults(row, cipher));
      acts += 1;
      last = row;
    }
    await missingRows(db, rows, report);
  }
}

const nameOf = ({ stream, stream_id, seq }: Row): string => `${stream} ${stream_id} act ${seq}`;

/** The hash that an act has after the one before it. */
export const hashOfRow = (previous: Buffer | undefined, row: HashedRow): Buffer =>
  hashOf(previous, {
    stream: row.stream,
    streamId: row.stream_id,
    seq: row.seq,
    kind: row.kind,
    key: row.key,
    at: row.at.getTime(),
    personId: row.person_id,
    office: row.office,
    organisationId: row.organisation_id,
    body: row.body,
    textDigests: row.text_digests,
    headId: row.head_id ?? undefined,
    derived: row.derived ?? undefined,
  });

function faultsOf(row: Row, previous: Row | undefined, cipher: FieldCipher): string[] {
  const name = nameOf(row);
  const expected = hashOfRow(previous?.hash, row);
  const faults: [boolean, string][] = [
    [row.seq === (previous?.seq ?? 0) + 1, 'an act before it is missing'],
    [expected.equals(row.hash), 'its hash does not follow from its content and the act before it'],
    [sealOf(cipher, row.hash).equals(row.seal), 'this system did not write it: its seal is another'],
    [row.process === movesItsStream(row), `it is marked as an act that ${row.process ? 'moves' : 'does not move'} the process`],
    [!previous || row.at >= previous.at, 'it is older than the act before it'],
    [row.headed !== false, 'the head of its stream is missing'],
  ];
  return faults.flatMap(([sound, fault]) => (sound ? [] : [`${name}: ${fault}`]));
}

/** The hash covers the kind, and the kind alone says whether the process counts the act: a changed mark would hide it from the process. */
const movesItsStream = ({ stream, kind }: Row): boolean => stream === 'order' || (stream === 'request' && isProcessAct(kind as ActKind));

function textFaults(row: Row, cipher: FieldCipher): string[] {
  const name = nameOf(row);
  const texts = new Map(row.texts.map((text) => [text.field, text]));
  const digests = row.text_digests ?? {};
  const faults = Object.entries(digests).flatMap(([field, digest]) => {
    const text = texts.get(field);
    if (text?.erased) return [];
    if (!text) return [`${name}: its ${field} was removed`];
    if (text.salt === null || text.cipher === null) return [`${name}: its ${field} was emptied, and no act of erasure says so`];
    const value = opened(cipher, Buffer.from(text.cipher, 'hex'), textPlace(row.stream_id, row.seq, field));
    const same = value !== undefined && digestOf(Buffer.from(text.salt, 'hex'), value) === digest;
    return same ? [] : [`${name}: its ${field} is not what was recorded`];
  });
  const added = row.texts.filter(({ field }) => digests[field] === undefined);
  return [...faults, ...added.map(({ field }) => `${name}: its ${field} was added later`)];
}

function opened(cipher: FieldCipher, sealed: Buffer, place: string): string | undefined {
  try {
    return cipher.decrypt(sealed, place);
  } catch {
    return undefined;
  }
}
