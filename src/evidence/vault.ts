import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { FieldCipher } from '../platform/database/field-cipher.js';
import { placeOf } from './place.js';

/** What is wrong with a stored file. */
export type Damage = 'evidenceMissing' | 'evidenceChanged';

export const sha256Of = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

const KEY_BYTES = 32;
/** Each file has a data key of its own, sealed under the field key: its number, initial vector, tag, and the key. */
const SEALED_KEY_BYTES = 29 + KEY_BYTES;
const keyPlace = (sha256: string): string => `evidence.key:${sha256}`;
const contentPlace = (sha256: string): string => `evidence.content:${sha256}`;

/** A content encrypted with AES-256-GCM, bound to its digest. A new field key opens what the former one sealed, as long as both are set. */
function sealed(cipher: FieldCipher, sha256: string, content: Buffer): Buffer {
  const key = randomBytes(KEY_BYTES);
  return Buffer.concat([cipher.seal(key, keyPlace(sha256)), under(key).seal(content, contentPlace(sha256))]);
}

/** @throws when the bytes are not what was sealed for this digest */
function opened(cipher: FieldCipher, sha256: string, bytes: Buffer): Buffer {
  const key = cipher.open(bytes.subarray(0, SEALED_KEY_BYTES), keyPlace(sha256));
  return under(key).open(bytes.subarray(SEALED_KEY_BYTES), contentPlace(sha256));
}

const under = (key: Buffer): FieldCipher => new FieldCipher(key, key);

/** Stores a content once, for this account of the machine alone. A link is atomic, so a reader never sees half a file. */
export async function storeContent(cipher: FieldCipher, dataDir: string, scratch: string, sha256: string, content: Buffer): Promise<void> {
  const place = placeOf(dataDir, sha256);
  await mkdir(path.dirname(place), { recursive: true, mode: 0o700 });
  try {
    await writeFile(scratch, sealed(cipher, sha256, content), { flag: 'wx', mode: 0o600 });
    await link(scratch, place);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(scratch, { force: true });
  }
}

/** The content, or what is wrong with it: it is served only if it is what was uploaded. Uploads are bounded, so it is read whole. */
export async function contentOf(cipher: FieldCipher, dataDir: string, sha256: string): Promise<Buffer | Damage> {
  const bytes = await readFile(placeOf(dataDir, sha256)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (bytes === undefined) return 'evidenceMissing';
  try {
    const content = opened(cipher, sha256, bytes);
    return sha256Of(content) === sha256 ? content : 'evidenceChanged';
  } catch {
    return 'evidenceChanged';
  }
}
