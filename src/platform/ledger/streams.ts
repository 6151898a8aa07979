import type { Clock } from '../clock.js';
import type { FieldCipher } from '../database/field-cipher.js';
import type { Transaction } from '../database/in-scope.js';
import { insertRows } from '../database/insert-rows.js';
import { digestOf, hashOf, newSalt, sealOf, type DerivedRows } from './chain.js';
import { headOn } from './head-on.js';

/**
 * Each stream has its own hash chain. The caller that appends holds the row lock of the stream's owner. The owner of `access` is a person.
 */
export type StreamKind =
  | 'request'
  | 'student'
  | 'organisation'
  | 'order'
  | 'irregularity'
  | 'term'
  | 'graduation'
  | 'intake'
  | 'import'
  | 'calendar'
  | 'codeSet'
  | 'policy'
  | 'access'
  | 'erasure';

/** The natural person, and the office and organisation in which that person acted. */
export interface By {
  readonly personId: string;
  readonly office: string;
  readonly organisationId: string;
  /** The organisation's head on that day (A18), null when none is recorded; looked up when left out. */
  readonly headId?: string | null;
}

/** An act whose head is known already, and the rows that follow from it. */
export type SignedAct = NewAct & { readonly by?: By & { readonly headId: string | null }; readonly derived?: DerivedRows };

export interface NewAct {
  readonly kind: string;
  readonly process?: boolean;
  /** Unique in its stream; a process act's key makes its second run a no-op. */
  readonly key?: string;
  readonly by?: By;
  /** Codes and ids only. */
  readonly body: object;
  /** Free text and personal fields, encrypted beside the act and erasable. */
  readonly texts?: Readonly<Record<string, string>>;
}

export interface StoredAct {
  readonly seq: number;
  readonly kind: string;
  readonly process: boolean;
  readonly key: string | null;
  readonly at: number;
  readonly by?: Omit<By, 'headId'>;
  readonly body: object;
  readonly hash: Buffer;
}

export interface ChainTip {
  readonly seq: number;
  readonly at: number;
  readonly hash?: Buffer;
}

export interface LedgerDeps {
  readonly clock: Clock;
  readonly cipher: FieldCipher;
}

/** The columns of an act that reading and verifying need. */
export interface ActRow {
  seq: number;
  kind: string;
  process: boolean;
  key: string | null;
  at: Date;
  person_id: string | null;
  office: string | null;
  organisation_id: string | null;
  head_id: string | null;
  body: object;
  hash: Buffer;
}

const ACT_COLUMNS = 'seq, kind, process, key, at, person_id, office, organisation_id, body, hash';

/** The acts of a stream in order. */
export async function readStream(tx: Transaction, streamId: string): Promise<StoredAct[]> {
  const rows: ReadRow[] = await tx.query(`select ${ACT_COLUMNS} from act where stream_id = $1 order by seq`, [streamId]);
  return rows.map(storedOf);
}

/** The acts of many streams, each in order; a stream without an act is left out. */
export async function readStreams(tx: Transaction, streamIds: readonly string[]): Promise<Map<string, StoredAct[]>> {
  const rows: (ReadRow & { stream_id: string })[] = await tx.query(
    `select stream_id, ${ACT_COLUMNS} from act where stream_id = any($1::uuid[]) order by stream_id, seq`,
    [streamIds],
  );
  const streams = new Map<string, StoredAct[]>();
  for (const row of rows) {
    const stream = streams.get(row.stream_id);
    if (stream) stream.push(storedOf(row));
    else streams.set(row.stream_id, [storedOf(row)]);
  }
  return streams;
}

type ReadRow = Omit<ActRow, 'head_id'>;

const storedOf = (row: ReadRow): StoredAct => ({
  seq: row.seq,
  kind: row.kind,
  process: row.process,
  key: row.key,
  at: row.at.getTime(),
  body: row.body,
  hash: row.hash,
  ...(row.person_id && row.office && row.organisation_id
    ? { by: { personId: row.person_id, office: row.office, organisationId: row.organisation_id } }
    : {}),
});

/** Where a stream stands; sequence 0 when it has no act yet. */
export async function tipOf(tx: Transaction, streamId: string): Promise<ChainTip> {
  const [row]: ActRow[] = await tx.query('select seq, at, hash from act where stream_id = $1 order by seq desc limit 1', [streamId]);
  return row ? { seq: row.seq, at: row.at.getTime(), hash: row.hash } : { seq: 0, at: 0 };
}

