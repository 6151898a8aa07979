import { readFileSync } from 'node:fs';
import { Controller, Get, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Problem } from '../api/problem.js';

const seed = (name: string): unknown => JSON.parse(readFileSync(new URL(`seed/${name}.json`, import.meta.url), 'utf8'));

interface CodeSet {
  zh: string;
  en: string;
  standard?: string;
  items: unknown[];
}

const divisions = (): CodeSet => ({
  zh: '行政区划',
  en: 'administrative divisions',
  standard: 'GB/T 2260',
  items: Object.entries(seed('divisions') as Record<string, string>).map(([code, zh]) => ({ code, zh })),
});

const CODE_SETS: Readonly<Record<string, CodeSet>> = { divisions: divisions(), ...(seed('code-sets') as Record<string, CodeSet>) };

@ApiTags('organisations')
@ApiBearerAuth()
@Controller('code-sets')
export class CodeSetsController {
  /** A code set: divisions, sexes, ethnic-groups, document-types, majors, study-modes, lengths-of-schooling, school-types. */
  @Get(':name')
  @ApiOkResponse({
    schema: {
      type: 'object',
      properties: {
        name: { type: 'string' },
        zh: { type: 'string' },
        en: { type: 'string' },
        items: { type: 'array', items: { type: 'object' } },
      },
    },
  })
  show(@Param('name') name: string): CodeSet & { name: string } {
    const set = Object.hasOwn(CODE_SETS, name) ? CODE_SETS[name] : undefined;
    if (!set) throw new Problem('not-found');
    return { name, ...set };
  }
}
