import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { systemClock, type Clock } from '../platform/clock.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { mayRemove } from './attachable.js';
import { FOLDERS, folderOf, placeOf } from './place.js';

export interface SweepDeps {
  readonly db: DataSource;
  readonly clock: Clock;
  readonly log: Logger;
  readonly dataDir: string;
  /** Days for which evidence is kept that no request names. */
  readonly days: number;
}

interface Upload {
  readonly id: string;
  readonly at: string;
}

const DAY = 24 * 3_600_000;
const AT_ONCE = 2000;
/** While so many are removed, an upload waits. */
const FILES_AT_ONCE = 100;
const DIGEST = /^[0-9a-f]{64}$/;
const START: Upload = { id: '00000000-0000-0000-0000-000000000000', at: '-infinity' };
const PAGE = `select id, uploaded_at::text as at from evidence where (uploaded_at, id) > ($1::timestamptz, $2) and uploaded_at < $3
  order by uploaded_at, id limit $4`;

/**
 * Removes what nobody needs, round after round, but nothing that is attached or being attached:
 * 1. Evidence that was never attached to a request, the oldest first, with its file if no other upload has the same content.
 * 2. Files that a killed process left without a row, folder by folder.
 */
export class EvidenceSweep {
  private last = START;
  private folder = 0;

  constructor(
    private readonly deps: SweepDeps,
    private readonly size = AT_ONCE,
  ) {}

  async pass(): Promise<void> {
    await this.uploads();
    await this.leftIn(this.folder);
    this.folder = (this.folder + 1) % FOLDERS;
  }

  /** The next page of old uploads; looked at again by the next pass when somebody stores or attaches in this moment. */
  async uploads(): Promise<void> {
    const { db, clock, days, log } = this.deps;
    const before = new Date(clock.now() - days * DAY);
    const page = await inScope(db, 'system', (tx) => tx.query<Upload[]>(PAGE, [this.last.at, this.last.id, before, this.size]));
    const removed = await this.removed(page, before);
    if (removed === undefined) return;
    this.last = page.length < this.size ? START : (page.at(-1) ?? START);
    if (removed.length === 0) return;
    const files = await this.withoutRow(removed);
    log.info({ uploads: removed.length, files }, 'evidence that was never attached to a request is removed');
  }

  /** Files of one folder that lie there for a day and that no upload has. */
  async leftIn(nth: number): Promise<void> {
    const folder = folderOf(this.deps.dataDir, nth);
    const old: string[] = [];
    for (const name of await readdir(folder).catch(() => [])) {
      const found = DIGEST.test(name) ? await stat(path.join(folder, name)).catch(() => undefined) : undefined;
      if (found && found.mtimeMs < systemClock.now() - DAY) old.push(name);
    }
    await this.withoutRow(old);
  }

  /** Digests of what was removed; undefined when nothing may be removed now. */
  private removed(page: readonly Upload[], before: Date): Promise<string[] | undefined> {
    const ids = page.map(({ id }) => id);
    return inScope(this.deps.db, 'system', async (tx) => {
      const loose = await tx.query<{ id: string }[]>('select loose_evidence($1) as id', [ids]);
      if (loose.length === 0) return [];
      if (!(await mayRemove(tx))) return undefined;
      const gone = await tx.query<{ sha256: string }[]>('select remove_loose_evidence($1, $2) as sha256', [
        loose.map(({ id }) => id),
        before,
      ]);
      await tx.query('update evidence_removed set uploads = uploads + $1', [gone.length]);
      return gone.map(({ sha256 }) => sha256);
    });
  }

  /** Removes the files of contents that no upload has; how many there were. */
  private async withoutRow(digests: readonly string[]): Promise<number> {
    let files = 0;
    for (let n = 0; n < digests.length; n += FILES_AT_ONCE) files += await this.someWithoutRow(digests.slice(n, n + FILES_AT_ONCE));
    return files;
  }

  private someWithoutRow(digests: readonly string[]): Promise<number> {
    return inScope(this.deps.db, 'system', async (tx) => {
      if (!(await mayRemove(tx))) return 0; // the folder's turn comes
      const left = new Set(await kept(tx, digests));
      const gone = [...new Set(digests)].filter((digest) => !left.has(digest));
      for (const digest of gone) await rm(placeOf(this.deps.dataDir, digest), { force: true });
      if (gone.length > 0) await tx.query('update evidence_removed set files = files + $1', [gone.length]);
      return gone.length;
    });
  }
}

const kept = async (tx: Transaction, digests: readonly string[]): Promise<string[]> =>
  (await tx.query<{ sha256: string }[]>('select distinct sha256 from evidence where sha256 = any($1::text[])', [digests])).map(
    ({ sha256 }) => sha256,
  );
