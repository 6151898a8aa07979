import { Ajv } from 'ajv';
import { CASE_KINDS, KINDS, type Kind } from '../../src/domain/procedure/procedure.js';
import { DETAILS_EXAMPLES } from '../../src/requests/details.examples.js';
import { detailsOf } from '../../src/requests/details.js';
import { startSystem, type System } from '../fixtures/system.js';

const FILING = '/api/v1/change-requests';
const BODIES: readonly [path: string, kinds: readonly Kind[]][] = [
  [FILING, KINDS],
  [`${FILING}/precheck`, KINDS],
  [`${FILING}/batch`, KINDS.filter((kind) => kind !== 'crossTrackTransfer')],
];

interface Body {
  schema: { $ref: string };
  example?: unknown;
  examples?: Record<string, { value: { kind: string; details: object } }>;
}
interface Document {
  paths: Record<string, { post?: { requestBody?: { content: Record<string, Body> } } }>;
}

describe('a body with a kind, in the OpenAPI document', () => {
  let system: System;
  let document: Document;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    document = (await (await fetch(`${system.url}/openapi.json`)).json()) as Document;
  });
  afterAll(() => system?.stop());

  function bodyOf(path: string): Body {
    const body = document.paths[path]?.post?.requestBody?.content['application/json'];
    if (!body) throw new Error(`${path} takes no JSON`);
    return body;
  }

  /** What is wrong with a body by the schema of the document, or that it is valid. */
  function judged(path: string, value: unknown): string {
    const ajv = new Ajv({ strict: false, validateFormats: false }).addSchema({ ...document, $id: 'openapi' });
    return ajv.validate({ $ref: `openapi${bodyOf(path).schema.$ref}` }, value) ? 'valid' : ajv.errorsText();
  }

  it.each(BODIES)('is at %s one schema a kind, with an example of each that it takes', (path, kinds) => {
    const { examples = {}, example } = bodyOf(path);
    expect([Object.keys(examples), example]).toEqual([kinds, undefined]);
    for (const [kind, { value }] of Object.entries(examples)) expect([kind, judged(path, value)]).toEqual([kind, 'valid']);
  });

  it('has every kind that somebody files: of all cases the process itself opens rulings alone', () => {
    expect(CASE_KINDS.filter((kind) => !Object.keys(bodyOf(FILING).examples ?? {}).includes(kind))).toEqual(['duplicateRuling']);
  });

  it.each(KINDS)('has the details of %s alone under that kind, with an example that a filing takes', (kind) => {
    const { value } = bodyOf(FILING).examples?.[kind] ?? {};
    expect(value).toMatchObject({ kind, details: DETAILS_EXAMPLES[kind] });
    expect(() => detailsOf(kind, value?.details)).not.toThrow();
    const wrong = { ...value, details: { ...value?.details, effectiveOn: 1 } };
    const foreign = { ...value, kind: kind === 'death' ? 'suspension' : 'death' };
    expect([wrong, foreign].map((one) => judged(FILING, one))).not.toContain('valid');
  });
});
