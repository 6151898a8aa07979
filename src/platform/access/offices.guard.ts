import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Problem } from '../http/problem.js';
import type { ServiceScope } from '../../domain/service-account.js';
import type { WithCaller } from './caller.js';
import { MAY_CALL, serviceAreaOf, type MayCall } from './may-call.js';

/**
 * Refuses callers without an office that the route asks for, before the body is checked or anything is read. Inside its transaction a
 * write judges the offices anew, because one may end meanwhile (invariant 2).
 */
@Injectable()
export class OfficesGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  /** @throws Problem not-your-office, not-for-service-accounts, outside-service-account */
  canActivate(context: ExecutionContext): boolean {
    const may = this.reflector.getAllAndOverride<MayCall | undefined>(MAY_CALL, [context.getHandler(), context.getClass()]);
    if (!may) throw new Error('the route does not say who may call it');
    const { caller, method } = context.switchToHttp().getRequest<WithCaller>();
    if (caller?.service) mustBeWithin(caller.service, serviceAreaOf(context.getHandler(), method));
    if (may.by !== 'offices' && may.by !== 'readers') return true;
    const held = [...(caller?.offices ?? []), ...(may.by === 'readers' ? (caller?.proxies ?? []) : [])];
    if (!held.some(({ office }) => may.offices.includes(office))) throw new Problem('not-your-office');
    return true;
  }
}

function mustBeWithin({ areas }: ServiceScope, area: ReturnType<typeof serviceAreaOf>): void {
  if (area === undefined) throw new Problem('not-for-service-accounts');
  if (area !== 'always' && !areas.includes(area)) throw new Problem('outside-service-account');
}
