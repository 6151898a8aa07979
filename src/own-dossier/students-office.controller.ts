import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { CallerNow, type Caller } from '../platform/access/caller.js';
import { Keyed, type KeyedRequest } from '../platform/access/idempotency.js';
import { JudgedFor, ReadersOf } from '../platform/access/may-call.js';
import { Id } from '../platform/http/id.js';
import { Objections } from './objections.service.js';
import { ObjectionList } from './own-dossier.dto.js';
import { NewSignInCode, SignInCodeView } from './sign-in-codes.dto.js';
import { SignInCodes } from './sign-in-codes.service.js';

@ApiTags('students')
@ApiBearerAuth()
@Controller('students')
export class StudentsOfficeController {
  constructor(
    private readonly codes: SignInCodes,
    private readonly objections: Objections,
  ) {}

  /**
   * Hands out a one-time code 一次性登录码, with which the student or the guardian signs in within a day. It takes the place of the code before.
   * A clerk of the student's school does it; for a leaver also a reviewer of the authority that keeps the dossier.
   */
  @JudgedFor('schoolClerk', 'authorityReviewer')
  @Post(':id/sign-in-codes')
  issue(@CallerNow() caller: Caller, @Keyed() keyed: KeyedRequest, @Id() id: string, @Body() body: NewSignInCode): Promise<SignInCodeView> {
    return this.codes.issue(caller, keyed, id, body);
  }

  /** 异议: lists what student or guardian objected to requests and to the dossier, for the school and the authorities above it (A21). */
  @ReadersOf('contents')
  @Get(':id/objections')
  objected(@CallerNow() caller: Caller, @Id() id: string): Promise<ObjectionList> {
    return this.objections.list(caller, id);
  }
}
