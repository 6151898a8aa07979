import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsString, Length, registerDecorator, type ValidationOptions } from 'class-validator';
import { keptText, saysSomething } from '../../domain/text.js';

interface Asked extends Pick<ValidationOptions, 'each'> {
  /** Fewest characters, 1 by default. With 0 the text may be empty or say nothing. */
  readonly least?: number;
}

const kept = (value: unknown): unknown => (typeof value === 'string' ? keptText(value) : value);

/**
 * A text that people write, such as a name or a reason, of at most `most` characters. Its length is that of what is kept. It must say
 * something, because a space in place of a name or of a reason is none.
 */
export const IsText = (most: number, { least = 1, each = false }: Asked = {}): PropertyDecorator =>
  applyDecorators(
    IsString({ each }),
    Length(least, most, { each }),
    ...(least > 0 ? [saying(each)] : []),
    Transform(({ value }: { value: unknown }) => (Array.isArray(value) ? value.map(kept) : kept(value))),
    ...(each ? [] : [ApiProperty({ minLength: least, maxLength: most })]),
  );

export const IS_TEXT = 'isText';

const saying =
  (each: boolean): PropertyDecorator =>
  (target, property) =>
    registerDecorator({
      name: IS_TEXT,
      target: target.constructor,
      propertyName: String(property),
      options: { each },
      validator: {
        validate: (value: unknown) => typeof value === 'string' && saysSomething(value),
      },
    });
