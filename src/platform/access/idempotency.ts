import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createParamDecorator, Inject, Injectable, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { InjectDataSource } from '@nestjs/typeorm';
import type { Request, Response } from 'express';
import type { DataSource } from 'typeorm';
import { actorNow, endedHere, type Caller } from './caller.js';
import { CLOCK, type Clock } from '../clock.js';
import { FieldCipher } from '../database/field-cipher.js';
import { inScope, type Transaction } from '../database/in-scope.js';
import { IDEMPOTENCY_SEED } from '../database/locks.js';
import type { Actor } from '../../domain/offices.js';
import { canonical } from '../ledger/chain.js';
import { signaturesOf, signsByService } from '../ledger/streams.js';
import { Problem } from '../http/problem.js';

/** A request that appends acts: its key and a digest of what it asks. */
export interface KeyedRequest {
  readonly key: string;
  readonly digest: Buffer;
  /** Says in the answer that it repeats an earlier one. */
  readonly repeats?: () => void;
}

/** How the document shows the header of every route that takes a key. */
const KEY_HEADER = ApiHeader({
  name: 'Idempotency-Key',
  required: true,
  description: '幂等键 The same key with the same body gets the same answer; kept 30 days per person',
  schema: { type: 'string', minLength: 1, maxLength: 200, pattern: '^[\\x21-\\x7e]+$' },
  example: '7f0c2f4e-6f0a-4b5e-9a53-1d2f3c4b5a69',
});

/** The `Idempotency-Key` of a POST with a digest of method, path and body. @throws Problem idempotency-key-required */
export const Keyed = createParamDecorator(
  (_: unknown, context: ExecutionContext): KeyedRequest => {
    const http = context.switchToHttp();
    const request = http.getRequest<Request>();
    const key = request.header('idempotency-key') ?? '';
    if (!/^[\x21-\x7e]{1,200}$/.test(key)) throw new Problem('idempotency-key-required');
    const asked = canonical({ method: request.method, path: request.path, body: request.body as unknown });
    const repeats = () => void http.getResponse<Response>().setHeader('Idempotency-Replayed', 'true');
    return { key, digest: createHash('sha256').update(asked).digest(), repeats };
  },
  [
    (target, method = ''): void => {
      const descriptor = Object.getOwnPropertyDescriptor(target, method);
      if (descriptor) KEY_HEADER(target, method, descriptor);
    },
  ],
);

/** How long a second request with the same key waits for the first. */
const PATIENCE = 2000;

/**
 * Inserts the key unless it is there, or a transaction with it is open: whoever waited for that one would hold a connection for nothing.
 */
const BEGIN = `
  insert into idempotency (person_id, key, request_hash, created_at) select $1::uuid, $2::text, $3::bytea, $4::timestamptz
  where pg_try_advisory_xact_lock(hashtextextended($1::text || $2::text, ${IDEMPOTENCY_SEED})) on conflict do nothing returning 1`;

const KEEP = 'update idempotency set answer = $3, standing = $4 where person_id = $1 and key = $2';

/** An office in which work was done, as proxy 代理 of the absent person where there is one. */
interface Standing {
  readonly office: string;
  readonly organisationId: string;
  readonly principalId?: string;
}

/** The offices in which the acts of the work were signed. Where it left none, all offices that the person then held. */
function standingOf(tx: Transaction, actor: Actor): Standing[] {
  const acts = signaturesOf(tx).filter(({ personId }) => personId === actor.personId);
  const all: Standing[] = acts.length > 0 ? acts.map(standing) : actor.offices.map(standing);
  return [...new Map(all.map((one) => [canonical(one), one])).values()];
}

const standing = (of: { office: string; organisationId: string; onBehalfOfPerson?: string }): Standing => {
  const { office, organisationId, onBehalfOfPerson } = of;
  return onBehalfOfPerson === undefined ? { office, organisationId } : { office, organisationId, principalId: onBehalfOfPerson };
};

const isHeld = ({ offices, proxies = [] }: Actor, { principalId, office, organisationId }: Standing): boolean =>
  principalId === undefined
    ? offices.some((held) => held.office === office && held.organisationId === organisationId)
    : proxies.some((held) => held.principalId === principalId && held.office === office && held.organisationId === organisationId);

interface Answered<T> {
  readonly answer: T;
  readonly replayed: boolean;
}

/** The person's offices changed while the work waited for a lock: it is undone and judged anew. */
class StandingChanged extends Error {}

/**
 * Runs a write exactly once for a person's key, in one transaction with the answer that a replay gets. A refused write leaves no key
 * behind, so it may be tried again. A second request with the same key waits a little for the first and answers the same.
 */
