import { Inject, Injectable, SetMetadata, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import { Problem } from '../http/problem.js';
import { CLOCK, type Clock } from '../clock.js';
import { lookUp } from '../database/in-scope.js';
import type { WithCaller } from './caller.js';

interface Limit {
  readonly what: string;
  readonly most: number;
  /** The bodies that count, by default all. */
  readonly counts?: (body: unknown) => boolean;
}

const LIMIT = 'person-limit';
/** A route that a person may call so often a minute, over all processes of the API and whatever addresses the person comes from. */
export const PerMinute = (what: string, most: number, counts?: Limit['counts']): MethodDecorator =>
  SetMetadata(LIMIT, { what, most, counts } satisfies Limit);

const MINUTE = 60_000;
const SPEND = `
  insert into person_rate as r (person_id, what, minute, n) values ($1, $2, $3, 1)
  on conflict (person_id, what) do update set n = case when r.minute = $3 then r.n + 1 else 1 end, minute = $3 returning n`;

/** Holds back who asks too often where guessing would pay: after the guard that knows the person. */
@Injectable()
export class PersonLimit implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
  ) {}

  /** @throws Problem too-many-requests */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    const limit = this.reflector.get<Limit | undefined>(LIMIT, context.getHandler());
    const { caller, body } = context.switchToHttp().getRequest<WithCaller>();
    if (!limit || !caller || limit.counts?.(body) === false) return true;
    const now = this.clock.now();
    const minute = now - (now % MINUTE);
    const [row] = await lookUp<{ n: number }>(this.db, caller, SPEND, [caller.personId, limit.what, new Date(minute)]);
    if ((row?.n ?? 0) > limit.most)
      throw new Problem('too-many-requests', { retryAfterSeconds: Math.ceil((minute + MINUTE - now) / 1000) });
    return true;
  }
}
