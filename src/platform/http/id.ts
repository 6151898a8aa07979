import { applyDecorators, Param, ParseUUIDPipe, type PipeTransform } from '@nestjs/common';
import { Transform } from 'class-transformer';
import { IsUUID } from 'class-validator';
import { Problem } from './problem.js';

const lower = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value);

const toLower: PipeTransform = { transform: lower };
const known = new ParseUUIDPipe({ exceptionFactory: () => new Problem('not-found') });

/** An id in the path. Text that is no id is answered as an unknown one, with the same 404. */
export const Id = (name = 'id'): ParameterDecorator => Param(name, known, toLower);

/** An id in a body, or a list of them; in lower case, as the database writes ids, so that equal ids are equal texts. */
export const IsId = (each = false): PropertyDecorator =>
  applyDecorators(
    IsUUID(undefined, { each }),
    Transform(({ value }: { value: unknown }) => (Array.isArray(value) ? value.map(lower) : lower(value))),
  );
