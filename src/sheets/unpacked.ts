import JSZip, { type JSZipObject } from 'jszip';

/** A part of an archive as it is read: JSZip's types leave the stream of a part out. */
interface Part extends JSZipObject {
  internalStream(type: 'uint8array'): Unpacking;
}
interface Unpacking {
  on(event: 'data', heard: (chunk: Uint8Array) => void): this;
  on(event: 'error', heard: (error: Error) => void): this;
  on(event: 'end', heard: () => void): this;
  resume(): this;
  pause(): this;
}

const FIRST_BYTES = Buffer.from('PK\u0003\u0004');
/** With it begins the line of each part in the directory of an archive. */
const LISTED = Buffer.from('PK\u0001\u0002');
/** JSZip takes some 20 kB for each part that is listed. */
const MOST_PARTS = 1000;

/** No archive as office programs write them: of up to 1000 parts, with nothing before the first. */
export class NotAnArchive extends Error {}
/** Unpacks to more than was allowed. */
export class UnpacksToTooMuch extends Error {}

/**
 * Unpacks every part of a zip archive and throws it away. A small file may unpack to gigabytes whatever sizes it declares, so it is known
 * before ExcelJS reads it. JSZip measures because ExcelJS reads by it: another reader may find other parts in a crafted file.
 * @returns the sum in bytes
 * @throws UnpacksToTooMuch NotAnArchive
 */
export async function unpackedSize(file: Buffer, most: number): Promise<number> {
  let sum = 0;
  for (const part of await partsIn(file)) sum += await unpacked(part, most - sum);
  return sum;
}

/** A file of an archive; without its content where that is larger than one may be. */
export interface Unpacked {
  readonly name: string;
  readonly content?: Uint8Array;
}

/** The files of an archive, each of `mostEach` bytes and all together of `mostInAll` at most. @throws UnpacksToTooMuch NotAnArchive */
export async function unpackedFiles(file: Buffer, mostEach: number, mostInAll: number): Promise<Unpacked[]> {
  const found: Unpacked[] = [];
  let sum = 0;
  for (const part of (await partsIn(file)).filter(({ dir }) => !dir)) {
    const chunks: Uint8Array[] = [];
    const size = await unpacked(part, mostInAll - sum, (chunk, before) => before + chunk.length <= mostEach && chunks.push(chunk));
    sum += size;
    found.push(size > mostEach ? { name: part.name } : { name: part.name, content: Buffer.concat(chunks) });
  }
  return found;
}

async function partsIn(file: Buffer): Promise<Part[]> {
  if (!file.subarray(0, FIRST_BYTES.length).equals(FIRST_BYTES) || listsTooMuch(file)) throw new NotAnArchive();
  const archive = await JSZip.loadAsync(file).catch((cause: unknown) => {
    throw new NotAnArchive('not readable', { cause });
  });
  return Object.values(archive.files) as Part[];
}

function listsTooMuch(file: Buffer): boolean {
  let parts = 0;
  for (let at = file.indexOf(LISTED); at >= 0 && parts <= MOST_PARTS; at = file.indexOf(LISTED, at + LISTED.length)) parts += 1;
  return parts > MOST_PARTS;
}

/** The size of a part. `heard` gets each chunk, and the bytes before it. */
function unpacked(part: Part, most: number, heard: (chunk: Uint8Array, before: number) => unknown = () => undefined): Promise<number> {
  return new Promise((resolve, reject) => {
    let size = 0;
    const unpacking = part.internalStream('uint8array');
    unpacking
      .on('data', (chunk) => {
        if (size <= most) heard(chunk, size);
        size += chunk.length;
        if (size <= most) return;
        unpacking.pause();
        reject(new UnpacksToTooMuch());
      })
      .on('error', (cause) => reject(new NotAnArchive('not readable', { cause })))
      .on('end', () => resolve(size))
      .resume();
  });
}
