import { createReadStream, existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { DataSource } from 'typeorm';
import { systemClock } from '../platform/clock.js';
import { configOrExit } from '../platform/config.js';
import { applicationOptions, connected } from '../platform/database/data-source.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { isProcessAct } from '../domain/case/act-kinds.js';
import type { ActKind } from '../domain/case/acts.js';
import { isMain } from './is-main.js';
import { digestOf, hashOf } from '../platform/ledger/chain.js';
import { digestBetween, type Checkpoint } from '../platform/ledger/checkpoint.js';
import { textPlace, type ActRow } from '../platform/ledger/streams.js';

export interface Verification {
  readonly acts: number;
  readonly streams: number;
  readonly checkpoints: number;
  readonly anchors: number;
  readonly problems: readonly string[];
}

interface Row extends ActRow {
  stream_id: string;
  stream: string;
  position: string;
  text_digests: Record<string, string> | null;
  texts: { field: string; salt: string | null; cipher: string | null }[];
}

const PAGE = `
  select a.*, (select coalesce(jsonb_agg(jsonb_build_object('field', t.field, 'salt', encode(t.salt, 'hex'), 'cipher', encode(t.cipher,
    'hex'))), '[]')
    from act_text t where t.stream_id = a.stream_id and t.seq = a.seq) as texts
  from act a where (a.stream_id, a.seq) > ($1::uuid, $2) order by a.stream_id, a.seq limit 2000`;

/**
 * Proves invariant 3 over the whole ledger:
 * 1. Every chain is unbroken and without a gap.
 * 2. Every text is what its digest says, or erased.
 * 3. Every checkpoint is the digest of its acts.
 * 4. Every anchor outside the database equals its checkpoint.
 */
export async function verifyLedger(db: DataSource, cipher: FieldCipher, anchorFile: string): Promise<Verification> {
  const problems: string[] = [];
  const chains = await verifyChains(db, cipher, problems);
  await verifyHeads(db, problems);
  const anchored = await anchorsIn(anchorFile, problems); // before the checkpoints, which are made first and go on being made
  const checkpoints = await verifyCheckpoints(db, problems);
  verifyAnchors(anchorFile, anchored, checkpoints, problems);
  return { ...chains, checkpoints: checkpoints.size, anchors: anchored.size, problems };
}

async function verifyChains(db: DataSource, cipher: FieldCipher, problems: string[]): Promise<{ acts: number; streams: number }> {
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
      problems.push(...problemsOf(row, previous, cipher));
      acts += 1;
      last = row;
    }
  }
}

function problemsOf(row: Row, previous: Row | undefined, cipher: FieldCipher): string[] {
  const name = `${row.stream} ${row.stream_id} act ${row.seq}`;
  const expected = hashOf(previous?.hash, {
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
  });
  const texts = row.texts.flatMap(({ field, salt, cipher: sealed }) => {
    if (salt === null || sealed === null) return []; // erased: the digest in the chain stays
    const value = opened(cipher, Buffer.from(sealed, 'hex'), textPlace(row.stream_id, row.seq, field));
    return value !== undefined && digestOf(Buffer.from(salt, 'hex'), value) === row.text_digests?.[field]
      ? []
      : [`${name}: its ${field} is not what was recorded`];
  });
  return [
    ...(row.seq === (previous?.seq ?? 0) + 1 ? [] : [`${name}: an act before it is missing`]),
    ...(expected.equals(row.hash) ? [] : [`${name}: its hash does not follow from its content and the act before it`]),
    ...(row.process === movesItsStream(row)
      ? []
      : [`${name}: it is marked as an act that ${row.process ? 'moves' : 'does not move'} the process`]),
    ...(previous && row.at < previous.at ? [`${name}: it is older than the act before it`] : []),
    ...texts,
  ];
}

/** The hash covers the kind, and the kind alone says whether the process counts the act: a changed mark would hide it from the process. */
const movesItsStream = ({ stream, kind }: Row): boolean => stream === 'order' || (stream === 'request' && isProcessAct(kind as ActKind));

function opened(cipher: FieldCipher, sealed: Buffer, place: string): string | undefined {
  try {
    return cipher.decrypt(sealed, place);
  } catch {
    return undefined;
  }
}

const OWNERS = [
  ['request', 'change_request'],
  ['order', 'supervision_order'],
  ['irregularity', 'irregularity'],
  ['term', 'school_term'],
] as const;
const FIRST = '00000000-0000-0000-0000-000000000000';
const AT_ONCE = 2000;

