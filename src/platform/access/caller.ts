import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { Problem } from '../http/problem.js';
import { PROXIES_OF } from './proxies.sql.js';
import type { Transaction } from '../database/in-scope.js';
import { HEAD_ON } from '../ledger/head-on.js';
import { HOLDS_OFFICE_AT } from './offices.sql.js';
import { SERVICE_OF } from './service-account.sql.js';
import type { ServiceScope } from '../../domain/service-account.js';
import type { Actor, Office, OfficeAt, ProxyOffice } from '../../domain/offices.js';
import { dateOf } from '../../domain/working-days.js';

/** The signed-in person with the offices held when the request came in. */
export interface Caller extends Actor {
  readonly displayName: string;
  readonly tokenHash: Buffer;
  /** When the session, or the token of the outside issuer, ends: epoch milliseconds. */
  readonly endsAt: number;
  /** Of a session here; undefined for a token of the outside issuer. */
  readonly sessionId?: string;
  /** Whether the session was opened by a one-time password that has not been changed yet. */
  readonly passwordOnce?: boolean;
  readonly service?: ServiceCaller;
}

/** A program that calls by its service account. */
export interface ServiceCaller extends ServiceScope {
  readonly organisationId: string;
  /** Requests a minute, over all processes of the API. */
  readonly perMinute: number;
  readonly expiresAt: string;
  /** By which its requests are found in the log. */
  readonly keyPrefix: string | null;
}

/** A student, or the guardian, in a session that opens the own dossier alone. */
export interface StudentCaller {
  readonly studentId: string;
  readonly holder: 'student' | 'guardian';
  readonly tokenHash: Buffer;
}

export type WithCaller = Request & { caller?: Caller; student?: StudentCaller };

/** The caller of a guarded route. */
export const CallerNow = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<WithCaller>();
  if (!caller) throw new Error('the route is not guarded');
  return caller;
});

/** The student of a route that is for students. */
export const StudentNow = createParamDecorator((_: unknown, context: ExecutionContext): StudentCaller => {
  const { student } = context.switchToHttp().getRequest<WithCaller>();
  if (!student) throw new Error('the route is not for students');
  return student;
});

export const ONE_TIME = 'one-time-password-route';
/** A route that a session opened by a one-time password may call. */
export const WithOneTimePassword = (): MethodDecorator => SetMetadata(ONE_TIME, true);

const STANDING = `
  select ${PROXIES_OF('p.id', '$2')} as proxies, ${SERVICE_OF('p.id')} as service, (
    select coalesce(jsonb_agg(jsonb_build_object('office', o.office, 'organisationId', o.organisation_id, 'headId',
      ${HEAD_ON('o.organisation_id', '$3::date')})
      order by o.office, o.organisation_id), '[]') from office o where o.person_id = p.id and ${HOLDS_OFFICE_AT('o', '$2')}) as offices
  from person p where p.id = $1 and p.disabled_at is null`;

/**
 * The person with the offices held at this moment and their organisations' heads, read inside the transaction that writes (invariant 2).
 * @throws Problem unauthenticated when the account is disabled
 */
export async function actorNow(tx: Transaction, personId: string, now: Date): Promise<Actor> {
  const [row] = await tx.query<{ proxies: ProxyOffice[]; offices: OfficeAt[]; service: ServiceScope | null }[]>(STANDING, [
    personId,
    now,
    dateOf(now.getTime()),
  ]);
  if (!row) throw new Problem('unauthenticated');
  const headIdOf = (id: string) => row.offices.find(({ organisationId }) => organisationId === id)?.headId ?? null;
  const proxies = row.proxies.map((one) => ({ ...one, headId: headIdOf(one.organisationId) }));
  return { personId, offices: row.offices, proxies, ...(row.service ? { service: row.service } : {}) };
}

/** The person's offices that this very transaction has ended. */
export const endedHere = (tx: Transaction, personId: string): Promise<Pick<OfficeAt, 'office' | 'organisationId'>[]> =>
  tx.query(
    `select office, organisation_id as "organisationId" from office
     where person_id = $1 and held_until is not null and xmin = pg_current_xact_id_if_assigned()::xid`,
    [personId],
  );

/** Where the actor holds one of these offices. What is read of cases and students asks `watchingAt` and `handlingAt` in the domain. */
export const organisationsOf = (actor: Actor, ...offices: [Office, ...Office[]]): string[] => [
  ...new Set(actor.offices.flatMap(({ office, organisationId }) => (offices.includes(office) ? [organisationId] : []))),
];

/** Where the actor holds any office: for what names no student and no case. */
export const memberOf = (actor: Actor): string[] => [...new Set(actor.offices.map(({ organisationId }) => organisationId))];
