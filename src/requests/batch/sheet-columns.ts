import { FIELD_NAMES } from '../../domain/messages/field-names.js';
import { APPLICANTS } from '../../domain/case/acts.js';
import type { Column } from './column.js';

interface Field {
  readonly type?: string;
  readonly example?: unknown;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly properties?: Fields;
}
type Fields = Readonly<Record<string, Field>>;

/** A day is a text in the schema; its example tells it. */
function typeOf({ type, example }: Field): Column['type'] {
  if (typeof example === 'string' && /^\d{4}-\d\d-\d\d$/.test(example)) return 'date';
  if (type === 'number' || type === 'integer') return 'number';
  return type === 'boolean' ? 'boolean' : 'text';
}

/** A column for each value; what is nested, as the new values of a correction, by the path that leads to it. A list has no column. */
const columnsAt = (path: string, fields: Fields = {}): Column[] =>
  Object.entries(fields).flatMap(([name, field]): Column[] => {
    const at = `${path}.${name}`;
    if (field.type === 'array') return [];
    if (field.type === 'object') return columnsAt(at, field.properties);
    const column = { path: at, zh: FIELD_NAMES[name] ?? name, type: typeOf(field) };
    return [{ ...column, ...(field.description ? { note: field.description } : {}), ...(field.enum ? { choices: field.enum } : {}) }];
  });

/** The columns of a kind: whom, the kind's own details from their schema, and what every filing has. */
export function columnsOf(details: { readonly properties?: Fields }): Column[] {
  return [
    { path: 'studentNumber', zh: '学籍号', type: 'text' },
    ...columnsAt('details', details.properties),
    { path: 'reason', zh: '申请理由', type: 'text' },
    { path: 'application.by', zh: '申请人', type: 'text', choices: APPLICANTS },
    { path: 'application.on', zh: '申请日期', type: 'date' },
    { path: 'evidenceIds', zh: '证明材料', type: 'ids' },
    { path: 'externalId', zh: '外部编号', type: 'text' },
  ];
}
