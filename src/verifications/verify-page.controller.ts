import { readFileSync } from 'node:fs';
import { Body, Controller, Get, Header, HttpCode, Ip, Post, Query, Req, Res, UseFilters } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { Request, Response } from 'express';
import { Public } from '../platform/access/may-call.js';
import { PerMinute } from '../platform/access/rate-limit.js';
import { OF_AN_ADDRESS } from './verification-limits.js';
import { Verifications } from './verifications.service.js';
import { FRAGMENT_SCRIPT } from './verify-fragment.js';
import { pageLanguage, typedIn } from './verify-page.form.js';
import { servePage, VerifyPageFilter } from './verify-page.filter.js';
import { FORMS } from './verify-page.view.js';

const STYLE = readFileSync(new URL('verify.css', import.meta.url), 'utf8');
/** Nothing personal stands in them. */
const KEPT = 'public, max-age=3600';

/** The public page of verifications 核验, for people: made by the server, so that it works without a script. */
@ApiExcludeController()
@Public()
@UseFilters(VerifyPageFilter)
@Controller('verify')
export class VerifyPageController {
  constructor(private readonly verifications: Verifications) {}

  /** Shows both forms. */
  @Get()
  show(@Req() request: Request, @Res() response: Response, @Query('lang') lang: unknown): void {
    servePage(response, 200, { language: pageLanguage(request, lang) });
  }

  /** Verifies what was typed. It is in the body, never in an address. */
  @PerMinute('verifications', OF_AN_ADDRESS)
  @Post()
  @HttpCode(200)
  async verify(
    @Req() request: Request,
    @Res() response: Response,
    @Query('lang') lang: unknown,
    @Body() body: unknown,
    @Ip() address: string,
  ): Promise<void> {
    const language = pageLanguage(request, lang);
    const { form, typed, challenge } = typedIn(body);
    const missing = FORMS[form].filter((name) => !typed[name]);
    if (missing.length > 0) return servePage(response, 422, { language, form, typed, missing });
    const answer = await this.verifications.verify({ ...typed, name: typed.name ?? '', challenge }, address);
    // After a match nothing of it stays in the fields: the page shows no document's number whole.
    servePage(response, 200, answer.match ? { language, answer } : { language, form, typed, answer });
  }

  @Get('fragment.js')
  @Header('Content-Type', 'text/javascript; charset=utf-8')
  @Header('Cache-Control', KEPT)
  script(): string {
    return FRAGMENT_SCRIPT;
  }

  @Get('style.css')
  @Header('Content-Type', 'text/css; charset=utf-8')
  @Header('Cache-Control', KEPT)
  style(): string {
    return STYLE;
  }
}