/** Where many streams stand; those without an act are left out. */
export async function tipsOf(tx: Transaction, streamIds: readonly string[]): Promise<Map<string, ChainTip>> {
  const rows = await tx.query<(Pick<ActRow, 'seq' | 'at' | 'hash'> & { id: string })[]>(
    `select s.id, a.seq, a.at, a.hash from unnest($1::uuid[]) as s (id)
     cross join lateral (select seq, at, hash from act where stream_id = s.id order by seq desc limit 1) a`,
    [streamIds],
  );
  return new Map(rows.map(({ id, seq, at, hash }) => [id, { seq, at: at.getTime(), hash }]));
}

/**
 * Appends one act after `tip`. The caller holds the lock of the stream's owner; time never runs backwards within a stream. The rows of the
 * stream that the transaction has written go into the act, and the audit compares them. Write them first.
 */
export async function append(
  tx: Transaction,
  deps: LedgerDeps,
  stream: Exclude<StreamKind, 'request'>,
  streamId: string,
  tip: ChainTip,
  act: NewAct,
): Promise<StoredAct> {
  const [headId, derived] = await Promise.all([
    act.by && (act.by.headId ?? headOn(tx, act.by.organisationId, deps.clock.now())),
    derivedOf(tx, stream, [streamId]),
  ]);
  const by = act.by && { ...act.by, headId: headId ?? null };
  const { stored, written } = appending(tx, deps, stream, streamId, tip, { ...act, by, derived: derived.get(streamId) });
  await written;
  return stored;
}

/** Streams from whose acts rows follow that `derived_rows` knows. Those of a request are a fold of its acts. */
const DERIVING: ReadonlySet<StreamKind> = new Set(['student', 'organisation', 'calendar', 'codeSet', 'policy', 'access']);

/** By stream, the rows that this transaction has written of it; a stream without any is left out. */
export async function derivedOf(tx: Transaction, stream: StreamKind, streamIds: readonly string[]): Promise<Map<string, DerivedRows>> {
  if (!DERIVING.has(stream)) return new Map();
  const rows = await tx.query<{ id: string; derived: DerivedRows }[]>('select id, derived from derived_rows($1, $2)', [stream, streamIds]);
  return new Map(rows.map(({ id, derived }) => [id, derived]));
}

/** `append` behind the stream's last act, which is looked up. */
export const appendNext = async (
  tx: Transaction,
  deps: LedgerDeps,
  stream: Exclude<StreamKind, 'request'>,
  streamId: string,
  act: NewAct,
): Promise<StoredAct> => append(tx, deps, stream, streamId, await tipOf(tx, streamId), act);

/** What an act will be as rows: its texts beside it. */
function composed(tx: Transaction, { clock, cipher }: LedgerDeps, stream: StreamKind, streamId: string, tip: ChainTip, act: SignedAct) {
  const seq = tip.seq + 1;
  const at = Math.max(tip.at, clock.now());
  const texts = Object.entries(act.texts ?? {}).map(([field, value]) => ({ field, value, salt: newSalt() }));
  const textDigests = texts.length === 0 ? null : Object.fromEntries(texts.map(({ field, salt, value }) => [field, digestOf(salt, value)]));
  const { personId = null, office = null, organisationId = null, headId = null } = act.by ?? {};
  const { derived } = act;
  const body = JSON.parse(JSON.stringify({ ...act.body, ...issuerOf(tx, act.by?.personId) })) as object;
  const key = act.key ?? null;
  const hash = hashOf(tip.hash, {
    stream,
    streamId,
    seq,
    kind: act.kind,
    key,
    at,
    personId,
    office,
    organisationId,
    body,
    textDigests,
    headId: headId ?? undefined,
    derived,
  });
  const process = act.process === true;
  const by = personId && office && organisationId ? { personId, office, organisationId } : undefined;
  const stored: StoredAct = { seq, kind: act.kind, process, key, at, by, body, hash };
  return {
    stored,
    texts,
    row: {
      streamId,
      seq,
      stream,
      kind: act.kind,
      process,
      key,
      at: new Date(at),
      personId,
      office,
      organisationId,
      headId,
      body,
      textDigests,
      hash,
      derived: derived ?? null,
      seal: sealOf(cipher, hash),
    },
  };
}

