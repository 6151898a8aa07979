import { FIELD_NAMES } from '../domain/messages/field-names.js';
import type { Column } from './column.js';

interface Field {
  readonly type?: string;
  readonly example?: unknown;
  readonly description?: string;
  readonly enum?: readonly string[];
  readonly properties?: Fields;
}
export type Fields = Readonly<Record<string, Field>>;

/** A day is a text in the schema; its example tells it. */
function typeOf({ type, example }: Field): Column['type'] {
  if (typeof example === 'string' && /^\d{4}-\d\d-\d\d$/.test(example)) return 'date';
  if (type === 'number' || type === 'integer') return 'number';
  return type === 'boolean' ? 'boolean' : 'text';
}

/** A column for each value; what is nested, as the new values of a correction, by the path that leads to it. A list has no column. */
export const columnsAt = (path: string, fields: Fields = {}): Column[] =>
  Object.entries(fields).flatMap(([name, field]): Column[] => {
    const at = path === '' ? name : `${path}.${name}`;
    if (field.type === 'array') return [];
    if (field.type === 'object') return columnsAt(at, field.properties);
    const column = { path: at, zh: FIELD_NAMES[name] ?? name, type: typeOf(field) };
    return [{ ...column, ...(field.description ? { note: field.description } : {}), ...(field.enum ? { choices: field.enum } : {}) }];
  });
