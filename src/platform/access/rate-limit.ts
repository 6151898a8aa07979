import { Inject, Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { InjectDataSource } from '@nestjs/typeorm';
import { ipKeyGenerator } from 'express-rate-limit';
import type { DataSource } from 'typeorm';
import { memberOf, type Caller, type WithCaller } from './caller.js';
import { CLOCK, type Clock } from '../clock.js';
import { Quotas } from './quotas.js';
import { SPEND, type Spent } from './spend.js';
import { CONFIG, type Config, type DailyLimit } from '../config.js';
import { lookUp } from '../database/in-scope.js';
import { Problem } from '../http/problem.js';

interface Limit {
  readonly what: string;
  /** Requests a minute from one address, counted by each process of the API. */
  readonly address?: number;
  /** Requests a minute of one person, over all processes of the API. */
  readonly person?: number;
  /** The same of all persons of an organisation together. */
  readonly organisation?: number;
  /** The bodies that count, by default all. */
  readonly counts?: (body: unknown) => boolean;
}

const PER_MINUTE = 'per-minute';
/** A route that may be called so often a minute, where guessing would pay: by address, by person, by organisation. */
export const PerMinute = (what: string, most: Omit<Limit, 'what' | 'counts'>, counts?: Limit['counts']): MethodDecorator =>
  SetMetadata(PER_MINUTE, { what, ...most, counts } satisfies Limit);

const PER_DAY = 'per-day';
/** A route that is refused, before its body is read, once nothing is left of a limit of the day. The work itself spends. */
export const PerDay = (limit: DailyLimit): MethodDecorator => SetMetadata(PER_DAY, limit);

const MINUTE = 60_000;
/** Requests a minute of a student and the guardians together. */
const OF_A_STUDENT = 120;
/** Persons, organisations and addresses that one process counts. */
const MOST_KEYS = 50_000;
/** By the last minute that was counted, the account's last use is known. */
export const USED = 'serviceAccount';
const ADD = SPEND('$1', '$2', '$3', '1');

/**
 * Holds back who asks too often, after the guards that know the person and the offices:
 * 1. Every request of a person, and of an organisation, in memory: it costs a read no round trip, and holds for each process.
 * 2. A route that says `PerMinute`: addresses in memory, persons and organisations in the database over all processes.
 * 3. Every request of a service account, in the database: it has a limit of its own, and its last use is shown.
 * 4. A route that says `PerDay`: whether anything is left of the day.
 */
@Injectable()
export class RateLimit implements CanActivate {
  private readonly inMemory = new Map<string, { until: number; n: number }>();

  constructor(
    private readonly reflector: Reflector,
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    private readonly quotas: Quotas,
  ) {}

  /** @throws Problem too-many-requests, daily-limit-reached */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const request = context.switchToHttp().getRequest<WithCaller>();
    const { caller, student, body } = request;
    if (caller) this.everyRequest(caller);
    if (caller?.service) await this.countInDatabase(caller, { what: USED, person: caller.service.perMinute });
    if (student) this.count(student.studentId, OF_A_STUDENT);
    const limit = this.reflector.get<Limit | undefined>(PER_MINUTE, context.getHandler());
    if (limit && limit.counts?.(body) !== false) {
      if (limit.address !== undefined) this.count(`${limit.what} ${ipKeyGenerator(request.ip ?? '')}`, limit.address);
      if (caller && (limit.person ?? limit.organisation) !== undefined) await this.countInDatabase(caller, limit);
    }
    const daily = this.reflector.get<DailyLimit | undefined>(PER_DAY, context.getHandler());
    if (caller && daily) await this.quotas.mustHaveLeft(caller, daily);
    return true;
  }

  private everyRequest(caller: Caller): void {
    const { requestsPerMinute, organisationTimes } = this.config;
    this.count(caller.personId, requestsPerMinute);
    for (const id of memberOf(caller)) this.count(id, requestsPerMinute * organisationTimes);
  }

  /** In a minute that begins with the first request of the key. */
  private count(key: string, most: number): void {
    const now = this.clock.now();
    const known = this.inMemory.get(key);
    const { until, n } = known && now < known.until ? known : { until: now + MINUTE, n: 0 };
    if (!known && this.inMemory.size >= MOST_KEYS) this.forget(now);
    this.inMemory.set(key, { until, n: n + 1 });
    if (n >= most) throw tooMany(until - now);
  }

  /** Whose minute is over; were too many addresses to ask within one, the oldest half goes. */
  private forget(now: number): void {
    for (const [key, { until }] of this.inMemory) if (until <= now) this.inMemory.delete(key);
    for (const key of this.inMemory.keys()) {
      if (this.inMemory.size < MOST_KEYS / 2) return;
      this.inMemory.delete(key);
    }
  }

  private async countInDatabase(caller: Caller, { what, person = Infinity, organisation = Infinity }: Limit): Promise<void> {
    const now = this.clock.now();
    const since = now - (now % MINUTE);
    const holders = [caller.personId, ...(organisation === Infinity ? [] : memberOf(caller))];
    const spent = await lookUp<Spent>(this.db, caller, ADD, [holders, what, new Date(since)]);
    if (spent.some(({ holderId, n }) => Number(n) > (holderId === caller.personId ? person : organisation)))
      throw tooMany(since + MINUTE - now);
  }
}

const tooMany = (milliseconds: number): Problem =>
  new Problem('too-many-requests', { retryAfterSeconds: Math.max(1, Math.ceil(milliseconds / 1000)) });
