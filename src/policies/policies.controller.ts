import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBearerAuth, ApiOkResponse, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { VersionParam } from '../platform/http/version-param.js';
import { Activation, DraftPolicy, PolicyDetail, PolicyPage, PolicyPreview, PolicyQuery, Rebasing, Revocation } from './policies.dto.js';
import { Policies } from './policies.service.js';
import { PACK_SCHEMA } from './policy-schema.js';
import { AnyOffice, ForOffices, JudgedFor, SignedIn } from '../platform/access/may-call.js';

@ApiTags('policies')
@ApiBearerAuth()
@Controller('policies')
export class PoliciesController {
  constructor(private readonly policies: Policies) {}

  /** Shows the JSON Schema of a pack: its keys, their shapes and, in words, their national bounds with the article. */
  @SignedIn()
  @Get('schema')
  @ApiOkResponse({ schema: { type: 'object', additionalProperties: true } })
  schema(): object {
    return PACK_SCHEMA;
  }

  /** Lists the activated policies of all provinces, and the drafts and revoked versions of the caller's own. */
  @AnyOffice()
  @Get()
  list(@CallerNow() caller: Caller, @Query() query: PolicyQuery): Promise<PolicyPage> {
    return this.policies.list(caller, query);
  }

  /** Drafts a version of the province's pack. A pack that could not be put into force is refused with every reason. */
  @ForOffices('authoritySupervisor')
  @Post()
  draft(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Body() body: DraftPolicy): Promise<PolicyDetail> {
    return this.policies.draft(caller, keyed, body);
  }

  /** Shows one version: what it says itself, and the whole with what it inherits. */
  @AnyOffice()
  @Get(':id/versions/:version')
  show(@CallerNow() caller: Caller, @Param('id') id: string, @VersionParam() version: number): Promise<PolicyDetail> {
    return this.policies.show(caller, { id, version });
  }

  /** Shows what the version would change, key by key and for the province's twenty latest cases. The preview changes nothing. */
  @AnyOffice()
  @Post(':id/versions/:version/preview')
  @HttpCode(200)
  preview(@CallerNow() caller: Caller, @Param('id') id: string, @VersionParam() version: number): Promise<PolicyPreview> {
    return this.policies.preview(caller, { id, version });
  }

  /** A second supervisor of the province puts a draft into force from a day on. Cases filed before keep their policy. */
  @JudgedFor('authoritySupervisor')
  @Post(':id/versions/:version/activation')
  @HttpCode(200)
  activate(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Param('id') id: string,
    @VersionParam() version: number,
    @Body() body: Activation,
  ): Promise<PolicyDetail> {
    return this.policies.activate(caller, keyed, { id, version }, body);
  }

  /** Bases a draft on the version in force, or on the one named: what it says itself stays, the rest is inherited from there. */
  @JudgedFor('authoritySupervisor')
  @Post(':id/versions/:version/rebasing')
  @HttpCode(200)
  rebase(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Param('id') id: string,
    @VersionParam() version: number,
    @Body() body: Rebasing,
  ): Promise<PolicyDetail> {
    return this.policies.rebase(caller, keyed, { id, version }, body);
  }

  /** Revokes a draft, or an activated version before its first day. */
  @JudgedFor('authoritySupervisor')
  @Post(':id/versions/:version/revocation')
  @HttpCode(200)
  revoke(
    @CallerNow() caller: Caller,
    @Keyed() keyed: KeyedRequest,
    @Param('id') id: string,
    @VersionParam() version: number,
    @Body() body: Revocation,
  ): Promise<PolicyDetail> {
    return this.policies.revoke(caller, keyed, { id, version }, body);
  }
}
