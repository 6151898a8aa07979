import type { Type } from '@nestjs/common';
import { FIELD_FAULTS } from '../../domain/messages/field-faults.js';
import { strayIn } from './body.js';
import { Problem } from './problem.js';
import { parsePart } from './validation.js';

/** A part of a form that holds JSON, checked as a body is. @throws Problem invalid-input with pointers below `pointer` */
export function jsonPart<T extends object>(type: Type<T>, text: unknown, pointer: string): T {
  const value = parsedAs(text, pointer);
  const stray = strayIn(value);
  if (stray) throw stray;
  return parsePart(type, value, pointer);
}

function parsedAs(text: unknown, pointer: string): unknown {
  try {
    return JSON.parse(typeof text === 'string' ? text : '');
  } catch {
    throw new Problem('invalid-input', { errors: [{ pointer, detail: FIELD_FAULTS.notJson }] });
  }
}