@Injectable()
export class OnceOnly {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cipher: FieldCipher,
  ) {}

  /**
   * `work` gets the caller as an actor with the offices held at this moment. The last statement reads the offices again, because `work` may
   * wait for a lock. If one ended meanwhile, the work is not done (invariant 2).
   * @throws Problem in-flight, idempotency-key-reused, unauthenticated; not-your-office for a repetition when an office in which the work
   *   was done is no longer held
   */
  async run<T extends object>(
    caller: Caller,
    keyed: KeyedRequest,
    work: (tx: Transaction, actor: Actor) => Promise<T>,
  ): Promise<Answered<T>> {
    const end = performance.now() + PATIENCE;
    for (let attempt = 1, pause = 25; ; attempt += 1, pause *= 2) {
      try {
        const answered = await this.attempt(caller, keyed, work);
        if (answered.replayed) keyed.repeats?.();
        return answered;
      } catch (error) {
        const waits = error instanceof Problem && error.code === 'in-flight' && performance.now() + pause < end;
        if (!waits && !(error instanceof StandingChanged && attempt < 3))
          throw error instanceof StandingChanged ? new Problem('busy') : error;
        if (waits) await sleep(pause);
      }
    }
  }

  private attempt<T extends object>(
    caller: Caller,
    { key, digest }: KeyedRequest,
    work: (tx: Transaction, actor: Actor) => Promise<T>,
  ): Promise<Answered<T>> {
    const { personId } = caller;
    return inScope(this.db, caller, async (tx) => {
      const now = new Date(this.clock.now());
      const [fresh, actor] = await Promise.all([tx.query<unknown[]>(BEGIN, [personId, key, digest, now]), actorNow(tx, personId, now)]);
      if (actor.service) signsByService(tx, personId, actor.service.issuedBy);
      if (fresh.length === 0) return { answer: await this.before<T>(tx, caller, actor, { key, digest }), replayed: true };
      const answer = await work(tx, actor);
      const sealed = this.cipher.encrypt(JSON.stringify(answer), placeOf(caller, key));
      const standing = standingOf(tx, actor);
      const [, still] = await Promise.all([
        tx.query(KEEP, [personId, key, sealed, JSON.stringify(standing)]),
        actorNow(tx, personId, new Date(this.clock.now())),
      ]);
      await mustStillHold(tx, actor, still);
      // An administrator who ended the own office gets that answer again.
      if (!standing.every((one) => isHeld(still, one)))
        await tx.query(KEEP, [personId, key, sealed, JSON.stringify(standing.filter((one) => isHeld(still, one)))]);
      return { answer, replayed: false };
    });
  }

  private async before<T>(tx: Transaction, caller: Caller, actor: Actor, { key, digest }: KeyedRequest): Promise<T> {
    const [row] = await tx.query<{ requestHash: Buffer; answer: Buffer | null; standing: Standing[] | null }[]>(
      'select request_hash as "requestHash", answer, standing from idempotency where person_id = $1 and key = $2',
      [caller.personId, key],
    );
    if (!row?.answer) throw new Problem('in-flight', { retryAfterSeconds: 1 });
    if (!row.requestHash.equals(digest)) throw new Problem('idempotency-key-reused');
    if (row.answer.length === 0) throw new Problem('answer-not-kept');
    if (!row.standing?.every((one) => isHeld(actor, one))) throw new Problem('not-your-office');
    return JSON.parse(this.cipher.decrypt(row.answer, placeOf(caller, key))) as T;
  }
}

/**
 * Checks that the person still has every office from the beginning of the work. New offices do not matter. An office that the work
 * itself ended
 * does not count, because administrators may end their own.
 */
async function mustStillHold(tx: Transaction, before: Actor, still: Actor): Promise<void> {
  const held = ({ offices, proxies = [] }: Actor) => [
    ...offices.map(({ headId: _, ...office }) => office),
    ...proxies.map(({ headId: _, ...proxy }) => proxy),
  ];
  const holds = new Set(held(still).map(canonical));
  const lost = held(before).filter((one) => !holds.has(canonical(one)));
  if (lost.length === 0) return;
  const here = await endedHere(tx, before.personId);
  if (
    !lost.every((one) =>
      here.some(({ office, organisationId }) => organisationId === one.organisationId && ('principalId' in one || office === one.office)),
    )
  )
    throw new StandingChanged();
}

/** Answers hold secrets and personal data, and lie here for 30 days: sealed, each for its own key. */
const placeOf = ({ personId }: Caller, key: string): string => `idempotency.answer:${personId}:${key}`;
