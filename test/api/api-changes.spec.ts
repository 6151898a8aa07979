import { changesBetween, type Contract } from '../fixtures/openapi-changes.js';

type Schema = Readonly<Record<string, unknown>>;

/** One operation that takes `In` and answers `Out`. */
function contract(input: Schema, output: Schema = {}, operation: object = {}): Contract {
  const content = (name: string) => ({ 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } });
  const post = {
    operationId: 'doThing',
    requestBody: { required: true, content: content('In') },
    responses: { 200: { content: content('Out') } },
  };
  return {
    paths: { '/things': { post: { ...post, ...operation } } },
    components: { schemas: { In: { type: 'object', ...input }, Out: { type: 'object', ...output } } },
  };
}
const fields = (properties: Record<string, Schema>, required: string[] = []): Schema => ({ properties, required });
const text = { type: 'string' };

describe('what changed between two documents', () => {
  const told = (before: Contract, after: Contract, breaking: boolean) =>
    changesBetween(before, after)
      .filter((one) => one.breaking === breaking)
      .map((one) => one.text);

  it('finds nothing between a document and itself', () => {
    const one = contract(fields({ a: text, again: { $ref: '#/components/schemas/In' } }, ['a']), fields({ b: text }, ['b']));
    expect(changesBetween(one, one)).toEqual([]);
  });

  it.each([
    ['a field that is gone from an answer', fields({}), fields({ b: text }, ['b']), '`Out` has no `b` any more'],
    ['a field that may be left out of an answer', fields({ b: text }), fields({ b: text }, ['b']), '`Out` may come without `b`'],
    ['a field that may be null', fields({ b: { type: ['string', 'null'] } }), fields({ b: text }), '`Out`.b may be null'],
    ['a set that is open now', fields({ b: text }), fields({ b: { ...text, enum: ['x'] } }), '`Out`.b answers any values'],
    [
      'a text that is no day any more',
      fields({ b: text }),
      fields({ b: { ...text, format: 'date' } }),
      '`Out`.b has the format of any text',
    ],
    ['a number that may be broken', fields({ b: { type: 'number' } }), fields({ b: { type: 'integer' } }), '`Out`.b may be number'],
  ])('says of an answer that it breaks clients: %s', (_, after, before, expected) => {
    expect(told(contract({}, before), contract({}, after), true)).toEqual([expected]);
    expect(told(contract(before), contract(after), true)).not.toContain(expected);
  });

  it.each([
    ['a new field that is asked for', fields({}), fields({ a: text }, ['a']), '`In` asks for `a`'],
    ['a field that is asked for now', fields({ a: text }), fields({ a: text }, ['a']), '`In` asks for `a`'],
    ['a field that is taken no more', fields({ a: text }), fields({}), '`In` has no `a` any more, as input'],
    ['another type', fields({ a: text }), fields({ a: { type: 'boolean' } }), '`In`.a no longer takes string'],
    ['fewer codes', fields({ a: { ...text, enum: ['x', 'y'] } }), fields({ a: { ...text, enum: ['x'] } }), '`In`.a no longer takes y'],
    ['codes alone', fields({ a: text }), fields({ a: { ...text, enum: ['x'] } }), '`In`.a takes only some values'],
    ['shorter texts', fields({ a: text }), fields({ a: { ...text, maxLength: 9 } }), '`In`.a has a lower maxLength'],
    ['longer lists', fields({ a: { type: 'array' } }), fields({ a: { type: 'array', minItems: 1 } }), '`In`.a has a higher minItems'],
  ])('says of an input that it breaks clients: %s', (_, before, after, expected) => {
    expect(told(contract(before), contract(after), true)).toEqual([expected]);
  });

  it('takes for an addition what no client of before can notice', () => {
    const before = contract(fields({ a: { ...text, maxLength: 9 }, c: { ...text, enum: ['x'] } }, ['a']), fields({ b: text }));
    const after = contract(
      fields({ a: { type: ['string', 'null'] }, c: { ...text, enum: ['x', 'y'] }, d: text }),
      fields({ b: { ...text, format: 'date' }, e: text }, ['b', 'e']),
      { parameters: [{ name: 'limit', in: 'query', required: false, schema: { type: 'integer' } }] },
    );
    expect(told(before, after, true)).toEqual([]);
    expect(told(before, after, false)).toEqual(['POST /things takes `limit`', '`In`.c takes y', '`In` has `d` as input', '`Out` has `e`']);
  });

  it('says of an operation that it is gone, new, called otherwise, or asks for more', () => {
    const one = contract({});
    const asking = { parameters: [{ name: 'Idempotency-Key', in: 'header', required: true }], operationId: 'makeThing' };
    expect(told(one, { paths: {} }, true)).toEqual(['POST /things is gone']);
    expect(told({ paths: {} }, one, false)).toEqual(['POST /things is new']);
    expect(told(one, contract({}, {}, asking), true)).toEqual([
      'POST /things is called makeThing, no longer doThing',
      'POST /things asks for `Idempotency-Key`',
    ]);
  });
});
