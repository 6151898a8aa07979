import { Ajv } from 'ajv';
import { getMetadataStorage } from 'class-validator';
import { FIELD_NAMES } from '../../src/domain/messages/field-names.js';
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
  components: { schemas: Record<string, unknown> };
}
interface Query {
  parameters?: { in: string; name: string }[];
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
    expect(CASE_KINDS.filter((kind) => !Object.keys(bodyOf(FILING).examples ?? {}).includes(kind))).toEqual([
      'duplicateRuling',
      'intake',
      'graduation',
    ]);
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

/** Texts of bodies that are compared as they were typed or made by machines, and the opinion, which may be empty beside an approval. */
const NOT_WRITTEN = [
  'BatchRow.studentNumber',
  'BindServiceSubject.subject',
  'BindSubject.subject',
  'BrowserCredentials.password',
  'BrowserCredentials.username',
  'Credentials.deviceToken',
  'Decision.opinion',
  'DemoSignIn.account',
  'IncidentAcknowledgement.runId',
  'NewPerson.subject',
  'PasswordChange.currentPassword',
  'PasswordChange.newPassword',
  'StudentByNumber.studentNumber',
  'StudentCredentials.code',
  'StudentLookup.studentNumber',
  'VerificationQuestion.challenge',
  'VerificationQuestion.code',
];

/** Rows that stand in the schemas of each kind and have none of their own. */
const WITHIN_KINDS = ['BatchRow', 'BatchCommon'];

/** The classes with rules, and the fields that have some. */
const ruledFields = (): [name: string, fields: string[]][] => {
  const { validationMetadatas } = getMetadataStorage() as unknown as {
    validationMetadatas: Map<{ name: string }, { propertyName: string }[]>;
  };
  return [...validationMetadatas].map(([{ name }, rules]) => [name, rules.map(({ propertyName }) => propertyName)]);
};

describe('what a body or a query takes', () => {
  let system: System;
  let document: Document;
  beforeAll(async () => {
    system = await startSystem({ engine: 'none' });
    document = (await (await fetch(`${system.url}/openapi.json`)).json()) as Document;
  });
  afterAll(() => system?.stop());

  const isInput = (name: string) => WITHIN_KINDS.includes(name) || document.components.schemas[name] !== undefined;

  it('says something, where people write it', () => {
    const { validationMetadatas } = getMetadataStorage() as unknown as {
      validationMetadatas: Map<{ name: string }, { propertyName: string; name?: string }[]>;
    };
    const texts = [...validationMetadatas]
      .filter(([{ name }]) => isInput(name))
      .flatMap(([{ name }, rules]) => {
        const fields = [...new Set(rules.map(({ propertyName }) => propertyName))];
        const namesOf = (field: string) => rules.filter(({ propertyName }) => propertyName === field).map((rule) => rule.name);
        return fields.map((field) => ({ field: `${name}.${field}`, rules: namesOf(field) }));
      })
      .filter(({ rules }) => rules.includes('isLength') || rules.includes('maxLength'));
    const loose = texts.filter(
      ({ rules }) => !['isText', 'matches', 'isUrl', 'isEmail', 'isWebhookAddress'].some((one) => rules.includes(one)),
    );
    expect(texts.length).toBeGreaterThan(60);
    expect(loose.map(({ field }) => field).sort()).toEqual(NOT_WRITTEN);
  });

  it('has a name in Chinese, each field', () => {
    const inputs = new Set([...ruledFields()].filter(([name]) => isInput(name)).flatMap(([, fields]) => fields));
    const queries = Object.values(document.paths).flatMap((item) =>
      Object.values(item).flatMap((one) => ((one as Query).parameters ?? []).filter((given) => given.in === 'query')),
    );
    const names = [...inputs, ...queries.map(({ name }) => name)];
    expect(names.length).toBeGreaterThan(100);
    expect([...new Set(names.filter((name) => !Object.hasOwn(FIELD_NAMES, name)))].sort()).toEqual([]);
  });
});
