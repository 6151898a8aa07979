import type { DataSource } from 'typeorm';
import { contentOf } from '../../evidence/vault.js';
import type { FieldCipher } from '../../platform/database/field-cipher.js';
import { inScope } from '../../platform/database/in-scope.js';
import { BEFORE_ALL_IDS, type Report } from './report.js';

const AT_ONCE = 200;
const FILES = 'select id, sha256 from evidence where id > $1 order by id limit $2';
/** Acts whose digest of a file is not that of its row, and acts that rely on a file without a row. */
const RELIED_ON = `
  select a.stream || ' ' || a.stream_id || ' act ' || a.seq as act, d.key as id, e.id is null as gone from (
      select stream, stream_id, seq, body from act where position > $1 order by position limit $2) a
    cross join lateral jsonb_each_text(a.body -> 'evidenceDigests') d left join evidence e on e.id = d.key::uuid
  where a.body ? 'evidenceDigests' and e.sha256 is distinct from d.value`;
const NEXT = 'select max(position)::text as position from (select position from act where position > $1 order by position limit $2) a';

/** Every file is what was uploaded, and what the acts that rely on it say. */
export async function verifyEvidence(db: DataSource, cipher: FieldCipher, dataDir: string, report: Report): Promise<void> {
  for (let after = BEFORE_ALL_IDS; ;) {
    const rows = await inScope(db, 'system', (tx) => tx.query<{ id: string; sha256: string }[]>(FILES, [after, AT_ONCE]));
    for (const { id, sha256 } of rows) {
      const content = await contentOf(cipher, dataDir, sha256);
      if (typeof content === 'string' && (await stands(db, id)))
        report(`evidence ${id}: its file ${content === 'evidenceMissing' ? 'is missing' : 'is not what was uploaded'}`);
    }
    const end = rows.at(-1);
    if (!end || rows.length < AT_ONCE) break;
    after = end.id;
  }
  await verifyReliedOn(db, report);
}

/** What was never attached may be removed between the look at its row and that at its file. */
const stands = async (db: DataSource, id: string): Promise<boolean> =>
  (await inScope(db, 'system', (tx) => tx.query<unknown[]>('select 1 from evidence where id = $1', [id]))).length > 0;

async function verifyReliedOn(db: DataSource, report: Report): Promise<void> {
  for (let after: string | null = '0'; after !== null;) {
    const from: string = after;
    const [faults, [next]] = await inScope(db, 'system', (tx) =>
      Promise.all([
        tx.query<{ act: string; id: string; gone: boolean }[]>(RELIED_ON, [from, 10 * AT_ONCE]),
        tx.query<{ position: string | null }[]>(NEXT, [from, 10 * AT_ONCE]),
      ]),
    );
    for (const { act, id, gone } of faults)
      report(`evidence ${id}: ${gone ? 'it was removed' : 'its digest is another'}; ${act} relies on it`);
    after = next?.position ?? null;
  }
}
