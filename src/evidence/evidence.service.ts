import { createHash } from 'node:crypto';
import { createReadStream, type ReadStream } from 'node:fs';
import { link, mkdir, open, rm } from 'node:fs/promises';
import path from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { type Caller } from '../platform/access/caller.js';
import { handlingAt } from '../domain/offices.js';
import { Problem } from '../platform/http/problem.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { CONFIG, type Config } from '../platform/config.js';
import { inScope } from '../platform/database/in-scope.js';
import { newId } from '../platform/ledger/new-id.js';
import { recordEvidenceAccess } from '../dossier/accesses.js';
import type { EvidenceView } from './evidence.dto.js';
import { cleaned } from './cleaned.js';
import { blockRemoval } from './attachable.js';
import { MAGIC_BYTES, mediaTypeOf } from './media-type.js';
import { placeOf } from './place.js';
import { EvidenceFile } from './evidence-file.entity.js';
import { SCANNER, type Scanner } from './scanner.js';

const EXTENSIONS: Readonly<Record<string, string>> = { 'application/pdf': 'pdf', 'image/jpeg': 'jpg', 'image/png': 'png' };

/** Uploaded files, stored once by the digest of their content. The row is written after the bytes, so no row points nowhere. */
@Injectable()
export class Evidence {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(SCANNER) private readonly scanner: Scanner,
  ) {}

  async keep(caller: Caller, file: Express.Multer.File): Promise<EvidenceView> {
    try {
      if (file.size === 0) throw new Problem('invalid-input', { errors: [{ pointer: '/file', detail: 'the file is empty' }] });
      const type = mediaTypeOf(await firstBytesOf(file.path));
      if (!type) throw new Problem('unsupported-media-type', { detail: 'PDF, JPEG, PNG' });
      if ((await this.scanner.scan(file.path)) === 'malware') throw new Problem('malware');
      const size = await cleaned(file.path, type, this.config.evidenceMaxBytes);
      const sha256 = await digestOf(file.path);
      const id = newId();
      await inScope(this.db, caller, async (tx) => {
        await blockRemoval(tx); // the same content may have lain there for long, loose, and its file must outlast this row
        await this.store(file.path, sha256);
        await tx.of(EvidenceFile).insert({
          id,
          sha256,
          size: String(size),
          type,
          uploadedBy: caller.personId,
          organisationIds: handlingAt(caller),
          uploadedAt: new Date(this.clock.now()),
        });
      });
      return { id, sha256, size, type };
    } finally {
      await rm(file.path, { force: true });
    }
  }

  async read(caller: Caller, id: string): Promise<{ stream: ReadStream; type: string; size: number; extension: string }> {
    const row = await inScope(this.db, caller, async (tx) => {
      const [found] = await tx.query<{ sha256: string; size: string; type: string }[]>(
        `select sha256, size, type from evidence where id = $1 and (organisation_ids && $2 or shows_evidence(id))`,
        [id, handlingAt(caller)],
      );
      if (!found) throw new Problem('not-found');
      await recordEvidenceAccess(tx, caller, id, this.clock.now());
      return found;
    });
    return {
      stream: createReadStream(placeOf(this.config.dataDir, row.sha256)),
      type: row.type,
      size: Number(row.size),
      extension: EXTENSIONS[row.type] ?? 'bin',
    };
  }

  /** The same content is stored once; a link is atomic, so a reader never sees half a file. */
  private async store(from: string, sha256: string): Promise<void> {
    const place = placeOf(this.config.dataDir, sha256);
    await mkdir(path.dirname(place), { recursive: true });
    await link(from, place).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

async function firstBytesOf(file: string): Promise<Buffer> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MAGIC_BYTES), 0, MAGIC_BYTES, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function digestOf(file: string): Promise<string> {
  const digest = createHash('sha256');
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) digest.update(chunk);
  return digest.digest('hex');
}
