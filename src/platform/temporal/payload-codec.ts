import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { DataConverter, Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;
/** Length of the tag in bytes. Without it Node accepts a tag cut to 4 bytes, which can be guessed. */
const TAG = { authTagLength: 16 };
const ENCODING = 'binary/encrypted';
const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = (value: Uint8Array | null | undefined): string => Buffer.from(value ?? []).toString();

/** What can't be opened: sealed with another key, or damaged. */
export class Undecodable extends Error {}

const nameOf = (key: Buffer): string => createHash('sha256').update(key).digest('hex').slice(0, 12);

/**
 * Encrypts every payload that leaves for Temporal with AES-256-GCM; the key's name stands beside it, so that a wrong key is told from
 * damage. The first key seals, all of them open.
 */
export class EncryptingCodec implements PayloadCodec {
  private readonly keys: ReadonlyMap<string, Buffer>;

  constructor(keys: Buffer | readonly Buffer[]) {
    this.keys = new Map((Buffer.isBuffer(keys) ? [keys] : keys).map((key) => [nameOf(key), key]));
  }

  encode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.resolve(payloads.map((payload) => this.sealed(payload)));
  }

  /** Leaves plain payloads as they are: histories from before the key was set stay readable. */
  async decode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) => (text(payload.metadata?.encoding) === ENCODING ? this.opened(payload) : payload));
  }

  private sealed(payload: Payload): Payload {
    const iv = randomBytes(12);
    const [[keyId, key] = []] = this.keys;
    if (!keyId || !key) throw new Error('no key of payloads is configured');
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    const sealed = Buffer.concat([cipher.update(PayloadMessage.encode(payload).finish()), cipher.final()]);
    return {
      metadata: { encoding: bytes(ENCODING), 'encryption-key-id': bytes(keyId) },
      data: Buffer.concat([iv, cipher.getAuthTag(), sealed]),
    };
  }

  private opened({ metadata, data }: Payload): Payload {
    const keyId = text(metadata?.['encryption-key-id']);
    const key = this.keys.get(keyId);
    if (!key) throw new Undecodable(`a payload was encrypted with key ${keyId}, which is not configured`);
    const sealed = Buffer.from(data ?? []);
    try {
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), TAG).setAuthTag(sealed.subarray(12, 28));
      const plain = PayloadMessage.decode(Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]));
      return { metadata: plain.metadata, data: plain.data };
    } catch (cause) {
      throw new Undecodable('a payload was altered or cut', { cause });
    }
  }
}

/** How client and worker convert data: encrypted when a key is configured, failure messages included. */
export const dataConverterFor = (key: Buffer | readonly Buffer[] | undefined): DataConverter | undefined =>
  key && { payloadCodecs: [new EncryptingCodec(key)], failureConverterPath: new URL('failure-converter.cjs', import.meta.url).pathname };
