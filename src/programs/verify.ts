import type { DataSource } from 'typeorm';
import { systemClock } from '../platform/clock.js';
import { configOrExit, type Config } from '../platform/config.js';
import { applicationOptions, connected } from '../platform/database/data-source.js';
import { inScope } from '../platform/database/in-scope.js';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { verifyCases } from './audit/cases.js';
import { verifyChains } from './audit/chains.js';
import { verifyCheckpoints } from './audit/checkpoints.js';
import { verifyDerived } from './audit/derived.js';
import { verifyFoundations } from './audit/foundations.js';
import { verifyEvidence } from './audit/evidence.js';
import { verifyEnds } from './audit/ends.js';
import { verifyReads } from './audit/reads.js';
import { isMain } from './is-main.js';

export interface Verification {
  readonly acts: number;
  readonly streams: number;
  readonly checkpoints: number;
  readonly anchors: number;
  readonly problems: readonly string[];
}

/**
 * Proves invariant 3 over the whole ledger, and that what follows from it still does:
 * 1. Every chain is unbroken, without a gap, and ends where its head says.
 * 2. Every text is what its digest says, or erased by an act.
 * 3. Every checkpoint is the digest of its acts, and every anchor outside the database equals its checkpoint.
 * 4. Requests, tasks, offices, enrolments and the like are what their acts left.
 * 5. The record of reads is whole.
 * 6. Every file of evidence is what was uploaded, and what the act that relied on it says.
 * The system may be at work meanwhile: whatever is compared with one another is read in one snapshot.
 */
export async function verifyLedger(
  db: DataSource,
  cipher: FieldCipher,
  { anchorFile, dataDir }: Pick<Config, 'anchorFile' | 'dataDir'>,
  now = systemClock.now(),
): Promise<Verification> {
  const problems: string[] = [];
  const report = (...faults: readonly string[]): void => void problems.push(...faults);
  const chains = await verifyChains(db, cipher, report);
  await verifyEnds(db, report);
  const anchored = await verifyCheckpoints(db, cipher, anchorFile, now, report);
  await verifyCases(db, report);
  await verifyDerived(db, report);
  await verifyFoundations(db, report);
  await verifyReads(db, report);
  await verifyEvidence(db, cipher, dataDir, report);
  return { ...chains, ...anchored, problems };
}

const NOTED = `
  insert into ledger_verification (verified_at, acts, faults) values ($1, $2, $3)
  on conflict (one) do update set verified_at = excluded.verified_at, acts = excluded.acts, faults = excluded.faults`;

/** For the metrics. Where the database takes no writing, as of a copy, the verdict stands without it. */
const noteVerification = (db: DataSource, acts: number, faults: number): Promise<unknown> =>
  inScope(db, 'system', (tx) => tx.query(NOTED, [new Date(systemClock.now()), acts, faults])).catch(() => undefined);

if (isMain(import.meta.url)) {
  const config = configOrExit();
  const db = await connected(applicationOptions(config.databaseUrl, 2, 'xueji-verify'));
  const { problems, ...counts } = await verifyLedger(db, new FieldCipher(config.fieldKey, config.indexKey), config);
  await noteVerification(db, counts.acts, problems.length);
  await db.destroy();
  const { acts, streams, checkpoints, anchors } = counts;
  const verdict = problems.length === 0 ? 'sound' : 'NOT SOUND';
  process.stdout.write(`${acts} acts in ${streams} streams, ${checkpoints} checkpoints, ${anchors} anchors: ${verdict}\n`);
  for (const problem of problems) process.stdout.write(`  ${problem}\n`);
  process.exitCode = problems.length === 0 ? 0 : 1;
}
