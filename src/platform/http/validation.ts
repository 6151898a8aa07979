import { FIELD_FAULTS } from '../../domain/messages/field-faults.js';
import { ValidationPipe, type ArgumentMetadata, type Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError, type ValidatorOptions } from 'class-validator';
import { pointerPart } from './body.js';
import { withoutNulls } from './left-out.js';
import { fitting, misfitsIn } from './lists.js';
import { partsIn } from './parts.js';
import { Problem, type FieldProblem } from './problem.js';
import { ruleWords, toldRule } from './rule-words.js';
import { strangeTextsIn } from './texts.js';

const RULES: ValidatorOptions = {
  whitelist: true,
  forbidNonWhitelisted: true,
  forbidUnknownValues: true,
  // The class of what is wrong tells the bounds of the broken rule; neither it nor a value is ever part of an answer.
  validationError: { target: true },
};

/** Every wrong field by its JSON pointer, once each. The value itself is never echoed: it may be personal. */
function problemsOf(errors: readonly ValidationError[], above: string): FieldProblem[] {
  return errors.flatMap((error) => {
    const { property, constraints, children } = error;
    const pointer = `${above}/${pointerPart(property)}`;
    const rule = toldRule(Object.keys(constraints ?? {}));
    const own = rule === undefined ? [] : [{ pointer, detail: ruleWords(error, rule) }];
    // What stands within a value of another type is not what was asked for.
    return rule === 'isArray' ? own : [...own, ...problemsOf(children ?? [], pointer)];
  });
}

/** Nobody reads more of them at once; an answer that grew with what is wrong would be as long as a body. */
const MOST_FAULTS = 50;

const refusedFor = (errors: readonly FieldProblem[]): Problem => new Problem('invalid-input', { errors: errors.slice(0, MOST_FAULTS) });

/** What is wrong before anything is parsed: lists, unknown fields within them, and characters. */
function faultsBefore(type: Type, value: unknown, above: string): FieldProblem[] {
  return [...misfitsIn(type, value, MOST_FAULTS, above), ...strangeTextsIn(type, value, MOST_FAULTS, above)];
}

/** Later faults beside earlier ones; of a field, and of what holds it, the first that was found is told. */
function together(earlier: readonly FieldProblem[], later: readonly FieldProblem[]): FieldProblem[] {
  const told = ({ pointer }: FieldProblem) => earlier.some((one) => one.pointer === pointer || one.pointer.startsWith(`${pointer}/`));
  return [...earlier, ...later.filter((one) => !told(one))];
}

/** Parts that the edge has parsed, by what the service holds of them, so that none is parsed twice. */
const parsedParts = new WeakMap<object, object>();

/** Keeps the parsed parts of a body that has no fault. */
function keepParts(body: unknown, parts: readonly { readonly pointer: string; readonly parsed?: object }[]): void {
  for (const { pointer, parsed } of parts) {
    const held = (body as Readonly<Record<string, unknown>>)[pointer.slice(1)];
    if (typeof held === 'object' && held !== null && parsed) parsedParts.set(held, parsed);
  }
}

/** Parses bodies and queries once, at the edge; one 422 names the wrong fields of every layer, fifty at most. */
class EdgePipe extends ValidationPipe {
  constructor() {
    super({ ...RULES, transform: true, exceptionFactory: (errors) => refusedFor(problemsOf(errors, '')) });
  }

  override async transform(given: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // A body that is not there is one without fields, so that no handler meets nothing.
    const value = metadata.type === 'body' && metadata.data === undefined ? withoutNulls(metadata.metatype, given ?? {}) : given;
    const { metatype } = metadata;
    // What stands in a path is only looked up; an id that is none is answered as an unknown one.
    if (!metatype || (metadata.type !== 'body' && metadata.type !== 'query')) return super.transform(value, metadata) as Promise<unknown>;
    const before = faultsBefore(metatype, value, '');
    if (before.length >= MOST_FAULTS) throw refusedFor(before); // no more are told, so that nothing is transformed
    const parsed = await this.parsed(before.length > 0 ? fitting(metatype, value) : value, metadata);
    const parts = partsIn(metatype, value).map(({ pointer, of, given: part }) => ({ pointer, ...faultsOfPart(of, part, pointer) }));
    const faults = together(
      together(before, parsed.faults),
      parts.flatMap((part) => part.faults),
    );
    if (faults.length > 0) throw refusedFor(faults);
    keepParts(parsed.value, parts);
    return parsed.value;
  }

  private async parsed(value: unknown, metadata: ArgumentMetadata): Promise<{ value?: unknown; faults: readonly FieldProblem[] }> {
    try {
      return { value: await super.transform(value, metadata), faults: [] };
    } catch (error) {
      if (error instanceof Problem && error.more.errors) return { faults: error.more.errors };
      throw error;
    }
  }
}

export const validationPipe = (): ValidationPipe => new EdgePipe();

/** A part of a body, and all that is wrong with it. */
function faultsOfPart<T extends object>(type: Type<T>, given: unknown, pointer: string): { faults: FieldProblem[]; parsed?: T } {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return { faults: [{ pointer, detail: FIELD_FAULTS.notObject }] };
  const value = withoutNulls(type, given);
  const before = faultsBefore(type, value, pointer);
  if (before.length >= MOST_FAULTS) return { faults: before };
  const parsed = plainToInstance(type, before.length > 0 ? fitting(type, value) : value);
  return { faults: together(before, problemsOf(validateSync(parsed, RULES), pointer)), parsed };
}

/** The same for a part of a body whose class depends on another field, such as `details` on `kind`. */
export function parsePart<T extends object>(type: Type<T>, given: unknown, pointer: string): T {
  const known = typeof given === 'object' && given !== null ? parsedParts.get(given) : undefined;
  if (known instanceof type) return known;
  const { faults, parsed } = faultsOfPart(type, given, pointer);
  if (faults.length > 0 || !parsed) throw refusedFor(faults);
  return parsed;
}
