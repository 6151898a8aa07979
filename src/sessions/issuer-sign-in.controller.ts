import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiFoundResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';
import { Public } from '../platform/access/may-call.js';
import { PerMinute } from '../platform/access/rate-limit.js';
import { IssuerSignInQuery } from './issuer-sign-in.dto.js';
import { IssuerSignIn } from './issuer-sign-in.service.js';

@ApiTags('access')
@Public()
@Controller('browser-sessions/oidc')
export class IssuerSignInController {
  constructor(private readonly signIn: IssuerSignIn) {}

  /** Sends the browser to the issuer 统一认证, to sign in there. What fails ends at `/sign-in?problem=` with its code. */
  @PerMinute('sessions', { address: 120 })
  @Get()
  @ApiFoundResponse({ description: '转到统一认证 On to the issuer' })
  begin(@Query() { back }: IssuerSignInQuery, @Res() response: Response): Promise<void> {
    return this.signIn.begin(response, back);
  }

  /** Takes the browser back from the issuer, signs it in and sends it on. Of the browser that began it, once, within ten minutes. */
  @PerMinute('sessions', { address: 120 })
  @Get('callback')
  @ApiFoundResponse({ description: '登录后转回网页 On to the page' })
  end(@Res() response: Response): Promise<void> {
    return this.signIn.end(response);
  }
}
