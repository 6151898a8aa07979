import type { Type } from '@nestjs/common';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { FIELD_FAULTS } from '../../domain/messages/field-faults.js';
import { mark, markedIn } from './marks.js';
import { pointerPart } from './body.js';
import type { FieldProblem } from './problem.js';

/**
 * What no text holds, because who reads it must see what is there, and names that look alike must be alike:
 * 1. what has no shape, or turns the direction of others (default-ignorable, format, separators of lines);
 * 2. controls, and halves of characters;
 * 3. private characters, which every font shows differently, and what is no character.
 * Han of every plane and the middle dot are none of these. Nor are characters that Unicode adds later.
 */
const STRANGE = /(?![\t\n\r])[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Noncharacter_Code_Point}]/u;
const EACH_STRANGE = new RegExp(STRANGE, 'gu');
const LINES = /[\t\n\r]/u;

const MULTI_LINE = 'multiLine';

/** A text of several lines, such as a reason: it may hold tabs and line breaks, which every other text may not. */
export const MultiLine = mark(MULTI_LINE);

interface Texts {
  readonly lines: ReadonlySet<string>;
  readonly classes: Map<string, Type | undefined>;
}
const known = new Map<Type, Texts>();

function textsOf(type: Type): Texts {
  let texts = known.get(type);
  if (!texts) {
    texts = { lines: markedIn(type, MULTI_LINE), classes: new Map() };
    known.set(type, texts);
  }
  return texts;
}

/** Of which class the objects in a field are. */
export function classOf(type: Type, property: string): Type | undefined {
  const { classes } = textsOf(type);
  if (!classes.has(property))
    classes.set(property, defaultMetadataStorage.findTypeMetadata(type, property)?.typeFunction() as Type | undefined);
  return classes.get(property);
}

/** The text without any such character, for what is mended and not refused. */
export const withoutStrange = (text: string): string => text.replace(EACH_STRANGE, '');

/** The code of the first character that a text may not hold, such as `U+202E`. */
export function strangeIn(text: string, multiLine = false): string | undefined {
  const found = STRANGE.exec(text) ?? (multiLine ? null : LINES.exec(text));
  return found ? `U+${(found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}` : undefined;
}

interface Walked {
  readonly value: unknown;
  readonly pointer: string;
  /** The class that says which texts have lines; of an object without one, whoever parses it says so later. */
  readonly type: Type | undefined;
  readonly multiLine: boolean;
}

/** The texts of a value, and names of its fields, that hold what no text may; `most` at most. All that is entered goes through here. */
export function strangeTextsIn(type: Type | undefined, value: unknown, most: number, above = ''): FieldProblem[] {
  const found: FieldProblem[] = [];
  const left: Walked[] = [{ value, pointer: above, type, multiLine: false }];
  for (let one = left.pop(); one && found.length < most; one = left.pop()) {
    const { pointer, multiLine } = one;
    if (typeof one.value === 'string') {
      const strange = strangeIn(one.value, multiLine);
      if (strange) found.push({ pointer, detail: FIELD_FAULTS.strange(strange) });
    } else if (typeof one.value === 'object' && one.value !== null) left.push(...within(one, one.value).reverse());
  }
  return found;
}

function within({ pointer, type, multiLine }: Walked, value: object): Walked[] {
  if (Array.isArray(value)) return value.map((inner: unknown, at) => ({ value: inner, pointer: `${pointer}/${at}`, type, multiLine }));
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const at = { pointer: `${pointer}/${pointerPart(key)}`, type: type && classOf(type, key) };
    // A name of a field is judged only where it is strange, since it then is shown in the answer.
    const name = strangeIn(key) ? [{ ...at, pointer, value: key, multiLine: false }] : [];
    return [...name, { ...at, value: inner, multiLine: type ? textsOf(type).lines.has(key) : true }];
  });
}
