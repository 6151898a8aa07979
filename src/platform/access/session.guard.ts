import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { bytesOf } from '../http/base64url.js';
import { Problem } from '../http/problem.js';
import { cookieToken, FROM_PAGE, mustComeFromPage, mustNotBeForeign } from './browser.js';
import { ONE_TIME, type Caller, type WithCaller } from './caller.js';
import { Callers } from './callers.js';
import { prefixOf } from './service-keys.js';
import { MAY_CALL, type MayCall } from './may-call.js';

/**
 * Admits a session of this system, by bearer token or by a browser's cookie. Admits a token of the configured issuer, and the key of a
 * service account. Offices are those held now. Everyone else gets 401. A request with the header is judged by the header alone.
 */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly callers: Callers,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const declaredBy = [context.getHandler(), context.getClass()];
    const may = this.reflector.getAllAndOverride<MayCall | undefined>(MAY_CALL, declaredBy);
    const request = context.switchToHttp().getRequest<WithCaller>();
    if (this.reflector.getAllAndOverride<boolean | undefined>(FROM_PAGE, declaredBy)) mustComeFromPage(request);
    if (may?.by === 'everybody') return true;
    if (may?.by === 'student') {
      request.student = await this.callers.student(bearerTokenOf(request).join('.'));
      return true;
    }
    request.caller = await (request.header('authorization') === undefined ? this.byCookie(request) : this.byBearer(request));
    if (request.caller.passwordOnce && !this.reflector.get<boolean>(ONE_TIME, context.getHandler()))
      throw new Problem('password-change-required');
    return true;
  }

  private byCookie(request: WithCaller): Promise<Caller> {
    const token = cookieToken(request);
    if (token === undefined) throw new Problem('unauthenticated');
    mustNotBeForeign(request);
    return this.callers.bySession(token, 'cookie');
  }

  private byBearer(request: WithCaller): Promise<Caller> {
    const segments = bearerTokenOf(request);
    const token = segments.join('.');
    const prefix = prefixOf(token);
    if (prefix !== undefined) return this.callers.byKey(token, prefix);
    return segments.length === 3 ? this.callers.byIssuersToken(token) : this.callers.bySession(token, 'bearer');
  }
}

/** The one segment of a token of ours, or the three of a token of the issuer's. */
function bearerTokenOf(request: WithCaller): string[] {
  const [, token] = /^Bearer ([\w-]{20,}(?:\.[\w-]+\.[\w-]+)?)$/.exec(request.header('authorization') ?? '') ?? [];
  const segments = token?.split('.') ?? [];
  if (!token || !segments.every(bytesOf)) throw new Problem('unauthenticated');
  return segments;
}
