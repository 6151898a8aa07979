import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** A detached signature over the bytes of a PDF, with the key that checks it. */
export interface PdfSignature {
  readonly algorithm: 'Ed25519';
  /** SHA-256 of the PDF, in hexadecimal. */
  readonly sha256: string;
  /** In base64. */
  readonly signature: string;
  /** Which key: the beginning of the SHA-256 of the public key. */
  readonly keyId: string;
  /** PEM. */
  readonly publicKey: string;
}

/** The key that signs certificates, out of its file. It lies outside the database, and is made when it is first needed. */
async function signingKey(file: string): Promise<KeyObject> {
  const read = () => readFile(file, 'utf8').then(createPrivateKey);
  return read().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
    await makeKey(file);
    return read();
  });
}

/** A link is atomic: of two processes that make a key at once, one's key stands, whole. */
async function makeKey(file: string): Promise<void> {
  const { privateKey } = generateKeyPairSync('ed25519');
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  const scratch = `${file}.${randomUUID()}`;
  await writeFile(scratch, privateKey.export({ type: 'pkcs8', format: 'pem' }), { flag: 'wx', mode: 0o600 });
  await link(scratch, file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(scratch, { force: true });
}

/** Signs a PDF. Ed25519 is deterministic: of equal bytes the signature is equal. */
export async function signPdf(keyFile: string, pdf: Buffer): Promise<PdfSignature> {
  const key = await signingKey(keyFile);
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  return {
    algorithm: 'Ed25519',
    sha256: createHash('sha256').update(pdf).digest('hex'),
    signature: sign(null, pdf, key).toString('base64'),
    keyId: createHash('sha256').update(publicKey).digest('hex').slice(0, 16),
    publicKey,
  };
}
