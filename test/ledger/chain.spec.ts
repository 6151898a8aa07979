import fc from 'fast-check';
import { canonical, digestOf, hashOf, newSalt, type Hashed } from '../../src/platform/ledger/chain.js';

const ACT: Hashed = {
  stream: 'request',
  streamId: '0190-request',
  seq: 2,
  kind: 'decided',
  key: null,
  at: 1_795_399_440_000,
  personId: 'p1',
  office: 'schoolReviewer',
  organisationId: 'o1',
  body: { taskId: 't1', verdict: 'approve', data: { placement: { grade: '2026' } } },
  textDigests: { opinion: 'ab' },
};
const hex = (previous: Buffer | undefined, act: Hashed) => hashOf(previous, act).toString('hex');
const values = fc.jsonValue({ maxDepth: 4 });

describe('the canonical form of a value', () => {
  it('has its keys in order, at every depth, and keeps the order of lists', () => {
    expect(canonical({ b: [{ d: 1, c: 2 }, 'x'], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1},"x"]}');
  });

  it('has no undefined members, and null for what is missing in a list', () => {
    expect(canonical({ a: undefined, b: [undefined] })).toBe('{"b":[null]}');
  });

  it('is that of RFC 8785, by the example of the standard', () => {
    const example = {
      numbers: [333333333.33333329, 1e30, 4.5, 2e-3, 0.000000000000000000000000001],
      string: "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\u0022/",
      literals: [null, true, false],
    };
    expect(canonical(example)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],' +
        '"string":"\u20ac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
    const sorted = canonical({ '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 });
    expect(Object.values(JSON.parse(sorted) as object)).toEqual([4, 2, 6, 7, 1, 5, 3]);
  });

  it('is refused to what would be read as something else later', () => {
    for (const lost of [NaN, Infinity, [NaN], { a: '\ud800' }, { '\udc00': 1 }]) expect(() => canonical(lost)).toThrow(/not allowed/);
    expect(canonical(new Date(0))).toBe('"1970-01-01T00:00:00.000Z"');
  });

  it('is JSON of the same value, and the same after any trip through JSON', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(JSON.parse(canonical(value))).toEqual(JSON.parse(JSON.stringify(value)));
        expect(canonical(JSON.parse(canonical(value)))).toBe(canonical(value));
      }),
    );
  });

  it('does not depend on the order in which a database returns the keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), values), (value) => {
        expect(canonical(Object.fromEntries(Object.entries(value).reverse()))).toBe(canonical(value));
      }),
    );
  });

  it('differs for values that differ', () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        const same = canonical(a) === canonical(b);
        if (same) expect(JSON.parse(canonical(a))).toEqual(JSON.parse(JSON.stringify(b)));
        else expect(JSON.parse(JSON.stringify(a))).not.toEqual(JSON.parse(JSON.stringify(b)));
      }),
    );
  });
});

describe('the chain of a stream (invariant 3)', () => {
  it('has SHA-256 hashes that never change from release to release', () => {
    expect(hex(undefined, ACT)).toBe('2359da013ceb12006ae6b74fdd4a7e8b60e44e94e9d8995d2f0c1998af9fbf28');
    expect(hex(hashOf(undefined, ACT), { ...ACT, seq: 3 })).toBe('f068062c4c1359d8e95bad9a14d26c7b3b02b26c586e2d90cd49186152393ab0');
  });

  it.each([
    ['stream', 'student'],
    ['streamId', '0190-other'],
    ['seq', 3],
    ['kind', 'recalled'],
    ['key', 'k'],
    ['at', ACT.at + 1],
    ['personId', 'p2'],
    ['office', null],
    ['organisationId', 'o2'],
    ['headId', 'h1'],
    ['body', { taskId: 't1', verdict: 'reject' }],
    ['textDigests', { opinion: 'ac' }],
    ['textDigests', null],
  ] as [keyof Hashed, unknown][])('covers the %s of an act: %p gives another hash', (member, value) => {
    expect(hex(undefined, { ...ACT, [member]: value })).not.toBe(hex(undefined, ACT));
  });

  it('covers the act before, and so all before it', () => {
    const [first, other] = [hashOf(undefined, ACT), hashOf(undefined, { ...ACT, at: 1 })];
    expect(hex(first, ACT)).not.toBe(hex(other, ACT));
    expect(hex(first, ACT)).not.toBe(hex(undefined, ACT));
  });

  it('is broken by whatever is changed, removed, added or exchanged in the middle', () => {
    const heads = (acts: readonly Hashed[]) =>
      acts.reduce<Buffer | undefined>((previous, act) => hashOf(previous, act), undefined)?.toString('hex');
    const acts = [1, 2, 3, 4].map((seq) => ({ ...ACT, seq }));
    const tampered = [
      acts.with(1, { ...acts[1]!, kind: 'recalled' }),
      acts.toSpliced(1, 1),
      acts.toSpliced(2, 0, { ...ACT, seq: 3 }),
      [acts[0]!, acts[2]!, acts[1]!, acts[3]!],
    ];
    expect(tampered.map(heads).filter((head) => head === heads(acts))).toEqual([]);
  });
});

describe('a free text beside the chain', () => {
  it('stands in the chain as a salted digest: equal texts cannot be recognised, erasing one breaks nothing', () => {
    const [one, two] = [newSalt(), newSalt()];
    expect([one.length, digestOf(one, '同意').length]).toEqual([16, 64]);
    expect(digestOf(one, '同意')).toBe(digestOf(Buffer.from(one), '同意'));
    expect(digestOf(one, '同意')).not.toBe(digestOf(two, '同意'));
    expect(digestOf(one, '同意')).not.toBe(digestOf(one, '不同意'));
  });
});
