import { getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import { KINDS, type Kind } from '../domain/procedure/procedure.js';
import { PROCEDURES } from '../domain/procedure/procedures.js';
import { BATCH_KINDS, BatchCommon, BatchFilingInput, BatchRow } from '../requests/batch/batch-filing.dto.js';
import { DETAILS_EXAMPLES } from '../requests/details.examples.js';
import { DETAILS_INPUT } from '../requests/details.js';
import { FileRequest, PrecheckRequest } from '../requests/requests.dto.js';

type Schemas = NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>;
type Schema = Exclude<Schemas[string], { $ref: string }>;

/** A body with a `kind` becomes one schema for each kind, with the details that the kind's own class checks. `kind` selects the schema. */
export function describeByKind(schemas: Schemas): void {
  const filing = closed(schemas, FileRequest.name);
  const row = rowOf(schemas, filing);
  for (const { name } of [FileRequest, PrecheckRequest]) split(schemas, name, KINDS, filed);
  split(schemas, BatchFilingInput.name, BATCH_KINDS, (kind, body) => batched(schemas, kind, { body, row }));
}

function split(schemas: Schemas, name: string, kinds: readonly Kind[], of: (kind: Kind, body: Schema) => Schema): void {
  const body = closed(schemas, name);
  const names = kinds.map((kind) => [kind, `${name}Of${kind[0]?.toUpperCase()}${kind.slice(1)}`] as const);
  for (const [kind, one] of names) schemas[one] = { ...of(kind, body), description: titleOf(kind) };
  const mapping = Object.fromEntries(names.map(([kind, one]) => [kind, getSchemaPath(one)]));
  schemas[name] = { oneOf: Object.values(mapping).map(($ref) => ({ $ref })), discriminator: { propertyName: 'kind', mapping } };
}

const titleOf = (kind: Kind): string => `${PROCEDURES[kind].title.zh} ${PROCEDURES[kind].title.en}`;

/** A schema by its name, as the API takes it: nothing besides, and what has a default may be left out. */
function closed(schemas: Schemas, name: string): Schema {
  const found = schemas[name];
  if (!found || '$ref' in found) throw new Error(`no schema ${name}`);
  const { required = [], ...others } = found;
  const asked = required.filter((field) => !('default' in (others.properties?.[field] ?? {})));
  return { ...others, additionalProperties: false, ...(asked.length > 0 ? { required: asked } : {}) };
}

const only = (kind: Kind): Schema => ({ type: 'string', enum: [kind], example: kind });
const detailsOf = (kind: Kind): Schema => ({ allOf: [{ $ref: getSchemaPath(DETAILS_INPUT[kind]) }], example: DETAILS_EXAMPLES[kind] });

/** The details of a cross-track transfer name the student; every other kind says whom it is about. */
function filed(kind: Kind, { properties = {}, required = [], ...body }: Schema): Schema {
  const { studentId, ...others } = properties;
  const own = { ...others, kind: only(kind), details: detailsOf(kind) };
  if (kind === 'crossTrackTransfer' || !studentId) return { ...body, properties: own, required };
  return { ...body, properties: { studentId, ...own }, required: ['studentId', ...required] };
}

/** A row says itself whatever the rows do not have in common. */
function rowOf(schemas: Schemas, { properties: { evidenceIds = {}, reason = {} } = {} }: Schema): Schema {
  const row = closed(schemas, BatchRow.name);
  return { ...row, properties: { ...row.properties, evidenceIds, reason } };
}

function batched(schemas: Schemas, kind: Kind, { body, row }: Record<'body' | 'row', Schema>): Schema {
  const { required: _all, example: _whole, ...details } = closed(schemas, DETAILS_INPUT[kind].name);
  const sharing = (of: Schema): Schema => ({ ...of, properties: { ...of.properties, details } });
  const rows = { ...(body.properties?.items as Schema), items: sharing(row), example: [exampleRow(kind)] };
  const own = { kind: only(kind), common: sharing(closed(schemas, BatchCommon.name)), items: rows };
  return { ...body, properties: { ...body.properties, ...own } };
}

const exampleRow = (kind: Kind): object => ({
  studentNumber: 'G33010620100101123X',
  details: DETAILS_EXAMPLES[kind],
  evidenceIds: ['01a20a8e-2b06-7506-a575-100996e46d36'],
  reason: '详见所附材料',
});
