import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { Problem } from '../http/problem.js';
import type { WithCaller } from './caller.js';
import { MAY_CALL, type MayCall } from './may-call.js';

/**
 * Refuses callers without an office that the route asks for, before the body is checked or anything is read. Inside its transaction a
 * write judges the offices anew, because one may end meanwhile (invariant 2).
 */
@Injectable()
export class OfficesGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  /** @throws Problem not-your-office */
  canActivate(context: ExecutionContext): boolean {
    const may = this.reflector.getAllAndOverride<MayCall | undefined>(MAY_CALL, [context.getHandler(), context.getClass()]);
    if (!may) throw new Error('the route does not say who may call it');
    if (may.by !== 'offices' && may.by !== 'readers') return true;
    const { caller } = context.switchToHttp().getRequest<WithCaller>();
    const held = [...(caller?.offices ?? []), ...(may.by === 'readers' ? (caller?.proxies ?? []) : [])];
    if (!held.some(({ office }) => may.offices.includes(office))) throw new Problem('not-your-office');
    return true;
  }
}
