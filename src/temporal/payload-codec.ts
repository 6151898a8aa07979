import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { DataConverter, Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;
const ENCODING = 'binary/encrypted';
const bytes = (text: string): Uint8Array => Buffer.from(text);
const text = (value: Uint8Array | null | undefined): string => Buffer.from(value ?? []).toString();

/** Encrypts every payload that leaves for Temporal with AES-256-GCM; the key's name stands beside it, so that a wrong key is told from damage. */
export class EncryptingCodec implements PayloadCodec {
  private readonly keyId: string;

  constructor(private readonly key: Buffer) {
    this.keyId = createHash('sha256').update(key).digest('hex').slice(0, 12);
  }

  encode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.resolve(payloads.map((payload) => this.sealed(payload)));
  }

  /** Leaves plain payloads as they are: histories from before the key was set stay readable. */
  decode(payloads: Payload[]): Promise<Payload[]> {
    return Promise.resolve(payloads.map((payload) => (text(payload.metadata?.encoding) === ENCODING ? this.opened(payload) : payload)));
  }

  private sealed(payload: Payload): Payload {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.key, iv);
    const sealed = Buffer.concat([cipher.update(PayloadMessage.encode(payload).finish()), cipher.final()]);
    return {
      metadata: { encoding: bytes(ENCODING), 'encryption-key-id': bytes(this.keyId) },
      data: Buffer.concat([iv, cipher.getAuthTag(), sealed]),
    };
  }

  private opened({ metadata, data }: Payload): Payload {
    const keyId = text(metadata?.['encryption-key-id']);
    if (keyId !== this.keyId) throw new Error(`a payload was encrypted with key ${keyId}, which is not configured`);
    const sealed = Buffer.from(data ?? []);
    const decipher = createDecipheriv('aes-256-gcm', this.key, sealed.subarray(0, 12)).setAuthTag(sealed.subarray(12, 28));
    const { metadata: plain, data: value } = PayloadMessage.decode(Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]));
    return { metadata: plain, data: value };
  }
}

/** How client and worker convert data: encrypted when a key is configured, failure messages included. */
export const dataConverterFor = (key: Buffer | undefined): DataConverter | undefined =>
  key && { payloadCodecs: [new EncryptingCodec(key)], failureConverterPath: new URL('failure-converter.cjs', import.meta.url).pathname };
