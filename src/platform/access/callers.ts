import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { OfficeAt, ProxyOffice } from '../../domain/offices.js';
import { CLOCK, type Clock } from '../clock.js';
import { CONFIG, type Config } from '../config.js';
import { FieldCipher } from '../database/field-cipher.js';
import { inScope, lookUp } from '../database/in-scope.js';
import { Problem } from '../http/problem.js';
import type { Caller, ServiceCaller, StudentCaller } from './caller.js';
import { Issuer } from './issuer.js';
import { HOLDS_OFFICE_AT } from './offices.sql.js';
import { PROXIES_OF } from './proxies.sql.js';
import { isKeyOf } from './service-keys.js';
import { SERVICE_OF } from './service-account.sql.js';
import { subjectHash } from './subjects.js';

/** Header and claims. A signature has other encodings, and by some algorithms other good values. */
const signedPartOf = (token: string): string => token.slice(0, token.lastIndexOf('.'));
export const tokenHashOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** So long a session's last use may be told too early, so that a read seldom writes. */
const USE_NOTED_EVERY = 5 * 60_000;

interface Row {
  personId: string;
  displayName: string;
  offices: OfficeAt[];
  proxies: ProxyOffice[];
  passwordOnce: boolean;
}
/** Of whom an administrator bound to a subject, or issued a key to: perhaps a program. */
interface ServiceRow extends Row {
  service: ServiceCaller | null;
}
interface SessionRow extends Row {
  sessionId: string;
  usedAt: Date;
  expiresAt: Date;
}

/** Who stands behind a token, with the offices held now. */
@Injectable()
export class Callers {
  private readonly issuer?: Issuer;

  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) { issuer }: Config,
    private readonly cipher: FieldCipher,
  ) {
    this.issuer = issuer && new Issuer(issuer, clock);
  }

  /** A session of an office opens nothing here, and a student's opens nothing else: they lie in tables of their own. */
  async student(token: string): Promise<StudentCaller> {
    const [found] = await lookUp<StudentCaller>(this.db, 'system', STUDENT, [tokenHashOf(token), this.now()]);
    if (!found) throw new Problem('unauthenticated');
    return found;
  }

  /** @param carrier the token of a cookie is no bearer token, and the other way round */
  async bySession(token: string, carrier: 'cookie' | 'bearer'): Promise<Caller> {
    const tokenHash = tokenHashOf(token);
    const now = this.now();
    const [row] = await lookUp<SessionRow>(this.db, 'system', SESSION, [tokenHash, now, carrier === 'cookie']);
    if (!row) throw new Problem('unauthenticated');
    const { usedAt, expiresAt, ...who } = row;
    if (now.getTime() - usedAt.getTime() >= USE_NOTED_EVERY)
      await inScope(this.db, 'system', (tx) => tx.query('update session set used_at = $2 where token_hash = $1', [tokenHash, now]));
    return { ...who, tokenHash, endsAt: expiresAt.getTime() };
  }

  /** Opens the account that an administrator bound to the token's subject. */
  async byIssuersToken(token: string): Promise<Caller> {
    if (!this.issuer) throw new Problem('unauthenticated');
    const { expiresAt, issuer, subject } = await this.issuer.verify(token);
    const tokenHash = tokenHashOf(signedPartOf(token));
    const values = [tokenHash, this.now(), subjectHash(this.cipher, issuer, subject)];
    const [row] = await lookUp<ServiceRow>(this.db, 'system', BOUND, values);
    if (!row) throw new Problem('unauthenticated');
    return { ...withService(row), tokenHash, endsAt: expiresAt, passwordOnce: false };
  }

  /** The account is found by the key's prefix, and the key compared in constant time. A revoked account is a disabled person. */
  async byKey(token: string, prefix: string): Promise<Caller> {
    const [row] = await lookUp<ServiceRow & { keyHash: Buffer }>(this.db, 'system', BY_KEY, [prefix, this.now()]);
    if (!row?.service || !isKeyOf(token, row.keyHash)) throw new Problem('unauthenticated');
    const { keyHash: _, ...found } = row;
    return { ...withService(found), tokenHash: tokenHashOf(token), endsAt: Date.parse(row.service.expiresAt) };
  }

  private now(): Date {
    return new Date(this.clock.now());
  }
}

const withService = ({ service, ...row }: ServiceRow): Omit<Caller, 'tokenHash' | 'endsAt'> => (service ? { ...row, service } : row);

const STUDENT = `
  select student_id as "studentId", holder, token_hash as "tokenHash" from student_session where token_hash = $1 and expires_at > $2`;

/** A person (alias `p`) as the caller of a request, with what is held at $2. */
const callerAmong = (people: string, which: string, more = '', grouped = ''): string => `
  select p.id as "personId", p.display_name as "displayName", p.password_once_until is not null as "passwordOnce",${more}
    coalesce(jsonb_agg(jsonb_build_object('office', o.office, 'organisationId', o.organisation_id)) filter (where o.id is not null),
      '[]') as offices,
    ${PROXIES_OF('p.id', '$2')} as proxies
  from ${people} left join office o on o.person_id = p.id and ${HOLDS_OFFICE_AT('o', '$2')}
  where p.disabled_at is null and ${which} group by p.id${grouped}`;

const SESSION = callerAmong(
  'session s join person p on p.id = s.person_id and p.subject_hash is not distinct from s.subject_hash',
  's.token_hash = $1 and s.expires_at > $2 and (s.browser is not null) = $3',
  ' s.id as "sessionId", s.used_at as "usedAt", s.expires_at as "expiresAt",',
  ', s.token_hash',
);
const BOUND = callerAmong(
  'person p',
  `p.subject_hash = $3 and p.password_hash is null and not exists (select 1 from ended_token e where e.token_hash = $1)
     and not exists (select 1 from service_account k where k.person_id = p.id and k.expires_at <= $2)`,
  ` ${SERVICE_OF('p.id')} as service,`,
);
const BY_KEY = callerAmong(
  'service_account k join person p on p.id = k.person_id',
  'k.key_prefix = $1 and k.expires_at > $2',
  ` ${SERVICE_OF('p.id')} as service, k.key_hash as "keyHash",`,
  ', k.person_id',
);
