import { createHash } from 'node:crypto';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Problem } from '../api/problem.js';
import { CLOCK, type Clock } from '../clock.js';
import { lookUp } from '../database/in-scope.js';
import type { OfficeAt, ProxyOffice } from '../domain/offices.js';
import { HELD_AT } from '../organisations/organisations.sql.js';
import { PUBLIC, type WithCaller } from './caller.js';
import { PROXIES_OF } from '../organisations/proxies.sql.js';

export const tokenHashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

interface Row {
  personId: string;
  displayName: string;
  offices: OfficeAt[];
  proxies: ProxyOffice[];
}

/** Lets in who holds a session, with the offices held now; everyone else gets 401. */
@Injectable()
export class SessionGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    if (this.reflector.getAllAndOverride<boolean>(PUBLIC, [context.getHandler(), context.getClass()])) return true;
    const request = context.switchToHttp().getRequest<WithCaller>();
    const token = /^Bearer ([\w-]{20,200})$/.exec(request.header('authorization') ?? '')?.[1];
    if (!token) throw new Problem('unauthenticated');
    const tokenHash = tokenHashOf(token);
    const [row] = await lookUp<Row>(this.db, 'system', SESSION, [tokenHash, new Date(this.clock.now())]);
    if (!row) throw new Problem('unauthenticated');
    request.caller = { ...row, tokenHash };
    return true;
  }
}

const SESSION = `
  select p.id as "personId", p.display_name as "displayName",
    coalesce(jsonb_agg(jsonb_build_object('office', o.office, 'organisationId', o.organisation_id)) filter (where o.id is not null), '[]') as offices,
    ${PROXIES_OF('p.id', '$2')} as proxies
  from session s join person p on p.id = s.person_id and p.disabled_at is null
  left join office o on o.person_id = p.id and ${HELD_AT('o', '$2')}
  where s.token_hash = $1 and s.expires_at > $2 group by p.id`;
