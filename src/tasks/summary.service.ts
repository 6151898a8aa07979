import { Inject, Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import type { DataSource } from 'typeorm';
import type { Caller } from '../platform/access/caller.js';
import { CLOCK, type Clock } from '../platform/clock.js';
import { inScope } from '../platform/database/in-scope.js';
import { watchingAt } from '../domain/offices.js';
import { dateOf } from '../domain/working-days.js';
import { unreadOf } from '../notifications/notifications.service.js';
import { Inbox } from './inbox.service.js';
import type { MySummary, RequestCounts } from './summary.dto.js';
import { TaskQuery } from './tasks.dto.js';

const TASKS = `
  select (select count(*)::int from found_tasks($1)) as inbox, (select count(*)::int from found_tasks($2)) as mine,
    (select count(*)::int from found_tasks($3)) as "dueToday", (select count(*)::int from found_tasks($4)) as overdue,
    (select count(*)::int from found_tasks($5)) as "returnedToMe",
    (select count(*)::int from found_tasks($6)) as paused`;
const REQUESTS = 'select state, count(*)::int as n from change_request where filer_id = $1 and seen_by && $2 group by state';

const MOST = 1000;

/** What waits for the caller, in numbers, by the same filters as the lists; its statements travel together. */
@Injectable()
export class Summary {
  constructor(
    @InjectDataSource() private readonly db: DataSource,
    @Inject(CLOCK) private readonly clock: Clock,
    private readonly inbox: Inbox,
  ) {}

  of(caller: Caller): Promise<MySummary> {
    const today = dateOf(this.clock.now());
    const asked: Partial<TaskQuery>[] = [
      {},
      { mine: true },
      { dueFrom: today, dueTo: today, overdue: false },
      { overdue: true },
      { returned: true, filedBy: caller.personId },
      { state: 'paused' },
    ];
    const filters = asked.map((one) => this.inbox.filtersFor(caller, Object.assign(new TaskQuery(), one, { limit: MOST - 1 })));
    return inScope(this.db, caller, async (tx) => {
      const [[tasks], requests, { unread }] = await Promise.all([
        tx.query<[Pick<MySummary, 'inbox' | 'mine' | 'dueToday' | 'overdue' | 'returnedToMe' | 'paused'>]>(TASKS, filters),
        tx.query<{ state: keyof RequestCounts; n: number }[]>(REQUESTS, [caller.personId, watchingAt(caller)]),
        unreadOf(tx, caller),
      ]);
      const counts: RequestCounts = { open: 0, approved: 0, rejected: 0, recalled: 0, superseded: 0, cancelled: 0 };
      for (const { state, n } of requests) counts[state] = n;
      return { ...tasks, requests: counts, unread };
    });
  }
}