/**
 * A request, an order, an entry of the register and a school's term know their last act. So an act removed from the end of a chain is
 * missed before a checkpoint covers it.
 */
async function verifyHeads(db: DataSource, problems: string[]): Promise<void> {
  for (const [what, table] of OWNERS)
    for (let after = FIRST; ;) {
      const rows = await inScope(db, 'system', (tx) =>
        tx.query<{ id: string; last: number; whole: boolean }[]>(
          `select id, last_seq as last, last_seq = (select coalesce(max(seq), 0) from act a where a.stream_id = owner.id) as whole
           from ${table} owner where id > $1 order by id limit $2`,
          [after, AT_ONCE],
        ),
      );
      for (const { id, last, whole } of rows) if (!whole) problems.push(`${what} ${id}: its chain does not end with act ${last}`);
      const end = rows.at(-1);
      if (!end || rows.length < AT_ONCE) break;
      after = end.id;
    }
}

interface Made {
  readonly digest: string;
  readonly at: Date;
}

async function verifyCheckpoints(db: DataSource, problems: string[]): Promise<Map<string, Made>> {
  const verify = async (tx: Transaction) => {
    const rows = await tx.query<{ position: string; digest: Buffer; at: Date }[]>(
      'select position, digest, at from ledger_checkpoint order by position',
    );
    let before: { position: string; digest: Buffer } = { position: '0', digest: Buffer.alloc(32) };
    for (const row of rows) {
      const { digest } = await digestBetween(tx, before.digest, before.position, row.position);
      if (!digest.equals(row.digest)) problems.push(`checkpoint ${row.position}: an act before it was changed, removed or added later`);
      before = row;
    }
    return new Map(rows.map(({ position, digest, at }) => [position, { digest: digest.toString('hex'), at }]));
  };
  return inScope(db, 'system', verify);
}

/** The digest of each anchor in the file, by the position of its checkpoint. */
async function anchorsIn(file: string, problems: string[]): Promise<Map<string, string | undefined>> {
  const anchored = new Map<string, string | undefined>();
  for await (const line of existsSync(file) ? createInterface({ input: createReadStream(file) }) : []) {
    const { position, digest } = anchorIn(line) ?? {};
    if (position === undefined || digest === undefined) problems.push('anchors: a line of the file is not readable');
    if (position !== undefined) anchored.set(position, digest);
  }
  return anchored;
}

/** So long its anchor may still be on the way to the file. */
const A_MOMENT = 60_000;

/**
 * A missing file of anchors, or one that is behind, is a fault, because without anchors the database's owner could rewrite the checkpoints.
 * Only the last checkpoint may still wait for its anchor. If it is the first of all, its age decides.
 */
function verifyAnchors(
  file: string,
  anchored: ReadonlyMap<string, string | undefined>,
  checkpoints: ReadonlyMap<string, Made>,
  problems: string[],
): void {
  for (const [position, digest] of anchored)
    if (digest !== undefined && checkpoints.get(position)?.digest !== digest)
      problems.push(`anchor ${position}: the database has no such checkpoint`);
  const [last, ...earlier] = [...checkpoints.keys()].reverse();
  const beingAnchored = earlier.length === 0 && systemClock.now() - (checkpoints.get(last ?? '')?.at.getTime() ?? 0) < A_MOMENT;
  if (checkpoints.size > 0 && anchored.size === 0 && !beingAnchored)
    problems.push(`anchors: ${file} holds none, of ${checkpoints.size} checkpoints`);
  if (anchored.size > 0)
    for (const position of earlier.filter((one) => !anchored.has(one))) problems.push(`checkpoint ${position}: it has no anchor`);
}

function anchorIn(line: string): Partial<Checkpoint> | undefined {
  try {
    return JSON.parse(line) as Partial<Checkpoint>;
  } catch {
    return undefined;
  }
}

if (isMain(import.meta.url)) {
  const config = configOrExit();
  const db = await connected(applicationOptions(config.databaseUrl, 2, 'xueji-verify'));
  const { problems, ...counts } = await verifyLedger(db, new FieldCipher(config.fieldKey, config.indexKey), config.anchorFile);
  await db.destroy();
  const { acts, streams, checkpoints, anchors } = counts;
  const verdict = problems.length === 0 ? 'sound' : 'NOT SOUND';
  process.stdout.write(`${acts} acts in ${streams} streams, ${checkpoints} checkpoints, ${anchors} anchors: ${verdict}\n`);
  for (const problem of problems) process.stdout.write(`  ${problem}\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
