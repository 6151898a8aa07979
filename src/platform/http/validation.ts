import { FIELD_FAULTS } from '../../domain/messages/field-faults.js';
import { ValidationPipe, type ArgumentMetadata, type Type } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError, type ValidatorOptions } from 'class-validator';
import { pointerPart } from './body.js';
import { withoutNulls } from './left-out.js';
import { misfitsIn } from './lists.js';
import { Problem, type FieldProblem } from './problem.js';
import { ruleWords } from './rule-words.js';
import { strangeTextsIn } from './texts.js';

const RULES: ValidatorOptions = {
  whitelist: true,
  forbidNonWhitelisted: true,
  stopAtFirstError: true,
  forbidUnknownValues: true,
  // The class of what is wrong tells the bounds of the broken rule; neither it nor a value is ever part of an answer.
  validationError: { target: true },
};

/** Every wrong field by its JSON pointer. The value itself is never echoed: it may be personal. */
function problemsOf(errors: readonly ValidationError[], above: string): FieldProblem[] {
  return errors.flatMap((error) => {
    const { property, constraints, children } = error;
    const pointer = `${above}/${pointerPart(property)}`;
    const own = Object.keys(constraints ?? {}).map((rule) => ({ pointer, detail: ruleWords(error, rule) }));
    return [...own, ...problemsOf(children ?? [], pointer)];
  });
}

/** Nobody reads more of them at once; an answer that grew with what is wrong would be as long as a body. */
const MOST_FAULTS = 50;

const refusedFor = (errors: readonly FieldProblem[]): Problem => new Problem('invalid-input', { errors: errors.slice(0, MOST_FAULTS) });
const invalid = (errors: readonly ValidationError[], above = ''): Problem => refusedFor(problemsOf(errors, above));

/** Parses bodies and queries once, at the edge; one 422 names the wrong fields, fifty at most. */
class EdgePipe extends ValidationPipe {
  constructor() {
    super({ ...RULES, transform: true, exceptionFactory: (errors) => invalid(errors) });
  }

  override async transform(given: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // A body that is not there is one without fields, so that no handler meets nothing.
    const value = metadata.type === 'body' && metadata.data === undefined ? withoutNulls(metadata.metatype, given ?? {}) : given;
    const misfits = metadata.metatype ? misfitsIn(metadata.metatype, value, MOST_FAULTS) : [];
    if (misfits.length > 0) throw refusedFor(misfits);
    // What stands in a path is only looked up; an id that is none is answered as an unknown one.
    const strange = metadata.type === 'body' || metadata.type === 'query' ? strangeTextsIn(metadata.metatype, value, MOST_FAULTS) : [];
    if (strange.length > 0) throw refusedFor(strange);
    return super.transform(value, metadata) as Promise<unknown>;
  }
}

export const validationPipe = (): ValidationPipe => new EdgePipe();

/** The same for a part of a body whose class depends on another field, such as `details` on `kind`. */
export function parsePart<T extends object>(type: Type<T>, given: unknown, pointer: string): T {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw new Problem('invalid-input', { errors: [{ pointer, detail: FIELD_FAULTS.notObject }] });
  const value = withoutNulls(type, given);
  const misfits = misfitsIn(type, value, MOST_FAULTS, pointer);
  if (misfits.length > 0) throw refusedFor(misfits);
  const strange = strangeTextsIn(type, value, MOST_FAULTS, pointer);
  if (strange.length > 0) throw refusedFor(strange);
  const parsed = plainToInstance(type, value);
  const errors = validateSync(parsed, RULES);
  if (errors.length > 0) throw invalid(errors, pointer);
  return parsed;
}
