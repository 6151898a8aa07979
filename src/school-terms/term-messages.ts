import type { DataSource } from 'typeorm';
import type { Clock } from '../platform/clock.js';
import { eachInPages } from '../platform/each.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import type { TermRules } from '../domain/terms/school-term.js';
import { dateOf, instantOf, type PlainDate } from '../domain/working-days.js';
import { PolicyStore } from '../policies/policies.store.js';
import { COUNTED, DUE, RULES, rulesJson } from './due.store.js';
import { askedOf, COUNT_UNREGISTERED, valuesOf } from './standing.store.js';
import { rulesOfProvinces } from './term-rules.js';
import { lockTermIfFree, recordTermAct } from './school-terms.store.js';
import type { LedgerDeps } from '../platform/ledger/streams.js';

export interface TermMessageDeps extends LedgerDeps {
  readonly db: DataSource;
  readonly clock: Clock;
}

/** A message that is due at a school. */
interface Due {
  readonly schoolId: string;
  readonly authorityId: string;
  readonly provinceId: string | null;
  readonly what: 'reminded' | 'overdue';
  readonly firstDay: PlainDate;
  readonly dueDate: PlainDate;
}

/** Schools looked at by one statement. */
const AT_ONCE = 500;

const AFTER_ONE = '($3::uuid is null or o.id > $3)';
const THAT_ONE = 'o.id = $3';

/**
 * The open schools to be told on a day ($2), by the rules of their provinces ($1). $3 says after which school, or which schools. A school
 * with unregistered students is told once that the last day is near, and once that it has passed. It is told on working days of its own
 * calendar.
 */
const DUE_MESSAGES = (which: string): string => `
  select o.id as "schoolId", o.parent_id as "authorityId", o.province_id as "provinceId", case when d.date < $2::date then 'overdue'
    else 'reminded' end as what,
    to_char(d.date, 'YYYY-MM-DD') as "dueDate", to_char(coalesce(t.first_day, r.first_day), 'YYYY-MM-DD') as "firstDay"
  from ${RULES('$1')} join organisation o on o.province_id is not distinct from r.province_id
    ${COUNTED} ${DUE}
    join working_day m on m.calendar_id = c.id and m.worked and m.ordinal = d.ordinal - r.reminder
    join working_day w on w.calendar_id = c.id and w.date = $2::date and w.worked
  where o.level = 'school' and (o.closed_on is null or o.closed_on > $2::date) and t.overdue_told_at is null
    and (d.date < $2::date or m.date <= $2::date and t.reminded_at is null)
    and ${which} and n.to_register > n.registered and (n.owed > 0 or d.date >= $2::date) order by o.id limit ${AT_ONCE}`;

const COLUMN = { reminded: 'reminded_at', overdue: 'overdue_told_at' } as const;

/**
 * Tells schools of the registration of the term, from 09:00 on working days (R-15, A4, decision 0030). A school is told once before the
 * last day and once after it, then with its authority. The next sweep does what one misses; each message goes out once, by its key.
 */
export class TermMessages {
  private readonly policies = new PolicyStore();

  constructor(private readonly deps: TermMessageDeps) {}

  /** Looks at every school once. */
  async pass(): Promise<void> {
    const now = this.deps.clock.now();
    const today = dateOf(now);
    if (now < instantOf(today, 9)) return;
    const rules = await inScope(this.deps.db, 'process', (tx) => rulesOfProvinces(tx, this.policies, today));
    await eachInPages(
      (after: Due | undefined) => inScope(this.deps.db, 'process', (tx) => due(tx, rules, today, AFTER_ONE, after?.schoolId ?? null)),
      AT_ONCE,
      (one) => inScope(this.deps.db, 'process', (tx) => this.tell(tx, rules, today, one)),
    );
  }

  /**
   * Under the lock of the term, where it is asked again: who has registered, declared or told meanwhile is obeyed. Many processes may be at
   * it: a term that another has in hand is left to that one.
   */
  private async tell(
    tx: Transaction,
    rules: ReadonlyMap<string | null, TermRules>,
    today: PlainDate,
    { schoolId, provinceId }: Due,
  ): Promise<void> {
    const ours = rules.get(provinceId);
    if (!ours) return;
    const locked = await lockTermIfFree(tx, schoolId, ours.term);
    if (!locked) return;
    const [one] = await due(tx, rules, today, THAT_ONE, schoolId);
    if (!one) return;
    const { what, authorityId, firstDay, dueDate } = one;
    const asked = askedOf({ school: { id: schoolId }, rules: ours, firstDay, deadline: { dueDate }, today });
    const [{ unregistered, owed }] = await tx.query<[{ unregistered: number; owed: number }]>(COUNT_UNREGISTERED, valuesOf(asked));
    const number = what === 'overdue' ? owed : unregistered;
    if (number === 0) return;
    await recordTermAct(tx, this.deps, locked, ours.term, {
      kind: what,
      key: what,
      body: { schoolId, authorityId, dueDate, unregistered: number },
    });
    await tx.query(`update school_term set ${COLUMN[what]} = $2 where id = $1`, [locked.id, new Date(this.deps.clock.now())]);
  }
}

const due = (
  tx: Transaction,
  rules: ReadonlyMap<string | null, TermRules>,
  today: PlainDate,
  which: typeof AFTER_ONE | typeof THAT_ONE,
  schoolId: string | null,
): Promise<Due[]> => tx.query<Due[]>(DUE_MESSAGES(which), [rulesJson(rules), today, schoolId]);
