import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { FieldCipher } from '../../src/platform/database/field-cipher.js';

const [fieldKey, indexKey] = [randomBytes(32), randomBytes(32)];
const cipher = new FieldCipher(fieldKey, indexKey);
const PLACE = 'student.name:s1';

describe('a personal field', () => {
  it('comes back as it was, whatever its text', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => cipher.decrypt(cipher.encrypt(text, PLACE), PLACE) === text));
  });

  it('is another ciphertext each time, and none shows the text', () => {
    const sealed = Array.from({ length: 50 }, () => cipher.encrypt('欧阳娜娜', PLACE));
    expect(new Set(sealed.map((one) => one.toString('hex'))).size).toBe(50);
    expect(sealed.filter((one) => one.includes('欧阳'))).toEqual([]);
  });

  it('opens only in the place it was sealed for: table, column and row', () => {
    const sealed = cipher.encrypt('欧阳娜娜', PLACE);
    for (const place of ['student.name:s2', 'student.former_name:s1', 'guardian.name:s1', ''])
      expect(() => cipher.decrypt(sealed, place)).toThrow();
  });

  it('is sealed with the first of several keys, and opens with the one that sealed it', () => {
    const newer = new FieldCipher(
      [
        { number: 2, key: randomBytes(32) },
        { number: 1, key: fieldKey },
      ],
      indexKey,
    );
    expect(newer.decrypt(cipher.encrypt('欧阳娜娜', PLACE), PLACE)).toBe('欧阳娜娜');
    const sealed = newer.encrypt('欧阳娜娜', PLACE);
    expect(sealed[0]).toBe(2);
    expect(newer.decrypt(sealed, PLACE)).toBe('欧阳娜娜');
    expect(() => cipher.decrypt(sealed, PLACE)).toThrow('key version 2, which is not configured');
  });

  it('opens only with its key', () => {
    const sealed = cipher.encrypt('欧阳娜娜', PLACE);
    expect(() => new FieldCipher(randomBytes(32), indexKey).decrypt(sealed, PLACE)).toThrow();
  });

  it('does not open when a single bit was altered, anywhere', () => {
    const sealed = cipher.encrypt('张三', PLACE);
    for (let bit = 0; bit < sealed.length * 8; bit += 1) {
      const altered = Buffer.from(sealed);
      altered[bit >> 3]! ^= 1 << (bit & 7);
      expect(() => cipher.decrypt(altered, PLACE)).toThrow();
    }
  });

  it.each(['张三', ''])('does not open when it was cut short or made longer: "%s"', (text) => {
    const sealed = cipher.encrypt(text, PLACE);
    const opened = Array.from({ length: sealed.length }, (_, length) => length).filter((length) => {
      try {
        cipher.decrypt(sealed.subarray(0, length), PLACE);
        return true;
      } catch {
        return false;
      }
    });
    expect(opened).toEqual([]);
    expect(() => cipher.decrypt(Buffer.concat([sealed, Buffer.from([0])]), PLACE)).toThrow();
  });

  it('says which key version it needs, and never the text, when it cannot be opened', () => {
    const sealed = cipher.encrypt('张三', PLACE);
    sealed[0] = 2;
    expect(() => cipher.decrypt(sealed, PLACE)).toThrow('key version 2');
  });
});

describe('the blind index of a field', () => {
  it('is equal for equal values of the same field, and for nothing else', () => {
    const index = (field: string, value: string) => cipher.index(field, value).toString('hex');
    expect(index('name', '张三')).toBe(index('name', '张三'));
    const others = [index('name', '张四'), index('studentNumber', '张三'), index('nam', 'e\0张三'), index('', 'name\0张三')];
    expect(new Set([index('name', '张三'), ...others]).size).toBe(5);
  });

  it('depends on its own key alone, so that losing the one key does not lose the other', () => {
    const value = cipher.index('name', '张三');
    expect(new FieldCipher(randomBytes(32), indexKey).index('name', '张三')).toEqual(value);
    expect(new FieldCipher(fieldKey, randomBytes(32)).index('name', '张三')).not.toEqual(value);
  });
});
