import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { Problem } from '../platform/http/problem.js';
import { Activation, DraftPolicy, PolicyDetail, PolicyPage, PolicyPreview, PolicyQuery, Revocation } from './policies.dto.js';
import { Policies } from './policies.service.js';
import { PACK_SCHEMA } from './policy-schema.js';

/** The version in the path; what is none is answered as an unknown one. */
const Version = () =>
  Param('version', {
    transform: (text: string): number => {
      if (!/^\d{1,6}$/.test(text)) throw new Problem('not-found');
      return Number(text);
    },
  });

@ApiTags('policies')
@ApiBearerAuth()
@Controller('policies')
export class PoliciesController {
  constructor(private readonly policies: Policies) {}

  /** The JSON Schema of a pack: its keys, their shapes and, in words, their national bounds with the article. */
  @Get('schema')
  @ApiOkResponse({ schema: { type: 'object', additionalProperties: true } })
  schema(): object {
    return PACK_SCHEMA;
  }

  /** The policies put into force, of all provinces; drafts and revoked versions of the caller's own. */
  @Get()
  list(@CallerNow() caller: Caller, @Query() query: PolicyQuery): Promise<PolicyPage> {
    return this.policies.list(caller, query);
  }

  /** Hands in a version of the province's pack as a draft; refused with every reason when it could not be put into force. */
  @Post()
  draft(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Body() body: DraftPolicy): Promise<PolicyDetail> {
    return this.policies.draft(caller, keyed, body);
  }

  /** One version, what it says itself and the whole with what it inherits. */
  @Get(':id/versions/:version')
  show(@CallerNow() caller: Caller, @Param('id') id: string, @Version() version: number): Promise<PolicyDetail> {
    return this.policies.show(caller, { id, version });
  }

  /** What it would change: key by key against what is in force, and for the province's twenty latest cases. Changes nothing. */
  @Post(':id/versions/:version/preview')
  @HttpCode(200)
  preview(@CallerNow() caller: Caller, @Param('id') id: string, @Version() version: number): Promise<PolicyPreview> {
    return this.policies.preview(caller, { id, version });
  }

  /** Puts a draft into force from a day on, by a second supervisor of the province; cases filed before keep what they were filed under. */
  @Post(':id/versions/:version/activation')
  @HttpCode(200)
  activate(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Param('id') id: string,
    @Version() version: number,
    @Body() body: Activation,
  ): Promise<PolicyDetail> {
    return this.policies.activate(caller, keyed, { id, version }, body);
  }

  /** Takes back a draft, or an activated version before its day has come. */
  @Post(':id/versions/:version/revocation')
  @HttpCode(200)
  revoke(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Param('id') id: string,
    @Version() version: number,
    @Body() body: Revocation,
  ): Promise<PolicyDetail> {
    return this.policies.revoke(caller, keyed, { id, version }, body);
  }
}
