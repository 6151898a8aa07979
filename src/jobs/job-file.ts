import { PassThrough, pipeline, Readable } from 'node:stream';
import JSZip from 'jszip';

/** Where a part of a file is sealed for. */
export const partPlace = (jobId: string, part: number): string => `job_part.cipher:${jobId}/${part}`;

/** A part as the database keeps it, from 1. */
export interface KeptPart {
  readonly part: number;
  readonly name: string;
}

type Read = (part: number) => Promise<Buffer>;

/** The parts as one file; one stands in memory at a time. */
export async function* oneAfterTheOther(read: Read, parts: number): AsyncGenerator<Buffer> {
  for (let part = 1; part <= parts; part += 1) yield await read(part);
}

/** One day for all entries, because an archive of the same parts has the same bytes. */
const EPOCH = new Date(Date.UTC(1980, 0, 1));

/** The parts as the files of one ZIP, each read when its turn comes. */
export function archiveOf(read: Read, parts: readonly KeptPart[]): Readable {
  async function* content(part: number): AsyncGenerator<Buffer> {
    yield await read(part);
  }
  const zip = new JSZip();
  for (const { part, name } of parts) zip.file(name, Readable.from(content(part)), { date: EPOCH, binary: true });
  const file = new PassThrough();
  pipeline(zip.generateNodeStream({ streamFiles: true, compression: 'STORE' }), file, () => undefined); // the reader hears of a failure
  return file;
}
