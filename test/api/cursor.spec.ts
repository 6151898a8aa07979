import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Cursors } from '../../src/platform/http/cursor.js';
import { Problem } from '../../src/platform/http/problem.js';
import type { Config } from '../../src/platform/config.js';

const cursors = new Cursors({ indexKey: randomBytes(32) } as Config);
const refused = (read: () => unknown) => {
  try {
    read();
  } catch (thrown) {
    if (thrown instanceof Problem) return [thrown.code, thrown.more.errors?.map(({ pointer }) => pointer)];
    throw thrown;
  }
  return 'read';
};
const REFUSED = ['invalid-input', ['/cursor']];

describe('a cursor', () => {
  it('gives back the keys it was written with, for its list', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string({ unit: 'grapheme' })), (list, keys) => {
        expect(cursors.read(list, cursors.write(list, keys))).toEqual(keys);
      }),
    );
  });

  it('is not needed for the first page', () => {
    expect(cursors.read('inbox', undefined)).toBeUndefined();
  });

  it('fits into a URL as it is', () => {
    fc.assert(fc.property(fc.array(fc.string({ unit: 'binary' })), (keys) => /^[\w.-]+$/.test(cursors.write('requests', keys))));
  });

  it('of one list is none of another', () => {
    expect(refused(() => cursors.read('requests', cursors.write('inbox', ['2026-11-23', 'x'])))).toEqual(REFUSED);
  });

  it('of another deployment is refused', () => {
    const other = new Cursors({ indexKey: randomBytes(32) } as Config);
    expect(refused(() => cursors.read('inbox', other.write('inbox', ['2026-11-23'])))).toEqual(REFUSED);
  });

  it('that a client made or altered is refused, and never fails on our side', () => {
    const good = cursors.write('inbox', ['2026-11-23T00:00:00Z', 'a']);
    const [payload = '', signature = ''] = good.split('.');
    const forged = Buffer.from(JSON.stringify(['inbox', '2030-01-01', 'a'])).toString('base64url');
    for (const made of [
      '',
      '.',
      'x',
      payload,
      `.${signature}`,
      `${payload}.`,
      `${forged}.${signature}`,
      `${payload}.${signature.slice(1)}`,
      `${good}AAAA`,
      `${good}.`,
      `${good}.x`,
      `${payload}=.${signature}`,
      `${payload}.${signature}==`,
      `${payload}!.${signature}`,
      `${good.slice(0, -1)}${String.fromCharCode(good.charCodeAt(good.length - 1) + 1)}`, // 16 bytes leave four bits over
    ])
      expect([made, refused(() => cursors.read('inbox', made))]).toEqual([made, REFUSED]);
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => expect(refused(() => cursors.read('inbox', text))).toEqual(REFUSED)));
  });
});

describe('a page', () => {
  const page = (rows: number[], limit: number) => cursors.page('inbox', rows, limit, (row) => [String(row)]);

  it('has as many items as asked for, and a cursor at its last when one more was read', () => {
    const { items, nextCursor } = page([1, 2, 3], 2);
    expect([items, cursors.read('inbox', nextCursor ?? '')]).toEqual([[1, 2], ['2']]);
  });

  it('has no cursor when nothing is left, also when it is exactly full or empty', () => {
    expect([page([1, 2], 2), page([1], 2), page([], 2)].map(({ items, nextCursor }) => [items.length, nextCursor])).toEqual([
      [2, null],
      [1, null],
      [0, null],
    ]);
  });
});
