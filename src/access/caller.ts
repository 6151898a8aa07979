import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import type { Request } from 'express';
import { PROXIES_OF } from '../organisations/proxies.sql.js';
import type { Transaction } from '../database/in-scope.js';
import { HEAD_ON } from '../ledger/head-on.js';
import { HELD_AT } from '../organisations/organisations.sql.js';
import type { Actor, Office, OfficeAt, ProxyOffice } from '../domain/offices.js';
import { dateOf } from '../domain/working-days.js';

/** The signed-in person with the offices held when the request came in. */
export interface Caller extends Actor {
  readonly displayName: string;
  readonly tokenHash: Buffer;
  /** When a token of the outside issuer expires, epoch milliseconds; undefined for a session here. */
  readonly tokenUntil?: number;
  /** Whether the session was opened by a one-time password that has not been changed yet. */
  readonly passwordOnce?: boolean;
}

export type WithCaller = Request & { caller?: Caller };

/** The caller of a guarded route. */
export const CallerNow = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<WithCaller>();
  if (!caller) throw new Error('the route is not guarded');
  return caller;
});

export const PUBLIC = 'public-route';
/** A route that anyone may call. */
export const Public = (): MethodDecorator & ClassDecorator => SetMetadata(PUBLIC, true);

export const ONE_TIME = 'one-time-password-route';
/** A route that a session opened by a one-time password may call. */
export const WithOneTimePassword = (): MethodDecorator => SetMetadata(ONE_TIME, true);

/** The person with the offices held at this moment and their organisations' heads, read inside the transaction that writes (invariant 2). */
export async function actorNow(tx: Transaction, personId: string, now: Date): Promise<Actor> {
  const [[row], offices] = await Promise.all([
    tx.query<{ proxies: ProxyOffice[] }[]>(`select ${PROXIES_OF('$1', '$2')} as proxies`, [personId, now]),
    tx.query<OfficeAt[]>(
      `select office, organisation_id as "organisationId", ${HEAD_ON('o.organisation_id', '$3::date')} as "headId"
       from office o where person_id = $1 and ${HELD_AT('o', '$2')}`,
      [personId, now, dateOf(now.getTime())],
    ),
  ]);
  const headOf = (id: string) => offices.find(({ organisationId }) => organisationId === id)?.headId ?? null;
  return { personId, offices, proxies: row?.proxies.map((one) => ({ ...one, headId: headOf(one.organisationId) })) ?? [] };
}

export const organisationsOf = (actor: Actor, ...offices: Office[]): string[] => [
  ...new Set(
    actor.offices.filter(({ office }) => offices.length === 0 || offices.includes(office)).map(({ organisationId }) => organisationId),
  ),
];
