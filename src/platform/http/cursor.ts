import { FIELD_FAULTS } from '../../domain/messages/field-faults.js';
import { createHmac, timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config.js';
import { bytesOf } from './base64url.js';
import { Problem } from './problem.js';

/** Keyset cursors, signed, so that a client can use only a place that an answer gave. */
@Injectable()
export class Cursors {
  private readonly key: Buffer;
  constructor(@Inject(CONFIG) config: Config) {
    this.key = createHmac('sha256', config.indexKey).update('cursor').digest();
  }

  write(list: string, keys: readonly string[]): string {
    const text = JSON.stringify([list, ...keys]);
    return `${Buffer.from(text).toString('base64url')}.${this.sign(text).toString('base64url')}`;
  }

  /** @throws Problem invalid-input when the cursor is not one of ours for this list */
  read(list: string, cursor: string | undefined): string[] | undefined {
    if (cursor === undefined) return undefined;
    const segments = cursor.split('.');
    const [payload, signature = Buffer.alloc(0)] = segments.map(bytesOf);
    const text = payload?.toString() ?? '';
    const good = segments.length === 2 && signature.length === 16 && timingSafeEqual(signature, this.sign(text));
    const [name, ...keys] = good ? (JSON.parse(text) as string[]) : [];
    if (name !== list) throw new Problem('invalid-input', { errors: [{ pointer: '/cursor', detail: FIELD_FAULTS.notCursor }] });
    return keys;
  }

  /** A page of `limit` from rows of which one more was read. */
  page<T>(list: string, rows: readonly T[], limit: number, keysOf: (row: T) => string[]): { items: T[]; nextCursor: string | null } {
    const items = rows.slice(0, limit);
    const last = items.at(-1);
    return { items, nextCursor: rows.length > limit && last ? this.write(list, keysOf(last)) : null };
  }

  private sign(text: string): Buffer {
    return createHmac('sha256', this.key).update(text).digest().subarray(0, 16);
  }
}
