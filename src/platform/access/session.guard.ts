import { createHash } from 'node:crypto';
import { Inject, Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { bytesOf } from '../http/base64url.js';
import { Problem } from '../http/problem.js';
import { CLOCK, type Clock } from '../clock.js';
import { CONFIG, type Config } from '../config.js';
import { FieldCipher } from '../database/field-cipher.js';
import { lookUp } from '../database/in-scope.js';
import type { OfficeAt, ProxyOffice } from '../../domain/offices.js';
import { HOLDS_OFFICE_AT } from './offices.sql.js';
import { ONE_TIME, type Caller, type StudentCaller, type WithCaller } from './caller.js';
import { Issuer } from './issuer.js';
import { MAY_CALL, type MayCall } from './may-call.js';
import { PROXIES_OF } from './proxies.sql.js';
import { subjectHash } from './subjects.js';

/** Header and claims. A signature has other encodings, and by some algorithms other good values. */
const signedPartOf = (token: string): string => token.slice(0, token.lastIndexOf('.'));
export const tokenHashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

interface Row {
  personId: string;
  displayName: string;
  offices: OfficeAt[];
  proxies: ProxyOffice[];
  passwordOnce: boolean;
}

/** Admits a session of this system or a token of the configured issuer, with the offices held now. Everyone else gets 401. */
@Injectable()
export class SessionGuard implements CanActivate {
  private readonly issuer?: Issuer;

  constructor(
    private readonly reflector: Reflector,
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) { issuer }: Config,
    private readonly cipher: FieldCipher,
  ) {
    this.issuer = issuer && new Issuer(issuer, clock);
  }

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const may = this.reflector.getAllAndOverride<MayCall | undefined>(MAY_CALL, [context.getHandler(), context.getClass()]);
    if (may?.by === 'everybody') return true;
    const request = context.switchToHttp().getRequest<WithCaller>();
    const [, token] = /^Bearer ([\w-]{20,}(?:\.[\w-]+\.[\w-]+)?)$/.exec(request.header('authorization') ?? '') ?? [];
    const segments = token?.split('.') ?? [];
    if (!token || !segments.every(bytesOf)) throw new Problem('unauthenticated');
    if (may?.by === 'student') {
      request.student = await this.studentOf(token);
      return true;
    }
    request.caller = segments.length === 3 ? await this.byToken(token) : await this.bySession(token);
    if (request.caller.passwordOnce && !this.reflector.get<boolean>(ONE_TIME, context.getHandler()))
      throw new Problem('password-change-required');
    return true;
  }

  /** A session of an office opens nothing here, and a student's opens nothing else: they lie in tables of their own. */
  private async studentOf(token: string): Promise<StudentCaller> {
    const values = [tokenHashOf(token), new Date(this.clock.now())];
    const [found] = await lookUp<StudentCaller>(this.db, 'system', STUDENT, values);
    if (!found) throw new Problem('unauthenticated');
    return found;
  }

  private async bySession(token: string): Promise<Caller> {
    const caller = await this.found(SESSION, tokenHashOf(token));
    if (!caller) throw new Problem('unauthenticated');
    return caller;
  }

  /** Opens the account that an administrator bound to the token's subject. */
  private async byToken(token: string): Promise<Caller> {
    if (!this.issuer) throw new Problem('unauthenticated');
    const { expiresAt, issuer, subject } = await this.issuer.verify(token);
    const caller = await this.found(BOUND, tokenHashOf(signedPartOf(token)), subjectHash(this.cipher, issuer, subject));
    if (!caller) throw new Problem('unauthenticated');
    return { ...caller, tokenUntil: expiresAt, passwordOnce: false };
  }

  private async found(sql: string, tokenHash: Buffer, ...more: unknown[]): Promise<Caller | undefined> {
    const [row] = await lookUp<Row>(this.db, 'system', sql, [tokenHash, new Date(this.clock.now()), ...more]);
    return row && { ...row, tokenHash };
  }
}

const STUDENT = `
  select student_id as "studentId", holder, token_hash as "tokenHash" from student_session where token_hash = $1 and expires_at > $2`;

/** A person (alias `p`) as the caller of a request, with what is held at $2. */
const callerAmong = (people: string, which: string): string => `
  select p.id as "personId", p.display_name as "displayName", p.password_once_until is not null as "passwordOnce",
    coalesce(jsonb_agg(jsonb_build_object('office', o.office, 'organisationId', o.organisation_id)) filter (where o.id is not null),
      '[]') as offices,
    ${PROXIES_OF('p.id', '$2')} as proxies
  from ${people} left join office o on o.person_id = p.id and ${HOLDS_OFFICE_AT('o', '$2')}
  where p.disabled_at is null and ${which} group by p.id`;

const SESSION = callerAmong('session s join person p on p.id = s.person_id', 's.token_hash = $1 and s.expires_at > $2');
const BOUND = callerAmong(
  'person p',
  'p.subject_hash = $3 and p.password_hash is null and not exists (select 1 from ended_token e where e.token_hash = $1)',
);
