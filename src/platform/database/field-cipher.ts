import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';

/** A key with its number, which is the first byte of what it sealed. */
export interface NumberedKey {
  readonly number: number;
  readonly key: Buffer;
}

/** Without its length said, Node opens with a tag cut short to 4 bytes, which can be guessed. */
const TAG = { authTagLength: 16 };

/**
 * Encrypts personal fields one by one with AES-256-GCM, bound to their place (table, column, row). A separate key makes blind indices for
 * exact look-ups. The first byte is the key's number: the first key given seals, all of them open.
 */
export class FieldCipher {
  private readonly keys: readonly NumberedKey[];

  constructor(
    fieldKey: Buffer | readonly NumberedKey[],
    private readonly indexKey: Buffer,
  ) {
    this.keys = Buffer.isBuffer(fieldKey) ? [{ number: 1, key: fieldKey }] : fieldKey;
  }

  /** @param place `table.column:row`; the same must be given to decrypt */
  encrypt(value: string, place: string): Buffer {
    return this.seal(Buffer.from(value), place);
  }

  /** The same of bytes, such as a file's content. */
  seal(value: Buffer, place: string): Buffer {
    const iv = randomBytes(12);
    const [newest] = this.keys;
    if (!newest) throw new Error('no key of personal fields is configured');
    const cipher = createCipheriv('aes-256-gcm', newest.key, iv, TAG).setAAD(Buffer.from(place));
    const sealed = Buffer.concat([cipher.update(value), cipher.final()]);
    return Buffer.concat([Buffer.from([newest.number]), iv, cipher.getAuthTag(), sealed]);
  }

  /** @throws when the value was sealed for another place, with another key, or was altered */
  decrypt(sealed: Buffer, place: string): string {
    return this.open(sealed, place).toString('utf8');
  }

  /** The same of bytes. @throws when they were sealed for another place, with another key, or were altered */
  open(sealed: Buffer, place: string): Buffer {
    const found = this.keys.find(({ number }) => number === sealed[0]);
    if (!found) throw new Error(`a personal field was sealed with key version ${sealed[0]}, which is not configured`);
    const decipher = createDecipheriv('aes-256-gcm', found.key, sealed.subarray(1, 13), TAG)
      .setAAD(Buffer.from(place))
      .setAuthTag(sealed.subarray(13, 29));
    return Buffer.concat([decipher.update(sealed.subarray(29)), decipher.final()]);
  }

  /** A keyed digest of a normalised value, equal for equal values of the same field. */
  index(field: string, value: string): Buffer {
    return createHmac('sha256', this.indexKey).update(`${field}\0${value}`).digest();
  }
}
