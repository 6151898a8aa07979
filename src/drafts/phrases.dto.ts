import { ArrayMaxSize, ArrayUnique, IsArray } from 'class-validator';
import { IsText } from '../platform/http/is-text.js';
import { MultiLine } from '../platform/http/texts.js';

export class Phrases {
  /** What the caller often writes in opinions, in the caller's order. @example ["材料齐全，同意。"] */
  @IsArray()
  @IsText(500, { each: true })
  @MultiLine()
  @ArrayMaxSize(50)
  @ArrayUnique()
  phrases: string[];
}
