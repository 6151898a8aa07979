import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { SignedIn } from '../platform/access/may-call.js';
import { CodeSetList, CodeSetQuery, CodeSetView } from './code-sets.dto.js';
import { CodeSets } from './code-sets.service.js';

/** Nothing personal: a client may keep it, and asks with its ETag whether it still holds. */
const ASKED_AGAIN = ['Cache-Control', 'private, no-cache'] as const;

@ApiTags('code sets')
@ApiBearerAuth()
@SignedIn()
@Controller('code-sets')
export class CodeSetsController {
  constructor(private readonly sets: CodeSets) {}

  /** Lists the code sets: those that come with the product, and the catalogues of majors that operators keep. */
  @Get()
  @Header(...ASKED_AGAIN)
  list(@CallerNow() caller: Caller): Promise<CodeSetList> {
    return this.sets.list(caller);
  }

  /**
   * Lists a code set, a page at a time, with an ETag. `majors` are those of all catalogues in force; the list of sets names the others.
   */
  @Get(':name')
  @Header(...ASKED_AGAIN)
  show(@CallerNow() caller: Caller, @Param('name') name: string, @Query() query: CodeSetQuery): Promise<CodeSetView> {
    return this.sets.show(caller, name, query);
  }
}