const services = new WeakMap<Transaction, { readonly personId: string; readonly accountIssuedBy: string }>();
/** From here on each act that this service account 服务账号 signs in the transaction says who issued it. */
export const signsByService = (tx: Transaction, personId: string, accountIssuedBy: string): void => {
  services.set(tx, { personId, accountIssuedBy });
};
/** Who issued the service account that signs as this person; nothing of a person. */
export function issuerOf(tx: Transaction, personId: string | undefined): { readonly accountIssuedBy?: string } {
  const service = services.get(tx);
  return service && service.personId === personId ? { accountIssuedBy: service.accountIssuedBy } : {};
}

const signatures = new WeakMap<Transaction, (By & { readonly onBehalfOfPerson?: string })[]>();
/** Who signed the acts of a transaction, in which office and for whom. */
export const signaturesOf = (tx: Transaction): readonly (By & { readonly onBehalfOfPerson?: string })[] => signatures.get(tx) ?? [];
const signed = (tx: Transaction, acts: readonly SignedAct[]): void => {
  signatures.set(tx, [...signaturesOf(tx), ...acts.flatMap(({ by }) => by ?? [])]);
};

/** The same without waiting: `stored` is what the act will be, `written` settles with its rows, and more may be sent behind them. */
export function appending(
  tx: Transaction,
  deps: LedgerDeps,
  stream: StreamKind,
  streamId: string,
  tip: ChainTip,
  act: SignedAct,
): { stored: StoredAct; written: Promise<unknown> } {
  signed(tx, [act]);
  const { stored, row, texts } = composed(tx, deps, stream, streamId, tip, act);
  const written = tx.query(
    `insert into act (stream_id, seq, stream, kind, process, key, at, person_id, office, organisation_id, head_id, body, text_digests, hash,
       derived, seal)
     values ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16)`,
    Object.values(row), // in the order of the columns
  );
  const beside = texts.length > 0 && insertTexts(tx, deps.cipher, streamId, stored.seq, texts);
  return { stored, written: Promise.all([written, beside]) };
}

/** The first acts of many streams, in a few statements. The caller has just made the streams' owners. */
export async function appendFirst(
  tx: Transaction,
  deps: LedgerDeps,
  stream: StreamKind,
  acts: readonly { readonly streamId: string; readonly act: SignedAct }[],
): Promise<StoredAct[]> {
  signed(
    tx,
    acts.map(({ act }) => act),
  );
  const ids = acts.map(({ streamId }) => streamId);
  const derived = await derivedOf(tx, stream, ids);
  const all = acts.map(({ streamId, act }) =>
    composed(tx, deps, stream, streamId, { seq: 0, at: 0 }, { ...act, derived: derived.get(streamId) }),
  );
  const sealed = all.flatMap(({ row: { streamId, seq }, texts }) =>
    texts.map(({ field, value, salt }) => ({
      streamId,
      seq,
      field,
      salt,
      cipher: deps.cipher.encrypt(value, textPlace(streamId, seq, field)),
    })),
  );
  await insertRows(
    tx,
    'act',
    all.map(({ row }) => row),
  );
  await insertRows(tx, 'act_text', sealed);
  return all.map(({ stored }) => stored);
}

interface SaltedText {
  readonly field: string;
  readonly value: string;
  readonly salt: Buffer;
}

const insertTexts = (tx: Transaction, cipher: FieldCipher, streamId: string, seq: number, texts: readonly SaltedText[]): Promise<unknown> =>
  tx.query(
    `insert into act_text (stream_id, seq, field, salt, cipher) select $1, $2, field, salt, cipher
     from unnest($3::text[], $4::bytea[], $5::bytea[]) as text (field, salt, cipher)`,
    [
      streamId,
      seq,
      texts.map(({ field }) => field),
      texts.map(({ salt }) => salt),
      texts.map(({ field, value }) => cipher.encrypt(value, textPlace(streamId, seq, field))),
    ],
  );

export const textPlace = (streamId: string, seq: number, field: string): string => `act_text.${field}:${streamId}/${seq}`;

/** The free texts of a stream's acts that have not been erased, by sequence and field. */
export async function readTexts(tx: Transaction, cipher: FieldCipher, streamId: string): Promise<Map<number, Record<string, string>>> {
  const rows: { seq: number; field: string; cipher: Buffer }[] = await tx.query(
    'select seq, field, cipher from act_text where stream_id = $1 and cipher is not null',
    [streamId],
  );
  const texts = new Map<number, Record<string, string>>();
  for (const row of rows)
    texts.set(row.seq, { ...texts.get(row.seq), [row.field]: cipher.decrypt(row.cipher, textPlace(streamId, row.seq, row.field)) });
  return texts;
}
