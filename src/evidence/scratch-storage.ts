import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Request } from 'express';
import type { StorageEngine } from 'multer';

type Done = (error?: unknown, file?: Partial<Express.Multer.File>) => void;

/**
 * The place of uploads until they are judged. A file that was not written to its end is removed at once, because multer's own store would
 * leave it. The disk may be full, or the client gone.
 */
export class ScratchStorage implements StorageEngine {
  constructor(private readonly folder: string) {}

  _handleFile(_request: Request, file: Express.Multer.File, done: Done): void {
    const place = path.join(this.folder, randomUUID());
    this.written(file, place).then(
      (size) => done(undefined, { path: place, size }),
      async (error: unknown) => {
        await rm(place, { force: true }).catch(() => undefined);
        done(error);
      },
    );
  }

  _removeFile(_request: Request, { path: place }: Express.Multer.File, done: (error: Error | null) => void): void {
    rm(place, { force: true }).then(() => done(null), done);
  }

  private async written({ stream }: Express.Multer.File, place: string): Promise<number> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const out = createWriteStream(place, { flags: 'wx', mode: 0o600 });
    await pipeline(stream, out);
    return out.bytesWritten;
  }
}

const AN_HOUR = 3_600_000;

/** Removes uploads that a killed process left behind. */
export async function sweepUploads(folder: string, now: number): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const place = path.join(folder, name);
    const found = await stat(place).catch(() => undefined);
    if (found?.isFile() && found.mtimeMs < now - AN_HOUR) await rm(place, { force: true });
  }
}
