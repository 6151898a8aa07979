import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { handlingAt } from '../../domain/offices.js';
import { addDays, dateOf, instantOf } from '../../domain/working-days.js';
import { CLOCK, type Clock } from '../clock.js';
import { CONFIG, type Config, type DailyLimit } from '../config.js';
import { FieldCipher } from '../database/field-cipher.js';
import { inScope, lookUp, type Transaction } from '../database/in-scope.js';
import { Problem } from '../http/problem.js';
import { appendNext } from '../ledger/streams.js';
import type { Caller } from './caller.js';
import { daySpent, spend, type Spent } from './spend.js';

/** A person, or all persons of an organisation together, reached a limit of the day. */
export class DailyLimitReached extends Problem {
  constructor(
    readonly limit: DailyLimit,
    retryAfterSeconds: number,
  ) {
    super('daily-limit-reached', { retryAfterSeconds });
  }
}

/**
 * What a person, and all persons of an organisation together, may do a day, counted in the database over all processes. The superior's
 * supervisors are told once a day of whoever reaches a limit.
 */
@Injectable()
export class Quotas {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
    private readonly cipher: FieldCipher,
  ) {}

  /** When the day began, in Asia/Shanghai. */
  today(): Date {
    return new Date(instantOf(dateOf(this.clock.now())));
  }

  /** Who counts: the caller, and the organisations in whose name the caller reads. */
  holdersOf = (caller: Caller): string[] => [caller.personId, ...handlingAt(caller)];

  /** Counts within the caller's transaction. @throws DailyLimitReached */
  async spend(tx: Transaction, caller: Caller, limit: DailyLimit, amount = 1): Promise<void> {
    this.judge(caller, limit, await spend(tx, { holders: this.holdersOf(caller), what: limit, since: this.today(), amount }));
  }

  /** Counts in a transaction of its own, for what writes nothing. @throws DailyLimitReached */
  spendNow(caller: Caller, limit: DailyLimit, amount = 1): Promise<void> {
    return this.telling(caller, () => inScope(this.db, caller, (tx) => this.spend(tx, caller, limit, amount)));
  }

  /** Refuses before any work is done. @throws DailyLimitReached when nothing is left of the day */
  async mustHaveLeft(caller: Caller, limit: DailyLimit): Promise<void> {
    const spent = await lookUp<Spent>(this.db, caller, daySpent, [this.holdersOf(caller), limit, this.today()]);
    await this.telling(caller, () => Promise.resolve(this.judge(caller, limit, spent, 1)));
  }

  /** @throws DailyLimitReached when what is spent, and `more`, is over what the person or the organisation may */
  judge(caller: Caller, limit: DailyLimit, spent: readonly Spent[], more = 0): void {
    const person = this.config.daily[limit];
    const over = spent.some(
      ({ holderId, n }) => Number(n) + more > (holderId === caller.personId ? person : person * this.config.organisationTimes),
    );
    if (!over) return;
    const now = this.clock.now();
    throw new DailyLimitReached(limit, Math.ceil((instantOf(addDays(dateOf(now), 1)) - now) / 1000));
  }

  /** Does the work; when it reaches a limit, puts that on record for the superior before the caller is told. */
  async telling<T>(caller: Caller, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof DailyLimitReached) await this.tell(caller, error.limit);
      throw error;
    }
  }

  /** An act in the person's `access` stream, of which notifications are derived; once a day for each limit. */
  private tell(caller: Caller, limit: DailyLimit): Promise<void> {
    const key = `limitReached:${limit}:${dateOf(this.clock.now())}`;
    return inScope(this.db, 'system', async (tx) => {
      await tx.query('select 1 from person where id = $1 for update', [caller.personId]);
      const [told] = await tx.query<unknown[]>('select 1 from act where stream_id = $1 and key = $2', [caller.personId, key]);
      if (told) return;
      const above = await tx.query<{ id: string }[]>('select distinct coalesce(parent_id, id) as id from organisation where id = any($1)', [
        handlingAt(caller),
      ]);
      await appendNext(tx, { clock: this.clock, cipher: this.cipher }, 'access', caller.personId, {
        kind: 'limitReached',
        key,
        body: { personId: caller.personId, limit, authorityIds: above.map(({ id }) => id) },
      });
    });
  }
}
