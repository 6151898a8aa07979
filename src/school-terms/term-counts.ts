import type { DataSource } from 'typeorm';
import type { Clock } from '../platform/clock.js';
import { underAdvisoryLock } from '../platform/database/advisory-lock.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import { LOCKS } from '../platform/database/locks.js';
import { dateOf } from '../domain/working-days.js';
import { PolicyStore } from '../policies/policies.store.js';
import { DUE, RULES, rulesJson } from './due.store.js';
import { askedOf, COUNT_MANY } from './standing.store.js';
import { rulesOfProvinces, rulesUnderWay } from './term-rules.js';

export interface CountDeps {
  readonly db: DataSource;
  readonly clock: Clock;
}

/** Schools counted in one transaction, at most. */
const AT_ONCE = 100;
/** Marks taken with them: a school may be marked many times. */
const MARKS = 5000;

const TAKE = `
  with first as (select distinct school_id from (select school_id from term_recount order by id limit ${MARKS}) m order by school_id
    limit ${AT_ONCE}),
    gone as (delete from term_recount where id <= (select coalesce(max(id), 0) from (select id from term_recount order by id
      limit ${MARKS}) m)
      and school_id in (select school_id from first) returning 1)
  select o.id, o.province_id as "provinceId", (select count(*)::int from gone) as gone from first f join organisation o
    on o.id = f.school_id and o.type <> 'ordinaryMiddle'`;

/** First and last day of schools ($2) in a term, by the rules of their provinces ($1) and what each declared. */
const DAYS = `
  select o.id, to_char(coalesce(t.first_day, r.first_day), 'YYYY-MM-DD') as "firstDay", to_char(d.date, 'YYYY-MM-DD') as "dueDate"
  from ${RULES('$1')} join organisation o on o.province_id is not distinct from r.province_id ${DUE} where o.id = any($2::uuid[])`;

/** Open schools of which the term under way was not counted, or by another last day, are marked, to be counted by and by. */
const MARK_NEW = `
  insert into term_recount (school_id) select o.id from ${RULES('$1')} join organisation o on o.province_id is not distinct
    from r.province_id ${DUE}
  where o.level = 'school' and o.type <> 'ordinaryMiddle' and (o.closed_on is null or o.closed_on > $2::date)
    and not exists (select 1 from term_count n where n.school_id = o.id and n.year = r.year and n.nth = r.nth and n.due_date = d.date)
    and not exists (select 1 from term_recount m where m.school_id = o.id)`;

/**
 * Keeps what supervisors read of the term under way: schools whose students or registrations changed are counted anew. A mark appears with
 * the change that made it, and is removed with the count that saw it, so none is missed.
 */
export class TermCounts {
  private readonly policies = new PolicyStore();

  constructor(private readonly deps: CountDeps) {}

  /** Counts the next schools; true when there are more. */
  async pass(): Promise<boolean> {
    const more = await underAdvisoryLock(this.deps.db, LOCKS.termCounts, () => inScope(this.deps.db, 'process', (tx) => this.count(tx)));
    return more ?? false;
  }

  /** A term has begun, or a school was entered. */
  async begin(): Promise<void> {
    const today = dateOf(this.deps.clock.now());
    await inScope(this.deps.db, 'process', async (tx) => {
      const rules = await rulesOfProvinces(tx, this.policies, today);
      await tx.query(MARK_NEW, [rulesJson(rules), today]);
    });
  }

  private async count(tx: Transaction): Promise<boolean> {
    const [marked] = await tx.query<unknown[]>('select 1 from term_recount limit 1');
    if (!marked) return false;
    const schools = await tx.query<{ id: string; provinceId: string | null; gone: number }[]>(TAKE);
    const now = this.deps.clock.now();
    const [today, provinces] = [dateOf(now), new Set(schools.map(({ provinceId }) => provinceId))];
    for (const provinceId of provinces) {
      const rules = await rulesUnderWay(tx, this.policies, provinceId, today);
      const ids = schools.flatMap((one) => (one.provinceId === provinceId ? [one.id] : []));
      const days = await tx.query<{ id: string; firstDay: string; dueDate: string }[]>(DAYS, [
        rulesJson(new Map([[provinceId, rules]])),
        ids,
      ]);
      const asked = days.map(({ id, firstDay, dueDate }) => askedOf({ school: { id }, rules, firstDay, deadline: { dueDate }, today }));
      await tx.query(COUNT_MANY, [JSON.stringify(asked), new Date(now)]);
    }
    return true;
  }
}
