import { Controller, Get, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { Problem } from '../platform/http/problem.js';
import { CODE_SETS, type CodeSet } from './code-sets.js';
import { SignedIn } from '../platform/access/may-call.js';

@ApiTags('organisations')
@ApiBearerAuth()
@SignedIn()
@Controller('code-sets')
export class CodeSetsController {
  /**
   * Lists a code set: `divisions` `sexes` `ethnic-groups` `document-types` `majors` `political-status` `household-types` `health-status`
   * `guardian-relations` `study-modes` `lengths-of-schooling` `school-types`.
   */
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
