import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { inSnapshot, type Transaction } from '../../platform/database/in-scope.js';
import { ROWS_AT_ONCE, BEFORE_ALL_IDS, type Report } from './report.js';

interface Head {
  readonly personId: string;
  readonly seq: number;
  readonly hash: Buffer;
  readonly keptAfter: number;
  readonly keptHash: Buffer;
}

const READERS = 200;
const HEADS = `
  select person_id as "personId", seq, hash, kept_after as "keptAfter", kept_hash as "keptHash" from reader_head
  where person_id > $1 order by person_id limit $2`;
const READS = `
  select a.seq, a.hash, text_of_access(a) as said from dossier_access a where a.person_id = $1 and a.seq > $2 order by a.seq limit $3`;
const HEADLESS = `
  select distinct person_id as "personId" from dossier_access a
  where not exists (select 1 from reader_head h where h.person_id = a.person_id) limit 50`;

/** The record of who read of whom is a chain for each reader, from what was forgotten after its term up to the reader's head. */
export async function verifyReads(db: DataSource, report: Report): Promise<void> {
  for (let after = BEFORE_ALL_IDS; ;) {
    const heads = await inSnapshot(db, async (tx) => {
      const rows = await tx.query<Head[]>(HEADS, [after, READERS]);
      for (const head of rows) await verifyReader(tx, head, report);
      return rows;
    });
    const end = heads.at(-1);
    if (!end || heads.length < READERS) break;
    after = end.personId;
  }
  const headless = await inSnapshot(db, (tx) => tx.query<{ personId: string }[]>(HEADLESS));
  for (const { personId } of headless) report(`reads of ${personId}: the head of their chain is missing`);
}

/** Reports the first fault of a chain: what follows it follows from it. */
async function verifyReader(tx: Transaction, { personId, ...head }: Head, report: Report): Promise<void> {
  const name = `reads of ${personId}`;
  let [seq, hash] = [head.keptAfter, head.keptHash];
  for (;;) {
    const rows = await tx.query<{ seq: number; hash: Buffer; said: string }[]>(READS, [personId, seq, ROWS_AT_ONCE]);
    for (const row of rows) {
      if (row.seq !== seq + 1) return report(`${name}: read ${seq + 1} was removed`);
      const expected = createHash('sha256').update(hash).update(row.said).digest();
      if (!expected.equals(row.hash)) return report(`${name} read ${row.seq}: it is not what was recorded`);
      [seq, hash] = [row.seq, row.hash];
    }
    if (rows.length < ROWS_AT_ONCE) break;
  }
  if (seq !== head.seq) report(`${name}: they do not end with read ${head.seq}, which their head names`);
  else if (!hash.equals(head.hash)) report(`${name} read ${seq}: its hash is not the one that their head has`);
}
