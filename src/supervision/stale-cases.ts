import type { DataSource } from 'typeorm';
import { underAdvisoryLock } from '../platform/database/advisory-lock.js';
import { LOCKS } from '../platform/database/locks.js';
import { eachInTurn } from '../platform/each.js';
import { inScope } from '../platform/database/in-scope.js';
import { lockCase, record, type CaseDeps } from '../cases/cases.store.js';

export interface StaleDeps extends CaseDeps {
  readonly db: DataSource;
}

interface Found {
  id: string;
  seq: number;
  at: Date;
}

/** Open requests looked at by one statement, at most. */
const AT_ONCE = 2000;

/** The last act of a request by a person, as a table of one row. */
export const LAST_MOVED = (request: string): string =>
  `(select a.seq, a.at from act a where a.stream_id = ${request} and a.person_id is not null order by a.seq desc limit 1)`;

/**
 * The stale requests among the next open ones after a place ($1, $2), not noted yet. No person has moved them for the months of their own
 * policy at an instant ($3), in days of Shanghai. What only waits for its day is not stale. The last request
 * looked at comes with them, stale or not.
 */
const NEXT = `
  with looked as materialized (
    select id, filed_at, case when hold ->> 'kind' is distinct from 'awaitingEffect' then (route ->> 'staleAfterMonths')::int end as months
    from change_request
    where state = 'open' and ($1::timestamptz is null or (filed_at, id) > ($1, $2::uuid)) order by filed_at, id limit ${AT_ONCE}),
  still as (
    select l.id, m.seq, m.at from looked l cross join lateral ${LAST_MOVED('l.id')} m left join stale_case s on s.request_id = l.id
    where l.months is not null and s.moved_seq is distinct from m.seq
      and date_trunc('day', m.at, 'Asia/Shanghai') at time zone 'Asia/Shanghai' + make_interval(months => l.months) <= date_trunc('day',
        $3::timestamptz, 'Asia/Shanghai') at time zone 'Asia/Shanghai')
  select id, seq, at, null as "filedAt" from still
  union all (select id, null, null, filed_at::text from looked order by filed_at desc, id desc limit 1)`;

/** Notes in the ledger, once for each silence, that nobody moves a case (A4). Nothing is closed by it. */
export class StaleCases {
  private after: [filedAt: string, id: string] | undefined;

  constructor(private readonly deps: StaleDeps) {}

  /** Looks at the next open requests; true until all were looked at, whereupon it begins anew. */
  async pass(): Promise<boolean> {
    const more = await underAdvisoryLock(this.deps.db, LOCKS.staleCases, async (lost) => {
      const rows = await inScope(this.deps.db, 'process', (tx) =>
        tx.query<(Found & { filedAt: string | null })[]>(NEXT, [...(this.after ?? [null, null]), new Date(this.deps.clock.now())]),
      );
      const last = rows.find(({ filedAt }) => filedAt !== null);
      const former = this.after;
      this.after = last?.filedAt ? [last.filedAt, last.id] : undefined; // before the notes: a case that fails must not hold the round here
      const silent = rows.filter(({ filedAt }) => filedAt === null);
      if (!(await eachInTurn(silent, (one) => this.note(one), lost))) this.after = former;
      return last !== undefined && !lost.aborted;
    });
    return more ?? false;
  }

  /** Under the request's lock: whoever has moved it meanwhile was in time. */
  private note({ id, seq, at }: Found): Promise<void> {
    return inScope(this.deps.db, 'process', async (tx) => {
      const loaded = await lockCase(tx, id);
      const last = loaded?.acts.findLast(({ by }) => by !== undefined);
      if (!loaded || loaded.state.closed || last?.seq !== seq) return;
      if (loaded.acts.some((act) => act.key === `stale:${seq}`)) return;
      await record(tx, this.deps, loaded, { kind: 'stale', since: at.toISOString() }, { key: `stale:${seq}` });
      const noted = new Date(this.deps.clock.now());
      await tx.query(
        `insert into stale_case (request_id, moved_seq, moved_at, noted_at) values ($1,$2,$3,$4)
         on conflict (request_id) do update set moved_seq = excluded.moved_seq, moved_at = excluded.moved_at, noted_at = excluded.noted_at`,
        [id, seq, at, noted],
      );
    });
  }
}
