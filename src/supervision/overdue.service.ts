import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Caller } from '../platform/access/caller.js';
import { Cursors } from '../platform/http/cursor.js';
import { Problem } from '../platform/http/problem.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { addDays, dateOf } from '../domain/working-days.js';
import { taskView, type TaskItemRow } from '../tasks/tasks.views.js';
import { overseenBy } from '../organisations/below.js';
import type { OverdueDay, OverdueQuery, OverdueRow, OverdueTable, OverdueTaskPage, OverdueTaskQuery } from './overdue.dto.js';
import { HOW_MANY_BELOW, MANY, OVERDUE_COUNTS, OVERDUE_TASKS, TREND } from './overdue.store.js';

const TREND_DAYS = 30;

/** The overdue tasks at the caller's organisations and below: counts, and a list. */
@Injectable()
export class Overdue {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly cursors: Cursors,
  ) {}

  async table(caller: Caller, { by, cursor, limit }: OverdueQuery): Promise<OverdueTable> {
    const orgs = overseenBy(caller);
    const [count = null, key = null] = this.cursors.read(`overdue ${by}`, cursor) ?? [];
    const now = this.clock.now();
    const today = dateOf(now);
    const values = [orgs, new Date(now), count, key, limit + 1, addDays(today, -7)];
    const [rows, trend] = await inScope(this.db, caller, (tx) =>
      Promise.all([
        tx.query<(Omit<OverdueRow, 'longestDays'> & { longestDays: string; total: number })[]>(OVERDUE_COUNTS(by), values),
        tx.query<OverdueDay[]>(TREND, [orgs, addDays(today, -TREND_DAYS)]),
      ]),
    );
    const page = this.cursors.page(`overdue ${by}`, rows, limit, (row) => [String(row.overdue), row.key]);
    return {
      items: page.items.map(({ total: _, longestDays, ...row }) => ({ ...row, longestDays: Number(longestDays) })),
      nextCursor: page.nextCursor,
      total: rows[0]?.total ?? 0,
      trend,
    };
  }

  async tasks(caller: Caller, { organisationId, kind, cursor, limit }: OverdueTaskQuery): Promise<OverdueTaskPage> {
    const [dueAt = null, id = null] = this.cursors.read('overdue tasks', cursor) ?? [];
    const now = this.clock.now();
    const rows = await inScope(this.db, caller, async (tx) => {
      const orgs = await within(tx, overseenBy(caller), organisationId);
      const [{ n }] = await tx.query<[{ n: number }]>(HOW_MANY_BELOW, [orgs]);
      return tx.query<TaskItemRow[]>(OVERDUE_TASKS(n > MANY), [orgs, new Date(now), dueAt, id, kind ?? null, limit + 1]);
    });
    const page = this.cursors.page('overdue tasks', rows, limit, (row) => [row.dueAt.toISOString(), row.id]);
    return { ...page, items: page.items.map((row) => taskView(row, now)) };
  }
}

/** One organisation at or below the caller's, when it is named. @throws Problem not-found */
async function within(tx: Transaction, orgs: string[], id: string | undefined): Promise<string[]> {
  if (id === undefined) return orgs;
  const [below] = await tx.query<unknown[]>('select 1 from organisation where id = $1 and (id = any($2) or ancestors && $2)', [id, orgs]);
  if (!below) throw new Problem('not-found');
  return [id];
}
