import type { Type } from '@nestjs/common';
import { mark, markedIn } from './marks.js';
import { classOf } from './texts.js';

const OR_NULL = 'orNull';

/** A field in which `null` means something: it empties what is kept. In every other field it is left out. */
export const OrNull = mark(OR_NULL);

const marked = new Map<Type, ReadonlySet<string>>();

function nullablesOf(type: Type): ReadonlySet<string> {
  const found = marked.get(type) ?? markedIn(type, OR_NULL);
  marked.set(type, found);
  return found;
}

/** What was entered without the fields that are `null`: many clients write every field, and `null` where they say nothing. */
export function withoutNulls(type: Type | undefined, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((inner: unknown) => withoutNulls(type, inner));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key, inner]) => inner !== null || (type && nullablesOf(type).has(key)));
  return Object.fromEntries(kept.map(([key, inner]: [string, unknown]) => [key, withoutNulls(type && classOf(type, key), inner)]));
}
