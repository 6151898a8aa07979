import type { Logger } from 'pino';
import type { DataSource } from 'typeorm';
import { eachInTurn } from '../platform/each.js';
import { underAdvisoryLock } from '../platform/database/advisory-lock.js';
import { LOCKS } from '../platform/database/locks.js';
import { inScope, type Transaction } from '../platform/database/in-scope.js';
import type { Policy } from '../domain/policy/policy.js';
import { addDays, dateOf } from '../domain/working-days.js';
import { appendNext, type LedgerDeps } from '../platform/ledger/streams.js';
import { PolicyStore } from '../policies/policies.store.js';
import { enterFiling } from '../cases/cases.store.js';
import { placeOrder } from '../orders/orders.store.js';
import type { Wake } from '../cases/wakes.js';

export interface SuspensionPeriodDeps extends LedgerDeps {
  readonly db: DataSource;
  readonly log: Logger;
  /** Wakes the process of an order that was placed. The reconciler wakes one that this misses. */
  readonly wake?: (wake: Wake) => void;
}

/** A suspension whose end is near or past, as the table has it. */
interface Term {
  enrolmentId: string;
  studentId: string;
  schoolId: string;
  until: string;
  provinceId: string | null;
}

const AT_MOST = 500;

/**
 * What is due: no word of this suspension's end yet, or none of its expiry. A request under way that ends it (or its rejection) is
 * waited for. Provinces with their days come as rows, so that one statement serves all.
 */
const DUE = `
  select e.id as "enrolmentId", e.student_id as "studentId", e.school_id as "schoolId", to_char(e.suspended_until, 'YYYY-MM-DD') as until,
    o.province_id as "provinceId"
  from enrolment e join organisation o on o.id = e.school_id
    join unnest($1::uuid[], $2::int[], $3::int[]) as p (id, reminder, grace) on p.id is not distinct from o.province_id
    left join suspension_term t on t.enrolment_id = e.id and t.until = e.suspended_until
  where e.state = 'suspended' and (e.suspended_until <= $4::date + p.reminder and t.reminded_at is null and t.expired_at is null
      or e.suspended_until < $4::date - p.grace and t.expired_at is null)
    and not exists (select 1 from change_request r where r.student_id = e.student_id and r.state = 'open'
      and r.kind <> 'infoCorrection')
  order by e.suspended_until, e.id limit $5`;

/**
 * Suspensions expire (decision 0011). Before the end the school is reminded to file the resumption. After the days of grace, policy says
 * what follows for a student who has not returned. The pass is level-triggered on the dossier: the next one does what one misses, each once
 * by its key.
 */
export class SuspensionPeriods {
  private readonly policies = new PolicyStore();

  constructor(private readonly deps: SuspensionPeriodDeps) {}

  /** One pass; true when there may be more to do at once. */
  async pass(): Promise<boolean> {
    const done = await underAdvisoryLock(this.deps.db, LOCKS.suspensionTerms, async (lost) => {
      const today = dateOf(this.deps.clock.now());
      const [terms, policies] = await inScope(this.deps.db, 'process', (tx) => this.due(tx, today));
      const all = await eachInTurn(terms, (term) => this.one(term, policies.get(term.provinceId) as Policy, today), lost);
      return all ? terms.length : 0;
    });
    return done === AT_MOST;
  }

  private async due(tx: Transaction, today: string): Promise<[Term[], Map<string | null, Policy>]> {
    const provinces = await tx.query<{ id: string | null }[]>(`select distinct province_id as id from organisation where level = 'school'`);
    const inForce = provinces.map(async ({ id }) => [id, await this.policies.inForce(tx, id ?? undefined, today)] as const);
    const policies = new Map<string | null, Policy>(await Promise.all(inForce));
    const limits = [...policies.values()].map((policy) => policy.limits);
    const days = [limits.map((one) => one.resumptionReminderDays), limits.map((one) => one.resumptionGraceDays)];
    return [await tx.query<Term[]>(DUE, [[...policies.keys()], ...days, today, AT_MOST]), policies];
  }

