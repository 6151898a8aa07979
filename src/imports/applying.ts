import type { ImportKind } from '../domain/dossier/imported.js';
import type { MessageCode } from '../domain/messages/messages.js';
import { dateOf } from '../domain/working-days.js';
import type { Transaction } from '../platform/database/in-scope.js';
import { headOn } from '../platform/ledger/head-on.js';
import type { LedgerDeps } from '../platform/ledger/streams.js';
import { alone } from '../registrations/checks.js';
import { applyCertificates } from './applying-certificates.js';
import { applyChanges } from './applying-changes.js';
import { applyPeople } from './applying-people.js';
import type { Applying } from './applying.store.js';
import type { ImportRowState } from './import-row.entity.js';
import { recordImportAct, importRowPlace } from './imports.store.js';
import type { Applicable } from './judged.js';
import { isKnown, judgeImportRows, type FreshRow, type JudgedRow } from './judging.js';
import { isFaultyRead, personIn, readRows, type ReadImportRow } from './row-reading.js';

/** Rows of one transaction. */
const AT_ONCE = 100;

interface ToApply {
  readonly id: string;
  readonly kind: ImportKind;
  readonly authorityId: string;
  readonly decidedBy: string;
}

/** Whoever applies rows of an authority does so alone, so that no row of two lists is applied twice. */
const ALONE = `select pg_advisory_xact_lock(hashtextextended('import ' || authority_id, 0)) from import where id = $1`;

const SIGNED_OFF = `
  select id, kind, authority_id as "authorityId", decided_by as "decidedBy" from import
  where id = $1 and verdict = 'approve' and finished_at is null for update`;

/** All changes of a student come together, because they make one history. */
const NEXT = `
  with next as (select row, student_id from import_row where import_id = $1 and state = 'waiting' order by row limit ${AT_ONCE})
  select r.row, r.says_cipher as says from import_row r
  where r.import_id = $1 and r.state = 'waiting' and (r.row in (select row from next)
    or r.student_id in (select student_id from next))
  order by r.row for update`;

/**
 * Applies the next rows of an import that was signed off, in one transaction: judged anew, because the register has moved since. A second
 * run finds the next ones. `done` when none is left.
 */
export async function applyNextRows(tx: Transaction, deps: LedgerDeps, importId: string): Promise<'more' | 'done'> {
  await tx.query(ALONE, [importId]);
  const [one] = await tx.query<ToApply[]>(SIGNED_OFF, [importId]);
  if (!one) return 'done';
  const next = await tx.query<{ row: number; says: Buffer }[]>(NEXT, [importId]);
  if (next.length === 0) {
    await finish(tx, deps, importId);
    return 'done';
  }
  const says = next.map(({ row, says: sealed }) => ({
    row,
    says: JSON.parse(deps.cipher.decrypt(sealed, importRowPlace(importId, row))) as unknown,
  }));
  await applyRows(tx, deps, one, one.kind, says);
  return 'more';
}

async function applyRows<K extends ImportKind>(
  tx: Transaction,
  deps: LedgerDeps,
  { id: importId, authorityId, decidedBy: personId }: ToApply,
  kind: K,
  given: readonly { readonly row: number; readonly says: unknown }[],
): Promise<void> {
  const now = new Date(deps.clock.now());
  const today = dateOf(now.getTime());
  const read = readRows(kind, given, today);
  await alone(tx, deps, personsOf(read));
  const judged = await judgeImportRows({ tx, cipher: deps.cipher, authorityId, today }, kind, read);
  const headId = await headOn(tx, authorityId, now.getTime());
  const by = { personId, office: 'authorityReviewer', organisationId: authorityId, headId } as const;
  const fresh = judged.filter((row): row is FreshRow<K> => !isFaultyRead(row) && !isKnown(row) && !row.held);
  const applied = await APPLIERS[kind]({ tx, deps, importId, now, by }, fresh);
  await settle(tx, importId, judged.map((row) => settled(row, applied))); // prettier-ignore
}

const personsOf = <K extends ImportKind>(read: readonly ReadImportRow<K>[]) =>
  read.flatMap((one) => (!isFaultyRead(one) && 'document' in one.input ? [personIn(one.input)] : []));

type Applier<K extends ImportKind> = (applying: Applying, rows: readonly Applicable<K>[]) => Promise<ReadonlyMap<number, string>>;
const APPLIERS: { readonly [K in ImportKind]: Applier<K> } = {
  students: applyPeople,
  graduates: applyPeople,
  changes: applyChanges,
  certificates: applyCertificates,
};

interface Settled {
  readonly row: number;
  readonly state: ImportRowState;
  readonly cause: MessageCode | null;
  readonly student: string | null;
}

function settled<K extends ImportKind>(one: JudgedRow<K>, applied: ReadonlyMap<number, string>): Settled {
  const { row } = one;
  if (isFaultyRead(one)) return { row, state: 'faulty', cause: one.faults[0]?.code ?? 'invalid-input', student: null };
  if (isKnown(one)) return { row, state: 'known', cause: null, student: null };
  if (one.held) return { row, state: 'held', cause: one.held.code, student: null };
  return { row, state: 'applied', cause: null, student: applied.get(row) ?? null };
}

/** What a row says is kept until it stands in the dossier. */
const settle = (tx: Transaction, importId: string, rows: readonly Settled[]): Promise<unknown> =>
  tx.query(
    `update import_row r set state = s.state, cause = s.cause, student_id = coalesce(s.student, r.student_id),
       says_cipher = case when s.state in ('applied', 'known') then null else r.says_cipher end
     from jsonb_to_recordset($2::jsonb) as s (row int, state text, cause text, student uuid) where r.import_id = $1 and r.row = s.row`,
    [importId, JSON.stringify(rows)],
  );

async function finish(tx: Transaction, deps: LedgerDeps, importId: string): Promise<void> {
  const [counts] = await tx.query<{ applied: number; left: number }[]>(
    `select count(*) filter (where state = 'applied')::int as applied, count(*) filter (where state in ('held', 'faulty'))::int as left
     from import_row where import_id = $1`,
    [importId],
  );
  await recordImportAct(tx, deps, importId, { kind: 'finished', key: 'finished', body: { ...counts } });
  await tx.query('update import set finished_at = $2 where id = $1', [importId, new Date(deps.clock.now())]);
}