  private async one(term: Term, policy: Policy, today: string): Promise<void> {
    const order = await inScope(this.deps.db, 'process', async (tx) => {
      await enterFiling(tx, 'order', [term.studentId]); // a filing that has begun is seen below, or finds the order
      await tx.query('select 1 from student where id = $1 for update', [term.studentId]);
      const [still] = await tx.query<unknown[]>(
        `select 1 from enrolment e where id = $1 and state = 'suspended' and suspended_until = $2 and not exists (
           select 1 from suspension_term t where t.enrolment_id = e.id and t.until = e.suspended_until and (t.expired_at is not null
             or t.reminded_at is not null and not $3))
           and not exists (select 1 from change_request r where r.student_id = e.student_id and r.state = 'open'
      and r.kind <> 'infoCorrection')`,
        [term.enrolmentId, term.until, isExpired(term, policy, today)],
      );
      if (!still) return undefined;
      return isExpired(term, policy, today) ? expired(tx, this.deps, term, policy, today) : remind(tx, this.deps, term);
    });
    if (order) this.deps.wake?.({ requestId: order, kind: 'ordered', of: 'order' });
  }
}

const isExpired = ({ until }: Term, { limits }: Policy, today: string): boolean => until < addDays(today, -limits.resumptionGraceDays);

/** The end is near: the school is to file the resumption. An act of the student's stream. */
async function remind(tx: Transaction, deps: SuspensionPeriodDeps, term: Term): Promise<undefined> {
  const { enrolmentId, until, schoolId } = term;
  await tell(tx, deps, term, 'resumptionReminded', { enrolmentId, until, schoolId });
  await note(tx, deps, term, 'reminded_at');
}

/**
 * Acts after the days of grace without a resumption, by policy. The school is reminded once more and its authority told, or its authority
 * orders it to file the withdrawal (A18). Returns the order, if one was placed.
 */
async function expired(
  tx: Transaction,
  deps: SuspensionPeriodDeps,
  term: Term,
  policy: Policy,
  today: string,
): Promise<string | undefined> {
  const { enrolmentId, studentId, until, schoolId } = term;
  const [school] = await tx.query<{ ancestors: string[] }[]>('select ancestors from organisation where id = $1', [schoolId]);
  const [authorityId, ...ladder] = school?.ancestors ?? [];
  const orders = policy.expiredSuspension === 'orderWithdrawal' && authorityId !== undefined;
  const order = orders
    ? await placeOrder(
        tx,
        deps,
        {
          authorityId,
          schoolId,
          studentId,
          changeKind: 'withdrawal',
          ladder,
          escalate: policy.escalate,
          dueDate: addDays(today, policy.limits.resumptionGraceDays),
          seenBy: [schoolId, authorityId, ...ladder],
        },
        { findings: `休学已于 ${until} 期满，逾期未复学。 The suspension ended on ${until}; no resumption was filed.` },
      )
    : undefined;
  const follows = order ? { follows: 'orderWithdrawal', orderId: order } : { follows: 'remind' };
  await tell(tx, deps, term, 'suspensionExpired', { enrolmentId, until, schoolId, authorityId, ...follows });
  await note(tx, deps, term, 'expired_at', order);
  return order;
}

async function tell(
  tx: Transaction,
  deps: SuspensionPeriodDeps,
  { studentId, enrolmentId, until }: Term,
  kind: string,
  body: object,
): Promise<void> {
  await appendNext(tx, deps, 'student', studentId, { kind, key: `${kind}:${enrolmentId}:${until}`, body });
}

/** What lists show; a copy of the acts. */
async function note(
  tx: Transaction,
  deps: SuspensionPeriodDeps,
  term: Term,
  column: 'reminded_at' | 'expired_at',
  order?: string,
): Promise<void> {
  await tx.query(
    `insert into suspension_term (enrolment_id, until, ${column}, order_id) values ($1,$2,$3,$4)
     on conflict (enrolment_id, until) do update set ${column} = $3, order_id = $4`,
    [term.enrolmentId, term.until, new Date(deps.clock.now()), order ?? null],
  );
}
